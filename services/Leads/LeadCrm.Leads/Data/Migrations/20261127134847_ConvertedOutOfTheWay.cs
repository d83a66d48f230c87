using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <summary>Lists that leave converted leads out walk along indexes that do, too. What was converted before is said once here.</summary>
    public partial class ConvertedOutOfTheWay : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_leads_owner_id_created_at_id",
                table: "leads");

            migrationBuilder.AddColumn<bool>(
                name: "converted",
                table: "lead_signals",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.Sql("update lead_signals s set converted = true from leads l where l.id = s.lead_id and l.converted_at is not null;");

            migrationBuilder.CreateIndex(
                name: "ix_leads_created_at_id1",
                table: "leads",
                columns: new[] { "created_at", "id" },
                filter: "converted_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_leads_owner_id_created_at_id",
                table: "leads",
                columns: new[] { "owner_id", "created_at", "id" },
                filter: "converted_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_lead_signals_score_lead_id1",
                table: "lead_signals",
                columns: new[] { "score", "lead_id" },
                filter: "not converted");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_leads_created_at_id1",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_leads_owner_id_created_at_id",
                table: "leads");

            migrationBuilder.DropIndex(
                name: "ix_lead_signals_score_lead_id1",
                table: "lead_signals");

            migrationBuilder.DropColumn(
                name: "converted",
                table: "lead_signals");

            migrationBuilder.CreateIndex(
                name: "ix_leads_owner_id_created_at_id",
                table: "leads",
                columns: new[] { "owner_id", "created_at", "id" });
        }
    }
}
