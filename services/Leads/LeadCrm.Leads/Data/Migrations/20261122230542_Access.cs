using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <inheritdoc />
    public partial class Access : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_leads_owner_id_created_at_id",
                table: "leads",
                columns: new[] { "owner_id", "created_at", "id" });

            // Members of queues that are there already see what those hold from the start.
            migrationBuilder.Sql("""
                insert into platform.queue_members (queue_id, version, name, members, is_deleted)
                select id, version, name, members, false from lead_queues on conflict do nothing;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_leads_owner_id_created_at_id",
                table: "leads");
        }
    }
}
