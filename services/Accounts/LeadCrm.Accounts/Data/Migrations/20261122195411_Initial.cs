using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Accounts.Data.Migrations
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
                name: "accounts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    parent_account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    type = table.Column<string>(type: "text", nullable: true),
                    industry = table.Column<string>(type: "text", nullable: true),
                    annual_revenue = table.Column<decimal>(type: "numeric(19,4)", precision: 19, scale: 4, nullable: true),
                    revenue_currency = table.Column<string>(type: "text", nullable: true),
                    employees = table.Column<int>(type: "integer", nullable: true),
                    website = table.Column<string>(type: "text", nullable: true),
                    phone = table.Column<string>(type: "text", nullable: true),
                    other_phone = table.Column<string>(type: "text", nullable: true),
                    fax = table.Column<string>(type: "text", nullable: true),
                    billing_street = table.Column<string>(type: "text", nullable: true),
                    billing_city = table.Column<string>(type: "text", nullable: true),
                    billing_state = table.Column<string>(type: "text", nullable: true),
                    billing_postal_code = table.Column<string>(type: "text", nullable: true),
                    billing_country = table.Column<string>(type: "text", nullable: true),
                    shipping_street = table.Column<string>(type: "text", nullable: true),
                    shipping_city = table.Column<string>(type: "text", nullable: true),
                    shipping_state = table.Column<string>(type: "text", nullable: true),
                    shipping_postal_code = table.Column<string>(type: "text", nullable: true),
                    shipping_country = table.Column<string>(type: "text", nullable: true),
                    rating = table.Column<string>(type: "text", nullable: true),
                    source = table.Column<string>(type: "text", nullable: true),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    team = table.Column<string>(type: "jsonb", nullable: false),
                    primary_contact_id = table.Column<Guid>(type: "uuid", nullable: true),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_by = table.Column<Guid>(type: "uuid", nullable: true),
                    pending_conversion_id = table.Column<Guid>(type: "uuid", nullable: true),
                    match_name = table.Column<string>(type: "text", nullable: false),
                    match_domain = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accounts", x => x.id);
                    table.ForeignKey(
                        name: "fk_accounts_accounts_parent_account_id",
                        column: x => x.parent_account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "conversion_steps",
                columns: table => new
                {
                    conversion_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    contact_id = table.Column<Guid>(type: "uuid", nullable: true),
                    account_created = table.Column<bool>(type: "boolean", nullable: false),
                    contact_created = table.Column<bool>(type: "boolean", nullable: false),
                    account_version = table.Column<long>(type: "bigint", nullable: false),
                    contact_version = table.Column<long>(type: "bigint", nullable: false),
                    filled = table.Column<string>(type: "jsonb", nullable: false),
                    answer = table.Column<string>(type: "jsonb", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_conversion_steps", x => x.conversion_id);
                });

            migrationBuilder.CreateTable(
                name: "contacts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    salutation = table.Column<string>(type: "text", nullable: true),
                    first_name = table.Column<string>(type: "text", nullable: true),
                    last_name = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: true),
                    department = table.Column<string>(type: "text", nullable: true),
                    email = table.Column<string>(type: "text", nullable: true),
                    phone = table.Column<string>(type: "text", nullable: true),
                    mobile = table.Column<string>(type: "text", nullable: true),
                    fax = table.Column<string>(type: "text", nullable: true),
                    mailing_street = table.Column<string>(type: "text", nullable: true),
                    mailing_city = table.Column<string>(type: "text", nullable: true),
                    mailing_state = table.Column<string>(type: "text", nullable: true),
                    mailing_postal_code = table.Column<string>(type: "text", nullable: true),
                    mailing_country = table.Column<string>(type: "text", nullable: true),
                    description = table.Column<string>(type: "text", nullable: true),
                    source = table.Column<string>(type: "text", nullable: true),
                    do_not_call = table.Column<bool>(type: "boolean", nullable: false),
                    email_opt_out = table.Column<bool>(type: "boolean", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reports_to_id = table.Column<Guid>(type: "uuid", nullable: true),
                    further_accounts = table.Column<string>(type: "jsonb", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_by = table.Column<Guid>(type: "uuid", nullable: true),
                    pending_conversion_id = table.Column<Guid>(type: "uuid", nullable: true),
                    match_name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contacts", x => x.id);
                    table.ForeignKey(
                        name: "fk_contacts_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_contacts_contacts_reports_to_id",
                        column: x => x.reports_to_id,
                        principalTable: "contacts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_accounts_created_at",
                table: "accounts",
                column: "created_at",
                filter: "deleted_at is null and pending_conversion_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_accounts_match_domain",
                table: "accounts",
                column: "match_domain",
                filter: "deleted_at is null and pending_conversion_id is null and match_domain is not null");

            migrationBuilder.CreateIndex(
                name: "ix_accounts_match_name",
                table: "accounts",
                column: "match_name",
                filter: "deleted_at is null and pending_conversion_id is null")
                .Annotation("Npgsql:IndexOperators", new[] { "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_accounts_match_name_trgm",
                table: "accounts",
                column: "match_name")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_accounts_name_id",
                table: "accounts",
                columns: new[] { "name", "id" },
                filter: "deleted_at is null and pending_conversion_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_accounts_owner_id_name_id",
                table: "accounts",
                columns: new[] { "owner_id", "name", "id" },
                filter: "deleted_at is null and pending_conversion_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_accounts_parent_account_id",
                table: "accounts",
                column: "parent_account_id",
                filter: "parent_account_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_accounts_primary_contact_id",
                table: "accounts",
                column: "primary_contact_id",
                filter: "primary_contact_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_contacts_account_id",
                table: "contacts",
                column: "account_id",
                filter: "account_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_contacts_created_at",
                table: "contacts",
                column: "created_at",
                filter: "deleted_at is null and pending_conversion_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_contacts_email",
                table: "contacts",
                column: "email",
                filter: "deleted_at is null and pending_conversion_id is null and email is not null")
                .Annotation("Npgsql:IndexOperators", new[] { "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_contacts_further_accounts",
                table: "contacts",
                column: "further_accounts")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "jsonb_path_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_contacts_last_name_first_name_id",
                table: "contacts",
                columns: new[] { "last_name", "first_name", "id" },
                filter: "deleted_at is null and pending_conversion_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_contacts_match_name",
                table: "contacts",
                column: "match_name")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_contacts_mobile",
                table: "contacts",
                column: "mobile",
                filter: "deleted_at is null and pending_conversion_id is null and mobile is not null");

            migrationBuilder.CreateIndex(
                name: "ix_contacts_owner_id_last_name_id",
                table: "contacts",
                columns: new[] { "owner_id", "last_name", "id" },
                filter: "deleted_at is null and pending_conversion_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_contacts_phone",
                table: "contacts",
                column: "phone",
                filter: "deleted_at is null and pending_conversion_id is null and phone is not null");

            migrationBuilder.CreateIndex(
                name: "ix_contacts_reports_to_id",
                table: "contacts",
                column: "reports_to_id",
                filter: "reports_to_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_conversion_steps_account_id",
                table: "conversion_steps",
                column: "account_id",
                filter: "account_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_conversion_steps_contact_id",
                table: "conversion_steps",
                column: "contact_id",
                filter: "contact_id is not null");

            // The primary contact and its account refer to each other, so this one is checked at the commit.
            migrationBuilder.Sql("alter table accounts add constraint fk_accounts_contacts_primary_contact_id foreign key (primary_contact_id) references contacts (id) deferrable initially deferred");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("alter table accounts drop constraint fk_accounts_contacts_primary_contact_id");

            migrationBuilder.DropTable(
                name: "contacts");

            migrationBuilder.DropTable(
                name: "conversion_steps");

            migrationBuilder.DropTable(
                name: "accounts");
        }
    }
}
