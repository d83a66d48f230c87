using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Opportunities.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "account_refs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    is_deleted = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_refs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "contact_refs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    is_deleted = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contact_refs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "conversion_steps",
                columns: table => new
                {
                    conversion_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: true),
                    opportunity_id = table.Column<Guid>(type: "uuid", nullable: true),
                    contact_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created = table.Column<bool>(type: "boolean", nullable: false),
                    filled = table.Column<string>(type: "jsonb", nullable: true),
                    ready = table.Column<string>(type: "jsonb", nullable: true),
                    refused = table.Column<string>(type: "jsonb", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_conversion_steps", x => x.conversion_id);
                });

            migrationBuilder.CreateTable(
                name: "pipelines",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pipelines", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "stages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    pipeline_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    category = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    probability = table.Column<int>(type: "integer", nullable: false),
                    forecast_category = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    expected_days = table.Column<int>(type: "integer", nullable: true),
                    exit_criteria = table.Column<string[]>(type: "text[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stages", x => x.id);
                    table.ForeignKey(
                        name: "fk_stages_pipelines_pipeline_id",
                        column: x => x.pipeline_id,
                        principalTable: "pipelines",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "opportunities",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    amount = table.Column<decimal>(type: "numeric(19,4)", precision: 19, scale: 4, nullable: true),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    close_date = table.Column<DateOnly>(type: "date", nullable: false),
                    stage_id = table.Column<Guid>(type: "uuid", nullable: false),
                    stage_entered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    probability = table.Column<int>(type: "integer", nullable: false),
                    forecast_category = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    type = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    source = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    primary_campaign_id = table.Column<Guid>(type: "uuid", nullable: true),
                    next_step = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    team = table.Column<string>(type: "jsonb", nullable: false),
                    competitors = table.Column<string[]>(type: "text[]", nullable: false),
                    description = table.Column<string>(type: "character varying(32000)", maxLength: 32000, nullable: true),
                    close_reason = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_by = table.Column<Guid>(type: "uuid", nullable: true),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    pending_conversion_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_opportunities", x => x.id);
                    table.ForeignKey(
                        name: "fk_opportunities_stages_stage_id",
                        column: x => x.stage_id,
                        principalTable: "stages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "contact_roles",
                columns: table => new
                {
                    opportunity_id = table.Column<Guid>(type: "uuid", nullable: false),
                    contact_id = table.Column<Guid>(type: "uuid", nullable: false),
                    role = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    is_primary = table.Column<bool>(type: "boolean", nullable: false),
                    pending_conversion_id = table.Column<Guid>(type: "uuid", nullable: true),
                    added_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contact_roles", x => new { x.opportunity_id, x.contact_id });
                    table.ForeignKey(
                        name: "fk_contact_roles_opportunities_opportunity_id",
                        column: x => x.opportunity_id,
                        principalTable: "opportunities",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "stage_moves",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    opportunity_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    from_stage_id = table.Column<Guid>(type: "uuid", nullable: true),
                    from_stage = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    to_stage_id = table.Column<Guid>(type: "uuid", nullable: false),
                    to_stage = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    amount = table.Column<decimal>(type: "numeric(19,4)", precision: 19, scale: 4, nullable: true),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    probability = table.Column<int>(type: "integer", nullable: false),
                    days_in_from_stage = table.Column<double>(type: "double precision", nullable: true),
                    reason = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stage_moves", x => x.id);
                    table.ForeignKey(
                        name: "fk_stage_moves_opportunities_opportunity_id",
                        column: x => x.opportunity_id,
                        principalTable: "opportunities",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_contact_roles_contact_id",
                table: "contact_roles",
                column: "contact_id");

            migrationBuilder.CreateIndex(
                name: "ix_contact_roles_opportunity_id",
                table: "contact_roles",
                column: "opportunity_id",
                unique: true,
                filter: "is_primary");

            migrationBuilder.CreateIndex(
                name: "ix_conversion_steps_opportunity_id",
                table: "conversion_steps",
                column: "opportunity_id");

            migrationBuilder.CreateIndex(
                name: "ix_opportunities_account_id",
                table: "opportunities",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_opportunities_close_date_id",
                table: "opportunities",
                columns: new[] { "close_date", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_opportunities_created_at_id",
                table: "opportunities",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_opportunities_owner_id_created_at_id",
                table: "opportunities",
                columns: new[] { "owner_id", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_opportunities_stage_id_stage_entered_at",
                table: "opportunities",
                columns: new[] { "stage_id", "stage_entered_at" });

            migrationBuilder.CreateIndex(
                name: "ix_pipelines_is_default",
                table: "pipelines",
                column: "is_default",
                unique: true,
                filter: "is_default");

            migrationBuilder.CreateIndex(
                name: "ix_pipelines_name",
                table: "pipelines",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_stage_moves_opportunity_id_at",
                table: "stage_moves",
                columns: new[] { "opportunity_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_stages_pipeline_id_position",
                table: "stages",
                columns: new[] { "pipeline_id", "position" });

            migrationBuilder.Sql(SearchIndexes);
            migrationBuilder.Sql(DefaultPipeline);
        }

        // Search with typos over names (pg_trgm), by words over descriptions.
        private const string SearchIndexes = """
            create extension if not exists pg_trgm;
            create index ix_opportunities_name_trigrams on opportunities using gin (name gin_trgm_ops);
            create index ix_opportunities_description_words on opportunities using gin (to_tsvector('simple', coalesce(description, '')));
            create index ix_account_refs_name_trigrams on account_refs using gin (name gin_trgm_ops);
            """;

        private const string DefaultPipeline = """
            insert into pipelines (id, version, name, is_default, updated_at) values ('01990000-0000-7000-8000-000000000001', 1, 'Sales', true, now());
            insert into stages (id, pipeline_id, position, name, category, probability, forecast_category, expected_days, exit_criteria) values
                ('01990000-0000-7000-8000-000000000010', '01990000-0000-7000-8000-000000000001', 0, 'Prospecting',    'Open',  10, 'Pipeline', 14,   '{}'),
                ('01990000-0000-7000-8000-000000000011', '01990000-0000-7000-8000-000000000001', 1, 'Qualification',  'Open',  20, 'Pipeline', 14,   '{}'),
                ('01990000-0000-7000-8000-000000000012', '01990000-0000-7000-8000-000000000001', 2, 'Needs Analysis', 'Open',  40, 'Pipeline', 21,   '{}'),
                ('01990000-0000-7000-8000-000000000013', '01990000-0000-7000-8000-000000000001', 3, 'Proposal',       'Open',  60, 'BestCase', 21,   '{amount}'),
                ('01990000-0000-7000-8000-000000000014', '01990000-0000-7000-8000-000000000001', 4, 'Negotiation',    'Open',  80, 'Commit',   14,   '{amount}'),
                ('01990000-0000-7000-8000-000000000015', '01990000-0000-7000-8000-000000000001', 5, 'Closed Won',     'Won',  100, 'Closed',   null, '{}'),
                ('01990000-0000-7000-8000-000000000016', '01990000-0000-7000-8000-000000000001', 6, 'Closed Lost',    'Lost',   0, 'Omitted',  null, '{}');
            """;

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "account_refs");

            migrationBuilder.DropTable(
                name: "contact_refs");

            migrationBuilder.DropTable(
                name: "contact_roles");

            migrationBuilder.DropTable(
                name: "conversion_steps");

            migrationBuilder.DropTable(
                name: "stage_moves");

            migrationBuilder.DropTable(
                name: "opportunities");

            migrationBuilder.DropTable(
                name: "stages");

            migrationBuilder.DropTable(
                name: "pipelines");
        }
    }
}
