using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <summary>
    /// A bulk conversion locks two hundred leads at once, mostly neighbours that came in together: half a page has to be free for all of them to stay within the page,
    /// and out of twenty-three indexes.
    /// </summary>
    [DbContext(typeof(LeadsDb))]
    [Migration("20261127084000_RoomForLocks")]
    public partial class RoomForLocks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("alter table leads set (fillfactor = 50);");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("alter table leads set (fillfactor = 85);");
    }
}
