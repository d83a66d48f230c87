using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Accounts.Data.Migrations
{
    /// <summary>
    /// Conversions write two hundred rows and reveal all of them in the next step: half a page has to be free for that to stay within the page, and out of every index.
    /// Names are sorted into their trigram index some at a time again, now that conversions look for them elsewhere; the list stays short for the search box.
    /// </summary>
    [DbContext(typeof(AccountsDb))]
    [Migration("20261127033800_RoomForTheNextVersion")]
    public partial class RoomForTheNextVersion : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
            alter table accounts set (fillfactor = 50);
            alter table contacts set (fillfactor = 50);
            alter table conversion_steps set (fillfactor = 50);
            alter index ix_accounts_match_name_trgm set (fastupdate = on, gin_pending_list_limit = 256);
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
            alter table accounts set (fillfactor = 75);
            alter table contacts set (fillfactor = 75);
            alter table conversion_steps set (fillfactor = 75);
            alter index ix_accounts_match_name_trgm reset (gin_pending_list_limit);
            alter index ix_accounts_match_name_trgm set (fastupdate = off);
            """);
    }
}
