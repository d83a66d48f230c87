using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Activities.Data.Migrations
{
    /// <inheritdoc />
    public partial class Merges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "merged_from",
                table: "item_links",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "merged_from",
                table: "follows",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "merged_records",
                columns: table => new
                {
                    record_type = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    record_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    into_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_merged_records", x => new { x.record_type, x.record_id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_item_links_merged_from",
                table: "item_links",
                column: "merged_from",
                filter: "merged_from is not null");

            migrationBuilder.CreateIndex(
                name: "ix_merged_records_record_type_into_id",
                table: "merged_records",
                columns: new[] { "record_type", "into_id" },
                filter: "into_id is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "merged_records");

            migrationBuilder.DropIndex(
                name: "ix_item_links_merged_from",
                table: "item_links");

            migrationBuilder.DropColumn(
                name: "merged_from",
                table: "item_links");

            migrationBuilder.DropColumn(
                name: "merged_from",
                table: "follows");
        }
    }
}
