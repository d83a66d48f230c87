using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <inheritdoc />
    public partial class CustomFields : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "custom",
                table: "leads",
                type: "jsonb",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "known_custom_fields",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    record_type = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    label = table.Column<string>(type: "text", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    is_required = table.Column<bool>(type: "boolean", nullable: false),
                    is_unique = table.Column<bool>(type: "boolean", nullable: false),
                    has_default = table.Column<bool>(type: "boolean", nullable: false),
                    min_length = table.Column<int>(type: "integer", nullable: true),
                    max_length = table.Column<int>(type: "integer", nullable: true),
                    decimals = table.Column<int>(type: "integer", nullable: true),
                    min = table.Column<decimal>(type: "numeric", nullable: true),
                    max = table.Column<decimal>(type: "numeric", nullable: true),
                    earliest = table.Column<DateOnly>(type: "date", nullable: true),
                    latest = table.Column<DateOnly>(type: "date", nullable: true),
                    options = table.Column<string[]>(type: "text[]", nullable: false),
                    is_restricted = table.Column<bool>(type: "boolean", nullable: false),
                    lookup_target = table.Column<string>(type: "text", nullable: true),
                    is_deleted = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_custom_fields", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_leads_custom",
                table: "leads",
                column: "custom",
                filter: "custom is not null")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "jsonb_path_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_known_custom_fields_record_type_key",
                table: "known_custom_fields",
                columns: new[] { "record_type", "key" });

            migrationBuilder.Sql("select platform.watch_custom_values('leads', 'lead')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "known_custom_fields");

            migrationBuilder.DropIndex(
                name: "ix_leads_custom",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "custom",
                table: "leads");
        }
    }
}
