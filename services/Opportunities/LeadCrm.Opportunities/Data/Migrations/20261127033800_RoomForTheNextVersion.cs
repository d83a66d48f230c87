using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Opportunities.Data.Migrations
{
    /// <summary>
    /// Conversions write two hundred rows and reveal all of them in the next step: half a page has to be free for that to stay within the page, and out of every index.
    /// </summary>
    [DbContext(typeof(OpportunitiesDb))]
    [Migration("20261127033800_RoomForTheNextVersion")]
    public partial class RoomForTheNextVersion : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
            alter table opportunities set (fillfactor = 50);
            alter table contact_roles set (fillfactor = 50);
            alter table conversion_steps set (fillfactor = 50);
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
            alter table opportunities set (fillfactor = 75);
            alter table contact_roles set (fillfactor = 75);
            alter table conversion_steps set (fillfactor = 75);
            """);
    }
}
