using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Activities.Data.Migrations
{
    /// <inheritdoc />
    public partial class ConversionUndo : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_conversions_lead_id",
                table: "conversions");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "undone_at",
                table: "conversions",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "conversion_undos",
                columns: table => new
                {
                    undo_id = table.Column<Guid>(type: "uuid", nullable: false),
                    conversion_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    check = table.Column<string>(type: "jsonb", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_conversion_undos", x => x.undo_id);
                });

            migrationBuilder.CreateTable(
                name: "held_records",
                columns: table => new
                {
                    record_type = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    record_id = table.Column<Guid>(type: "uuid", nullable: false),
                    undo_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_held_records", x => new { x.record_type, x.record_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_conversions_lead_id",
                table: "conversions",
                column: "lead_id",
                filter: "undone_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_held_records_undo_id",
                table: "held_records",
                column: "undo_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "conversion_undos");

            migrationBuilder.DropTable(
                name: "held_records");

            migrationBuilder.DropIndex(
                name: "ix_conversions_lead_id",
                table: "conversions");

            migrationBuilder.DropColumn(
                name: "undone_at",
                table: "conversions");

            migrationBuilder.CreateIndex(
                name: "ix_conversions_lead_id",
                table: "conversions",
                column: "lead_id");
        }
    }
}
