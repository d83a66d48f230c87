using System.Net;
using LeadCrm.Leads.Data.Migrations;
using LeadCrm.Testing;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>What the model says, the migrations make.</summary>
public sealed class MigrationTests(LeadsApp app)
{
    [Fact]
    public void The_model_says_nothing_that_no_migration_makes() => app.LacksMigration().ShouldBeFalse();

    [Fact]
    public async Task A_lead_whose_conversion_was_taken_back_by_a_copy_of_an_older_build_is_in_lists_after_the_upgrade()
    {
        var rep = app.As(TestUser.Rep);
        var company = $"Again {Guid.NewGuid():N}";
        var lead = await rep.CreateLead(new { lastName = "Again", company });
        await app.Database.Execute("update lead_signals set converted = true where lead_id = $1", Guid.Parse(lead.Id));
        async Task<int> InLists() => (await rep.Get($"/api/leads?view=all&company={company}")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().Count;
        (await InLists()).ShouldBe(0);

        foreach (var step in new SignalsOfLeadsThatAreLeadsAgain().UpOperations.OfType<SqlOperation>()) await app.Database.Execute(step.Sql);

        (await InLists()).ShouldBe(1);
    }
}
