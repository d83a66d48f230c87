using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Campaigns.Data.Migrations
{
    /// <inheritdoc />
    public partial class ConversionUndo : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_lead_conversions_lead_id_at",
                table: "lead_conversions");

            migrationBuilder.AddColumn<string>(
                name: "audit",
                table: "lead_conversions",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "undone_at",
                table: "lead_conversions",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "conversion_undos",
                columns: table => new
                {
                    undo_id = table.Column<Guid>(type: "uuid", nullable: false),
                    conversion_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    contact_id = table.Column<Guid>(type: "uuid", nullable: true),
                    answer = table.Column<string>(type: "jsonb", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_conversion_undos", x => x.undo_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_lead_conversions_lead_id_at",
                table: "lead_conversions",
                columns: new[] { "lead_id", "at" },
                filter: "undone_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_conversion_undos_contact_id",
                table: "conversion_undos",
                column: "contact_id",
                filter: "state = 'Held'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "conversion_undos");

            migrationBuilder.DropIndex(
                name: "ix_lead_conversions_lead_id_at",
                table: "lead_conversions");

            migrationBuilder.DropColumn(
                name: "audit",
                table: "lead_conversions");

            migrationBuilder.DropColumn(
                name: "undone_at",
                table: "lead_conversions");

            migrationBuilder.CreateIndex(
                name: "ix_lead_conversions_lead_id_at",
                table: "lead_conversions",
                columns: new[] { "lead_id", "at" });
        }
    }
}
