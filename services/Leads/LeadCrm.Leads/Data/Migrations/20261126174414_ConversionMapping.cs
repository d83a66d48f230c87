using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <inheritdoc />
    public partial class ConversionMapping : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "conversion_mapping",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    source_to_account = table.Column<bool>(type: "boolean", nullable: false),
                    lead_without_company = table.Column<string>(type: "text", nullable: false),
                    rules = table.Column<string>(type: "jsonb", nullable: false),
                    rates = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_conversion_mapping", x => x.id);
                });

            migrationBuilder.InsertData(
                table: "conversion_mapping",
                columns: new[] { "id", "lead_without_company", "rates", "rules", "source_to_account", "version" },
                values: new object[] { new Guid("0198c000-0000-7000-8000-000000000020"), "NameAccountAfterPerson", "[]", "[]", false, 1L });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "conversion_mapping");
        }
    }
}
