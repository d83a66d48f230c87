using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Activities.Data.Migrations
{
    /// <inheritdoc />
    public partial class ExternalIds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "external_id",
                table: "items",
                type: "text",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_items_external_id",
                table: "items",
                column: "external_id",
                unique: true,
                filter: "external_id is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_items_external_id",
                table: "items");

            migrationBuilder.DropColumn(
                name: "external_id",
                table: "items");
        }
    }
}
