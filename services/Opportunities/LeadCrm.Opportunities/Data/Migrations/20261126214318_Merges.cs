using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Opportunities.Data.Migrations
{
    /// <inheritdoc />
    public partial class Merges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "named_account_id",
                table: "opportunities",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "survivor_id",
                table: "contact_roles",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "merged_into_id",
                table: "contact_refs",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "merged_into_id",
                table: "account_refs",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_opportunities_named_account_id",
                table: "opportunities",
                column: "named_account_id",
                filter: "named_account_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_contact_refs_merged_into_id",
                table: "contact_refs",
                column: "merged_into_id",
                filter: "merged_into_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_account_refs_merged_into_id",
                table: "account_refs",
                column: "merged_into_id",
                filter: "merged_into_id is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_opportunities_named_account_id",
                table: "opportunities");

            migrationBuilder.DropIndex(
                name: "ix_contact_refs_merged_into_id",
                table: "contact_refs");

            migrationBuilder.DropIndex(
                name: "ix_account_refs_merged_into_id",
                table: "account_refs");

            migrationBuilder.DropColumn(
                name: "named_account_id",
                table: "opportunities");

            migrationBuilder.DropColumn(
                name: "survivor_id",
                table: "contact_roles");

            migrationBuilder.DropColumn(
                name: "merged_into_id",
                table: "contact_refs");

            migrationBuilder.DropColumn(
                name: "merged_into_id",
                table: "account_refs");
        }
    }
}
