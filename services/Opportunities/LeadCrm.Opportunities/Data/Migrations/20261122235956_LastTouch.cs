using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Opportunities.Data.Migrations
{
    /// <inheritdoc />
    public partial class LastTouch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "opportunity_touches",
                columns: table => new
                {
                    opportunity_id = table.Column<Guid>(type: "uuid", nullable: false),
                    last_touch_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    next_activity_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_opportunity_touches", x => x.opportunity_id);
                    table.ForeignKey(
                        name: "fk_opportunity_touches_opportunities_opportunity_id",
                        column: x => x.opportunity_id,
                        principalTable: "opportunities",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_opportunity_touches_last_touch_at",
                table: "opportunity_touches",
                column: "last_touch_at");

            migrationBuilder.CreateIndex(
                name: "ix_opportunity_touches_next_activity_at",
                table: "opportunity_touches",
                column: "next_activity_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "opportunity_touches");
        }
    }
}
