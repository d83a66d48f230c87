using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LeadCrm.Leads.Data.Migrations
{
    /// <summary>
    /// While another build took the place of the one before <see cref="ConvertedOutOfTheWay"/>, a copy of that one may have taken a conversion back, of whose mark beside the lead it knew nothing: the lead was
    /// one again, and in no list. The same for what it converted, which only cost time.
    /// </summary>
    [DbContext(typeof(LeadsDb))]
    [Migration("20261127170000_SignalsOfLeadsThatAreLeadsAgain")]
    public partial class SignalsOfLeadsThatAreLeadsAgain : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
            update lead_signals s set converted = l.converted_at is not null from leads l
            where l.id = s.lead_id and s.converted is distinct from (l.converted_at is not null);
            """);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // What was wrong before is not made wrong again.
        }
    }
}
