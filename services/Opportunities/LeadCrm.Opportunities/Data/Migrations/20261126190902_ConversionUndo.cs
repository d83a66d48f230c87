using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Opportunities.Data.Migrations
{
    /// <inheritdoc />
    public partial class ConversionUndo : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "campaign_found",
                table: "conversion_steps",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "role_added",
                table: "conversion_steps",
                type: "character varying(20)",
                maxLength: 20,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "conversion_undos",
                columns: table => new
                {
                    undo_id = table.Column<Guid>(type: "uuid", nullable: false),
                    conversion_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    opportunity_id = table.Column<Guid>(type: "uuid", nullable: true),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    contact_id = table.Column<Guid>(type: "uuid", nullable: true),
                    check = table.Column<string>(type: "jsonb", nullable: true),
                    fields = table.Column<string>(type: "jsonb", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_conversion_undos", x => x.undo_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_conversion_undos_account_id",
                table: "conversion_undos",
                column: "account_id",
                filter: "state = 'Held'");

            migrationBuilder.CreateIndex(
                name: "ix_conversion_undos_contact_id",
                table: "conversion_undos",
                column: "contact_id",
                filter: "state = 'Held'");

            migrationBuilder.CreateIndex(
                name: "ix_conversion_undos_opportunity_id",
                table: "conversion_undos",
                column: "opportunity_id",
                filter: "state = 'Held'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "conversion_undos");

            migrationBuilder.DropColumn(
                name: "campaign_found",
                table: "conversion_steps");

            migrationBuilder.DropColumn(
                name: "role_added",
                table: "conversion_steps");
        }
    }
}
