using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <inheritdoc />
    public partial class Merges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "merged_records",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    into_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_merged_records", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_leads_converted_account_id",
                table: "leads",
                column: "converted_account_id",
                filter: "converted_account_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_leads_converted_contact_id",
                table: "leads",
                column: "converted_contact_id",
                filter: "converted_contact_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_merged_records_into_id",
                table: "merged_records",
                column: "into_id",
                filter: "into_id is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "merged_records");

            migrationBuilder.DropIndex(
                name: "ix_leads_converted_account_id",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_leads_converted_contact_id",
                table: "leads");
        }
    }
}
