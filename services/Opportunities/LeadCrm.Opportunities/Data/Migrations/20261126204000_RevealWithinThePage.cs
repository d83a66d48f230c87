using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Opportunities.Data.Migrations
{
    /// <summary>Pages keep room for a row's next version: what a conversion has made is changed once more when it is revealed.</summary>
    [DbContext(typeof(OpportunitiesDb))]
    [Migration("20261126204000_RevealWithinThePage")]
    public partial class RevealWithinThePage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
            alter table opportunities set (fillfactor = 75);
            alter table contact_roles set (fillfactor = 75);
            alter table conversion_steps set (fillfactor = 75);
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            "alter table opportunities reset (fillfactor); alter table contact_roles reset (fillfactor); alter table conversion_steps reset (fillfactor);");
    }
}
