using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <inheritdoc />
    public partial class ExternalIdsAndSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "external_id",
                table: "leads",
                type: "text",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_leads_external_id",
                table: "leads",
                column: "external_id",
                unique: true,
                filter: "external_id is not null");

            // What search reads: the beginnings of names in lower case, fragments and typing errors (trigrams), words.
            migrationBuilder.Sql("create index ix_leads_begins_last_name on leads (lower(last_name) text_pattern_ops);");
            migrationBuilder.Sql("create index ix_leads_begins_company on leads (lower(company) text_pattern_ops);");
            migrationBuilder.Sql("create index ix_leads_begins_email on leads (email text_pattern_ops);");
            migrationBuilder.Sql("create index ix_leads_begins_phone on leads (phone text_pattern_ops);");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop index ix_leads_begins_last_name;");
            migrationBuilder.Sql("drop index ix_leads_begins_company;");
            migrationBuilder.Sql("drop index ix_leads_begins_email;");
            migrationBuilder.Sql("drop index ix_leads_begins_phone;");

            migrationBuilder.DropIndex(
                name: "ix_leads_external_id",
                table: "leads");

            migrationBuilder.DropColumn(
                name: "external_id",
                table: "leads");
        }
    }
}
