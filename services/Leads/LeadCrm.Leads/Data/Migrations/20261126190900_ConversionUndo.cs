using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <inheritdoc />
    public partial class ConversionUndo : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "undo_id",
                table: "leads",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "conversion_undos",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    conversion_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lead_id = table.Column<Guid>(type: "uuid", nullable: false),
                    acting_user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    begun = table.Column<string>(type: "jsonb", nullable: false),
                    held = table.Column<string>(type: "jsonb", nullable: false),
                    released = table.Column<string>(type: "jsonb", nullable: false),
                    done = table.Column<string>(type: "jsonb", nullable: false),
                    failure = table.Column<string>(type: "jsonb", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    deadline_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    resend_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    resends = table.Column<int>(type: "integer", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_conversion_undos", x => x.id);
                    table.ForeignKey(
                        name: "fk_conversion_undos_conversions_conversion_id",
                        column: x => x.conversion_id,
                        principalTable: "conversions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_conversion_undos_leads_lead_id",
                        column: x => x.lead_id,
                        principalTable: "leads",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_conversion_undos_conversion_id_id",
                table: "conversion_undos",
                columns: new[] { "conversion_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_conversion_undos_live_lead",
                table: "conversion_undos",
                column: "lead_id",
                unique: true,
                filter: "finished_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_conversion_undos_undone",
                table: "conversion_undos",
                column: "conversion_id",
                unique: true,
                filter: "state = 'Undone'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "conversion_undos");

            migrationBuilder.DropColumn(
                name: "undo_id",
                table: "leads");
        }
    }
}
