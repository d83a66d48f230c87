using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Opportunities.Data.Migrations
{
    /// <summary>
    /// Lists search what the search box searches, so the two indexes that served lists alone go. Nobody filters by what is said in JSON documents: statistics about
    /// them cost as much as those of all other columns together.
    /// </summary>
    [DbContext(typeof(OpportunitiesDb))]
    [Migration("20261127104000_OneSearch")]
    public partial class OneSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql($"""
            {GeneratedOnce.Add("opportunities")}
            drop index ix_opportunities_name_trigrams;
            drop index ix_opportunities_description_words;
            alter table conversion_steps alter column ready set statistics 0, alter column refused set statistics 0, alter column filled set statistics 0;
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql($"""
            {GeneratedOnce.Drop("opportunities")}
            create index ix_opportunities_name_trigrams on opportunities using gin (name gin_trgm_ops);
            create index ix_opportunities_description_words on opportunities using gin (to_tsvector('simple', coalesce(description, '')));
            alter table conversion_steps alter column ready set statistics default, alter column refused set statistics default, alter column filled set statistics default;
            """);
    }
}
