using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>What the model says, the migrations make.</summary>
public sealed class MigrationTests(LeadsApp app)
{
    [Fact]
    public void The_model_says_nothing_that_no_migration_makes() => app.LacksMigration().ShouldBeFalse();

    [Fact]
    public async Task What_a_copy_of_an_older_build_writes_of_a_lead_its_signals_follow()
    {
        var rep = app.As(TestUser.Rep);
        var company = $"Again {Guid.NewGuid():N}";
        var lead = Guid.Parse((await rep.CreateLead(new { lastName = "Again", company, country = "DE" })).Id);
        async Task<int> InLists(string more = "") => (await rep.Get($"/api/leads?view=all&company={company}{more}")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().Count;

        await app.Database.Execute("update leads set converted_at = now(), country = 'FR' where id = $1", lead);
        (await InLists()).ShouldBe(0);
        await app.Database.Execute("update leads set converted_at = null where id = $1", lead);

        (await InLists("&sort=-score")).ShouldBe(1);
        (await InLists("&sort=-score&country=FR")).ShouldBe(1);
    }
}
