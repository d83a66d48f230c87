using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <inheritdoc />
    public partial class LastTouch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "activity_version",
                table: "lead_signals",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "last_touch_at",
                table: "lead_signals",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "next_activity_at",
                table: "lead_signals",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_lead_signals_last_touch_at_lead_id",
                table: "lead_signals",
                columns: new[] { "last_touch_at", "lead_id" });

            migrationBuilder.CreateIndex(
                name: "ix_lead_signals_next_activity_at_lead_id",
                table: "lead_signals",
                columns: new[] { "next_activity_at", "lead_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_lead_signals_last_touch_at_lead_id",
                table: "lead_signals");

            migrationBuilder.DropIndex(
                name: "ix_lead_signals_next_activity_at_lead_id",
                table: "lead_signals");

            migrationBuilder.DropColumn(
                name: "activity_version",
                table: "lead_signals");

            migrationBuilder.DropColumn(
                name: "last_touch_at",
                table: "lead_signals");

            migrationBuilder.DropColumn(
                name: "next_activity_at",
                table: "lead_signals");
        }
    }
}
