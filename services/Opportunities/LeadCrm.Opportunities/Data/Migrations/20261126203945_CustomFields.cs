using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Opportunities.Data.Migrations
{
    /// <inheritdoc />
    public partial class CustomFields : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "custom",
                table: "opportunities",
                type: "jsonb",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_opportunities_custom",
                table: "opportunities",
                column: "custom",
                filter: "custom is not null")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "jsonb_path_ops" });

            migrationBuilder.Sql("select platform.watch_custom_values('opportunities', 'opportunity')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_opportunities_custom",
                table: "opportunities");

            migrationBuilder.DropColumn(
                name: "custom",
                table: "opportunities");
        }
    }
}
