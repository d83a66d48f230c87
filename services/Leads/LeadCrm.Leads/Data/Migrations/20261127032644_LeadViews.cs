using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <inheritdoc />
    public partial class LeadViews : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "lead_settings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    stale_after_days = table.Column<int>(type: "integer", nullable: false),
                    overdue_after_days = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_settings", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "lead_view_pins",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    view = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_view_pins", x => new { x.user_id, x.view });
                });

            migrationBuilder.CreateTable(
                name: "lead_views",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    filter = table.Column<string>(type: "jsonb", nullable: false),
                    sort = table.Column<string>(type: "text", nullable: true),
                    columns = table.Column<string[]>(type: "text[]", nullable: false),
                    is_for_everyone = table.Column<bool>(type: "boolean", nullable: false),
                    user_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    team_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_views", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "lead_visits",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lead_visits", x => new { x.user_id, x.lead_id });
                    table.ForeignKey(
                        name: "fk_lead_visits_leads_lead_id",
                        column: x => x.lead_id,
                        principalTable: "leads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "lead_settings",
                columns: new[] { "id", "overdue_after_days", "stale_after_days", "version" },
                values: new object[] { new Guid("0198a000-0000-7000-8000-0000000005e7"), 14, 7, 1L });

            migrationBuilder.CreateIndex(
                name: "ix_lead_views_owner_id_name",
                table: "lead_views",
                columns: new[] { "owner_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_lead_visits_lead_id",
                table: "lead_visits",
                column: "lead_id");

            migrationBuilder.CreateIndex(
                name: "ix_lead_visits_user_id_at",
                table: "lead_visits",
                columns: new[] { "user_id", "at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "lead_settings");

            migrationBuilder.DropTable(
                name: "lead_view_pins");

            migrationBuilder.DropTable(
                name: "lead_views");

            migrationBuilder.DropTable(
                name: "lead_visits");
        }
    }
}
