using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <inheritdoc />
    public partial class CarriedOver : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "activities",
                table: "conversions",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "frozen",
                table: "conversions",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "memberships",
                table: "conversions",
                type: "jsonb",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "activities",
                table: "conversions");

            migrationBuilder.DropColumn(
                name: "frozen",
                table: "conversions");

            migrationBuilder.DropColumn(
                name: "memberships",
                table: "conversions");
        }
    }
}
