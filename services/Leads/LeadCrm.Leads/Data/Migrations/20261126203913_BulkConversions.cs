using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <inheritdoc />
    public partial class BulkConversions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_leads_conversion_id",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_leads_converting_since",
                table: "leads");

            migrationBuilder.CreateTable(
                name: "auto_conversion_rules",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    min_score = table.Column<int>(type: "integer", nullable: true),
                    grades = table.Column<string[]>(type: "text[]", nullable: false),
                    status_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    acting_user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    defaults = table.Column<string>(type: "jsonb", nullable: true),
                    on_duplicate = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_auto_conversion_rules", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "bulk_conversions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_by_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_by_name = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    plan = table.Column<string>(type: "jsonb", nullable: false),
                    rule_id = table.Column<Guid>(type: "uuid", nullable: true),
                    rule_name = table.Column<string>(type: "text", nullable: true),
                    total = table.Column<int>(type: "integer", nullable: false),
                    converted = table.Column<int>(type: "integer", nullable: false),
                    failed = table.Column<int>(type: "integer", nullable: false),
                    skipped = table.Column<int>(type: "integer", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    busy_seconds = table.Column<double>(type: "double precision", nullable: false),
                    pause_requested = table.Column<bool>(type: "boolean", nullable: false),
                    cancel_requested = table.Column<bool>(type: "boolean", nullable: false),
                    problem = table.Column<string>(type: "text", nullable: true),
                    lease_owner = table.Column<Guid>(type: "uuid", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bulk_conversions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "auto_conversion_attempts",
                columns: table => new
                {
                    rule_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_state = table.Column<string>(type: "text", nullable: false),
                    bulk_conversion_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_auto_conversion_attempts", x => new { x.lead_id, x.rule_id, x.lead_state });
                    table.ForeignKey(
                        name: "fk_auto_conversion_attempts_auto_conversion_rules_rule_id",
                        column: x => x.rule_id,
                        principalTable: "auto_conversion_rules",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_auto_conversion_attempts_leads_lead_id",
                        column: x => x.lead_id,
                        principalTable: "leads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "bulk_conversion_leads",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    bulk_conversion_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    request = table.Column<string>(type: "jsonb", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    conversion_id = table.Column<Guid>(type: "uuid", nullable: true),
                    company_key = table.Column<string>(type: "text", nullable: true),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    contact_id = table.Column<Guid>(type: "uuid", nullable: true),
                    opportunity_id = table.Column<Guid>(type: "uuid", nullable: true),
                    problem = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bulk_conversion_leads", x => x.id);
                    table.ForeignKey(
                        name: "fk_bulk_conversion_leads_bulk_conversions_bulk_conversion_id",
                        column: x => x.bulk_conversion_id,
                        principalTable: "bulk_conversions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_auto_conversion_attempts_rule_id",
                table: "auto_conversion_attempts",
                column: "rule_id");

            migrationBuilder.CreateIndex(
                name: "ix_auto_conversion_rules_name",
                table: "auto_conversion_rules",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_bulk_conversion_leads_bulk_conversion_id_company_key",
                table: "bulk_conversion_leads",
                columns: new[] { "bulk_conversion_id", "company_key" },
                filter: "company_key is not null");

            migrationBuilder.CreateIndex(
                name: "ix_bulk_conversion_leads_bulk_conversion_id_lead_id",
                table: "bulk_conversion_leads",
                columns: new[] { "bulk_conversion_id", "lead_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_bulk_conversion_leads_bulk_conversion_id_state_position",
                table: "bulk_conversion_leads",
                columns: new[] { "bulk_conversion_id", "state", "position" });

            migrationBuilder.CreateIndex(
                name: "ix_bulk_conversion_leads_conversion_id",
                table: "bulk_conversion_leads",
                column: "conversion_id",
                filter: "conversion_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_bulk_conversions_created_at_id",
                table: "bulk_conversions",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_bulk_conversions_rule_id",
                table: "bulk_conversions",
                column: "rule_id",
                filter: "rule_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_bulk_conversions_waiting",
                table: "bulk_conversions",
                column: "created_at",
                filter: "state in ('Queued', 'Running')");

            // Pages keep room for a row's next version: a conversion changes its lead once, and its own row several times, without touching an index.
            migrationBuilder.Sql("alter table leads set (fillfactor = 85); alter table conversions set (fillfactor = 60); alter table bulk_conversion_leads set (fillfactor = 70);");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "auto_conversion_attempts");

            migrationBuilder.DropTable(
                name: "bulk_conversion_leads");

            migrationBuilder.DropTable(
                name: "auto_conversion_rules");

            migrationBuilder.DropTable(
                name: "bulk_conversions");

            migrationBuilder.CreateIndex(
                name: "ix_leads_conversion_id",
                table: "leads",
                column: "conversion_id",
                unique: true,
                filter: "conversion_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_leads_converting_since",
                table: "leads",
                column: "converting_since",
                filter: "conversion = 'Converting'");
        }
    }
}
