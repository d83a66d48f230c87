using System;
using Microsoft.EntityFrameworkCore.Migrations;
using NpgsqlTypes;

#nullable disable

namespace LeadCrm.Campaigns.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:PostgresExtension:pg_trgm", ",,");

            migrationBuilder.CreateTable(
                name: "campaigns",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    type = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<string>(type: "text", nullable: false),
                    parent_campaign_id = table.Column<Guid>(type: "uuid", nullable: true),
                    starts_on = table.Column<DateOnly>(type: "date", nullable: true),
                    ends_on = table.Column<DateOnly>(type: "date", nullable: true),
                    expected_response = table.Column<decimal>(type: "numeric(5,2)", precision: 5, scale: 2, nullable: true),
                    budget = table.Column<decimal>(type: "numeric(19,4)", precision: 19, scale: 4, nullable: true),
                    actual_cost = table.Column<decimal>(type: "numeric(19,4)", precision: 19, scale: 4, nullable: true),
                    currency = table.Column<string>(type: "text", nullable: true),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    external_id = table.Column<string>(type: "text", nullable: true),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_by = table.Column<Guid>(type: "uuid", nullable: true),
                    search_text = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(name || ' ' || coalesce(type, ''))", stored: true),
                    search_vector = table.Column<NpgsqlTsVector>(type: "tsvector", nullable: true, computedColumnSql: "to_tsvector('simple', name || ' ' || coalesce(type, '') || ' ' || coalesce(description, ''))", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_campaigns", x => x.id);
                    table.ForeignKey(
                        name: "fk_campaigns_campaigns_parent_campaign_id",
                        column: x => x.parent_campaign_id,
                        principalTable: "campaigns",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "lead_conversions",
                columns: table => new
                {
                    conversion_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    contact_id = table.Column<Guid>(type: "uuid", nullable: false),
                    opportunity_id = table.Column<Guid>(type: "uuid", nullable: true),
                    moved = table.Column<int>(type: "integer", nullable: false),
                    merged = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_conversions", x => x.conversion_id);
                });

            migrationBuilder.CreateTable(
                name: "opportunity_refs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    stage = table.Column<string>(type: "text", nullable: false),
                    stage_category = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<decimal>(type: "numeric(19,4)", precision: 19, scale: 4, nullable: true),
                    currency = table.Column<string>(type: "text", nullable: false),
                    close_date = table.Column<DateOnly>(type: "date", nullable: false),
                    primary_campaign_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_opportunity_refs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "campaign_influence",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    opportunity_id = table.Column<Guid>(type: "uuid", nullable: false),
                    campaign_id = table.Column<Guid>(type: "uuid", nullable: false),
                    contact_id = table.Column<Guid>(type: "uuid", nullable: true),
                    conversion_id = table.Column<Guid>(type: "uuid", nullable: true),
                    joined_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    first_responded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    is_primary_source = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_campaign_influence", x => x.id);
                    table.ForeignKey(
                        name: "fk_campaign_influence_campaigns_campaign_id",
                        column: x => x.campaign_id,
                        principalTable: "campaigns",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "member_statuses",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    campaign_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    is_responded = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_member_statuses", x => x.id);
                    table.ForeignKey(
                        name: "fk_member_statuses_campaigns_campaign_id",
                        column: x => x.campaign_id,
                        principalTable: "campaigns",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "campaign_members",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    campaign_id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_type = table.Column<string>(type: "text", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    status_id = table.Column<Guid>(type: "uuid", nullable: false),
                    first_responded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_by = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_campaign_members", x => x.id);
                    table.CheckConstraint("ck_campaign_members_person_type", "person_type in ('lead', 'contact')");
                    table.ForeignKey(
                        name: "fk_campaign_members_campaigns_campaign_id",
                        column: x => x.campaign_id,
                        principalTable: "campaigns",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_campaign_members_member_statuses_status_id",
                        column: x => x.status_id,
                        principalTable: "member_statuses",
                        principalColumn: "id");
                });

            migrationBuilder.CreateIndex(
                name: "ix_campaign_influence_campaign_id",
                table: "campaign_influence",
                column: "campaign_id");

            migrationBuilder.CreateIndex(
                name: "ix_campaign_influence_opportunity_id_campaign_id",
                table: "campaign_influence",
                columns: new[] { "opportunity_id", "campaign_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_campaign_influence_primary",
                table: "campaign_influence",
                column: "opportunity_id",
                unique: true,
                filter: "is_primary_source");

            migrationBuilder.CreateIndex(
                name: "ix_campaign_members_campaign_id_created_at_id",
                table: "campaign_members",
                columns: new[] { "campaign_id", "created_at", "id" },
                filter: "deleted_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_campaign_members_campaign_id_person_type_person_id",
                table: "campaign_members",
                columns: new[] { "campaign_id", "person_type", "person_id" },
                unique: true,
                filter: "deleted_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_campaign_members_deleted_at",
                table: "campaign_members",
                column: "deleted_at",
                filter: "deleted_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_campaign_members_person_id_person_type",
                table: "campaign_members",
                columns: new[] { "person_id", "person_type" });

            migrationBuilder.CreateIndex(
                name: "ix_campaign_members_status_id",
                table: "campaign_members",
                column: "status_id");

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_created_at",
                table: "campaigns",
                column: "created_at",
                filter: "deleted_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_deleted_at",
                table: "campaigns",
                column: "deleted_at",
                filter: "deleted_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_external_id",
                table: "campaigns",
                column: "external_id",
                unique: true,
                filter: "external_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_name_id",
                table: "campaigns",
                columns: new[] { "name", "id" },
                filter: "deleted_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_owner_id_name_id",
                table: "campaigns",
                columns: new[] { "owner_id", "name", "id" },
                filter: "deleted_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_parent_campaign_id",
                table: "campaigns",
                column: "parent_campaign_id",
                filter: "parent_campaign_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_search_text",
                table: "campaigns",
                column: "search_text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_campaigns_search_vector",
                table: "campaigns",
                column: "search_vector")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_lead_conversions_lead_id_at",
                table: "lead_conversions",
                columns: new[] { "lead_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_member_statuses_campaign_id",
                table: "member_statuses",
                column: "campaign_id");

            // Checked at the commit, so that two statuses may swap their names, another one become the default, and a removed one go before its members.
            migrationBuilder.Sql("""
                alter table member_statuses add constraint member_statuses_name
                    exclude using btree (campaign_id with =, lower(name) with =) deferrable initially deferred;
                alter table member_statuses add constraint member_statuses_default
                    exclude using btree (campaign_id with =) where (is_default) deferrable initially deferred;
                alter table campaign_members alter constraint fk_campaign_members_member_statuses_status_id deferrable initially deferred;
                """);

            // What people begin to type when they search.
            migrationBuilder.Sql("create index ix_campaigns_lower_name on campaigns (lower(name) text_pattern_ops) where deleted_at is null");

            // Ids as the services make them (UUIDv7), for statements that write many rows. PostgreSQL has a function for it from version 18 on.
            migrationBuilder.Sql("""
                create function new_id(at timestamptz) returns uuid language sql volatile parallel safe as $$
                    select encode(set_bit(set_bit(
                        overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from at) * 1000)::bigint) from 3) from 1 for 6),
                        52, 1), 53, 1), 'hex')::uuid
                $$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop function new_id(timestamptz)");

            migrationBuilder.DropTable(
                name: "campaign_influence");

            migrationBuilder.DropTable(
                name: "campaign_members");

            migrationBuilder.DropTable(
                name: "lead_conversions");

            migrationBuilder.DropTable(
                name: "opportunity_refs");

            migrationBuilder.DropTable(
                name: "member_statuses");

            migrationBuilder.DropTable(
                name: "campaigns");
        }
    }
}
