using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Campaigns.Data.Migrations
{
    /// <inheritdoc />
    public partial class Merges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "contact_merges",
                columns: table => new
                {
                    contact_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    into_id = table.Column<Guid>(type: "uuid", nullable: true),
                    moved_to = table.Column<Guid>(type: "uuid", nullable: true),
                    audit = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contact_merges", x => x.contact_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_contact_merges_into_id",
                table: "contact_merges",
                column: "into_id",
                filter: "into_id is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "contact_merges");
        }
    }
}
