using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace LeadCrm.Leads.Data.Migrations
{
    /// <inheritdoc />
    public partial class PickLists : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "first_response_hours",
                table: "lead_settings",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "pick_list_values",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    list = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    sort = table.Column<int>(type: "integer", nullable: false),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    former_names = table.Column<string[]>(type: "text[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pick_list_values", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "pick_list_renames",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    list = table.Column<string>(type: "text", nullable: false),
                    from = table.Column<string>(type: "text", nullable: false),
                    value_id = table.Column<Guid>(type: "uuid", nullable: false),
                    by_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    after = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pick_list_renames", x => x.id);
                    table.ForeignKey(
                        name: "fk_pick_list_renames_pick_list_values_value_id",
                        column: x => x.value_id,
                        principalTable: "pick_list_values",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.UpdateData(
                table: "lead_settings",
                keyColumn: "id",
                keyValue: new Guid("0198a000-0000-7000-8000-0000000005e7"),
                column: "first_response_hours",
                value: 24);

            migrationBuilder.InsertData(
                table: "pick_list_values",
                columns: new[] { "id", "former_names", "is_active", "is_default", "list", "name", "sort", "version" },
                values: new object[,]
                {
                    { new Guid("0198c100-0000-7000-8000-000000000000"), new string[0], true, false, "Source", "Web", 10, 1L },
                    { new Guid("0198c100-0000-7000-8000-000000000001"), new string[0], true, false, "Source", "Customer referral", 20, 1L },
                    { new Guid("0198c100-0000-7000-8000-000000000002"), new string[0], true, false, "Source", "Partner", 30, 1L },
                    { new Guid("0198c100-0000-7000-8000-000000000003"), new string[0], true, false, "Source", "Trade show", 40, 1L },
                    { new Guid("0198c100-0000-7000-8000-000000000004"), new string[0], true, false, "Source", "Event", 50, 1L },
                    { new Guid("0198c100-0000-7000-8000-000000000005"), new string[0], true, false, "Source", "Content download", 60, 1L },
                    { new Guid("0198c100-0000-7000-8000-000000000006"), new string[0], true, false, "Source", "LinkedIn", 70, 1L },
                    { new Guid("0198c100-0000-7000-8000-000000000007"), new string[0], true, false, "Source", "E-mail", 80, 1L },
                    { new Guid("0198c100-0000-7000-8000-000000000008"), new string[0], true, false, "Source", "Phone", 90, 1L },
                    { new Guid("0198c100-0000-7000-8000-000000000009"), new string[0], true, false, "Source", "Other", 100, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000000"), new string[0], true, false, "Industry", "Agriculture", 10, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000001"), new string[0], true, false, "Industry", "Automotive", 20, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000002"), new string[0], true, false, "Industry", "Banking", 30, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000003"), new string[0], true, false, "Industry", "Construction", 40, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000004"), new string[0], true, false, "Industry", "Consulting", 50, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000005"), new string[0], true, false, "Industry", "Consumer goods", 60, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000006"), new string[0], true, false, "Industry", "Education", 70, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000007"), new string[0], true, false, "Industry", "Energy", 80, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000008"), new string[0], true, false, "Industry", "Engineering", 90, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000009"), new string[0], true, false, "Industry", "Entertainment", 100, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000010"), new string[0], true, false, "Industry", "Finance", 110, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000011"), new string[0], true, false, "Industry", "Food and beverage", 120, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000012"), new string[0], true, false, "Industry", "Government", 130, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000013"), new string[0], true, false, "Industry", "Healthcare", 140, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000014"), new string[0], true, false, "Industry", "Hospitality", 150, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000015"), new string[0], true, false, "Industry", "Insurance", 160, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000016"), new string[0], true, false, "Industry", "Logistics", 170, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000017"), new string[0], true, false, "Industry", "Manufacturing", 180, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000018"), new string[0], true, false, "Industry", "Media", 190, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000019"), new string[0], true, false, "Industry", "Non-profit", 200, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000020"), new string[0], true, false, "Industry", "Pharmaceuticals", 210, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000021"), new string[0], true, false, "Industry", "Real estate", 220, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000022"), new string[0], true, false, "Industry", "Retail", 230, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000023"), new string[0], true, false, "Industry", "Technology", 240, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000024"), new string[0], true, false, "Industry", "Telecommunications", 250, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000025"), new string[0], true, false, "Industry", "Transport", 260, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000026"), new string[0], true, false, "Industry", "Utilities", 270, 1L },
                    { new Guid("0198c101-0000-7000-8000-000000000027"), new string[0], true, false, "Industry", "Other", 280, 1L },
                    { new Guid("0198c102-0000-7000-8000-000000000000"), new string[0], true, false, "Salutation", "Mr.", 10, 1L },
                    { new Guid("0198c102-0000-7000-8000-000000000001"), new string[0], true, false, "Salutation", "Ms.", 20, 1L },
                    { new Guid("0198c102-0000-7000-8000-000000000002"), new string[0], true, false, "Salutation", "Mrs.", 30, 1L },
                    { new Guid("0198c102-0000-7000-8000-000000000003"), new string[0], true, false, "Salutation", "Mx.", 40, 1L },
                    { new Guid("0198c102-0000-7000-8000-000000000004"), new string[0], true, false, "Salutation", "Dr.", 50, 1L },
                    { new Guid("0198c102-0000-7000-8000-000000000005"), new string[0], true, false, "Salutation", "Prof.", 60, 1L }
                });

            migrationBuilder.CreateIndex(
                name: "ix_pick_list_renames_list_from",
                table: "pick_list_renames",
                columns: new[] { "list", "from" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_pick_list_renames_value_id",
                table: "pick_list_renames",
                column: "value_id");

            migrationBuilder.CreateIndex(
                name: "ix_pick_list_values_default",
                table: "pick_list_values",
                column: "list",
                unique: true,
                filter: "is_default");

            migrationBuilder.CreateIndex(
                name: "ix_pick_list_values_list_name",
                table: "pick_list_values",
                columns: new[] { "list", "name" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "pick_list_renames");

            migrationBuilder.DropTable(
                name: "pick_list_values");

            migrationBuilder.DropColumn(
                name: "first_response_hours",
                table: "lead_settings");
        }
    }
}
