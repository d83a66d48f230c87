using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <summary>
    /// No index for what is read only when a status or a process is deleted, but was written with every lead and every change of its status. And no statistics about
    /// JSON documents by which nobody filters: they cost as much as those of all other columns together.
    /// </summary>
    public partial class FewerIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_leads_held_status_id",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_leads_process_id",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_lead_status_log_from_status_id",
                table: "lead_status_log");

            migrationBuilder.DropIndex(
                name: "ix_lead_status_log_to_status_id",
                table: "lead_status_log");

            migrationBuilder.Sql(GeneratedOnce.Add("leads"));
            migrationBuilder.Sql("alter table conversions alter column accounts set statistics 0, alter column activities set statistics 0, alter column failure set statistics 0, alter column frozen set statistics 0, alter column memberships set statistics 0, alter column opportunity set statistics 0, alter column plan set statistics 0;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(GeneratedOnce.Drop("leads"));
            migrationBuilder.Sql("alter table conversions alter column accounts set statistics default, alter column activities set statistics default, alter column failure set statistics default, alter column frozen set statistics default, alter column memberships set statistics default, alter column opportunity set statistics default, alter column plan set statistics default;");

            migrationBuilder.CreateIndex(
                name: "ix_leads_held_status_id",
                table: "leads",
                column: "held_status_id");

            migrationBuilder.CreateIndex(
                name: "ix_leads_process_id",
                table: "leads",
                column: "process_id");

            migrationBuilder.CreateIndex(
                name: "ix_lead_status_log_from_status_id",
                table: "lead_status_log",
                column: "from_status_id");

            migrationBuilder.CreateIndex(
                name: "ix_lead_status_log_to_status_id",
                table: "lead_status_log",
                column: "to_status_id");
        }
    }
}
