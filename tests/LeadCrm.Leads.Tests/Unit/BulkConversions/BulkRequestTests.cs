using System.Text.Json.Nodes;
using LeadCrm.Leads.BulkConversions;
using LeadCrm.Leads.Conversion;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.BulkConversions;

/// <summary>What is different for a lead, laid over what holds for all.</summary>
public sealed class BulkRequestTests
{
    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    [Fact]
    public void C37_a_lead_gets_the_defaults_with_its_own_members_over_them()
    {
        var defaults = Json("""{ "opportunity": { "stage": "Proposal", "amount": 100 }, "overwriteLeadSource": true }""");
        var request = BulkRequests.Of(defaults, """{ "opportunity": { "amount": 250 } }""");

        request.Opportunity!.Stage.ShouldBe("Proposal");
        request.Opportunity.Amount.ShouldBe(250);
        request.OverwriteLeadSource.ShouldBeTrue();
        BulkRequests.Of(defaults, null).Opportunity!.Amount.ShouldBe(100);
    }

    [Fact]
    public void C37_null_takes_a_default_away()
    {
        var request = BulkRequests.Of(Json("""{ "opportunity": { "mode": "none" }, "convertedStatus": "Won" }"""), """{ "convertedStatus": null }""");
        request.ConvertedStatus.ShouldBeNull();
        request.Opportunity!.Mode.ShouldBe(OpportunityMode.None);
    }

    [Theory]
    [InlineData("""{ "nonsense": 1 }"""), InlineData("""{ "opportunity": { "amount": "much" } }"""), InlineData("""{ "dryRun": true }""")]
    public void C37_defaults_that_are_no_conversion_request_are_refused_by_name(string defaults)
    {
        var errors = new FieldErrors();
        BulkRequests.Check(Json(defaults), "defaults", errors);
        errors.ToDictionary().Keys.ShouldContain("defaults");
    }
}
