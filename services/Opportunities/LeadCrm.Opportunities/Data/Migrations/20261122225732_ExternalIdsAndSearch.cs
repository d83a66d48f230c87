using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Opportunities.Data.Migrations
{
    /// <inheritdoc />
    public partial class ExternalIdsAndSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "external_id",
                table: "opportunities",
                type: "text",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_opportunities_external_id",
                table: "opportunities",
                column: "external_id",
                unique: true,
                filter: "external_id is not null");

            // What search reads: the beginnings of names in lower case, fragments and typing errors (trigrams), words.
            migrationBuilder.Sql("alter table opportunities add column search_text text generated always as (lower(coalesce(name, ''))) stored;");
            migrationBuilder.Sql("alter table opportunities add column search_vector tsvector generated always as (to_tsvector('simple', coalesce(name, '') || ' ' || coalesce(next_step, '') || ' ' || coalesce(left(description, 4000), ''))) stored;");
            migrationBuilder.Sql("create index ix_opportunities_search_text on opportunities using gin (search_text gin_trgm_ops);");
            migrationBuilder.Sql("create index ix_opportunities_search_vector on opportunities using gin (search_vector);");
            migrationBuilder.Sql("create index ix_opportunities_begins_name on opportunities (lower(name) text_pattern_ops);");
            migrationBuilder.Sql("create index ix_account_refs_begins_name on account_refs (lower(name) text_pattern_ops);");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop index ix_opportunities_search_text;");
            migrationBuilder.Sql("drop index ix_opportunities_search_vector;");
            migrationBuilder.Sql("drop index ix_opportunities_begins_name;");
            migrationBuilder.Sql("drop index ix_account_refs_begins_name;");
            migrationBuilder.Sql("alter table opportunities drop column search_text;");
            migrationBuilder.Sql("alter table opportunities drop column search_vector;");

            migrationBuilder.DropIndex(
                name: "ix_opportunities_external_id",
                table: "opportunities");

            migrationBuilder.DropColumn(
                name: "external_id",
                table: "opportunities");
        }
    }
}
