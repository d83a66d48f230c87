using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Accounts.Data.Migrations
{
    /// <summary>
    /// Updates of many rows parse the generated columns once. And nobody filters by what is said in the JSON document of a step: statistics about it cost as much as those of all other columns together.
    /// </summary>
    [DbContext(typeof(AccountsDb))]
    [Migration("20261127104000_CheaperUpdates")]
    public partial class CheaperUpdates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql($"""
            {GeneratedOnce.Add("accounts")}
            {GeneratedOnce.Add("contacts")}
            alter table conversion_steps alter column answer set statistics 0, alter column filled set statistics 0;
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql($"""
            {GeneratedOnce.Drop("accounts")}
            {GeneratedOnce.Drop("contacts")}
            alter table conversion_steps alter column answer set statistics default, alter column filled set statistics default;
            """);
    }
}
