using System.Net;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>On an app of its own, for it changes what every new deal begins with.</summary>
public sealed class Default_pipeline(Default_pipeline.OwnApp app) : IClassFixture<Default_pipeline.OwnApp>
{
    public sealed class OwnApp : OpportunitiesApp;

    [Fact]
    public async Task OP2_making_a_pipeline_the_default_takes_it_from_the_other()
    {
        var added = (await app.Admin.Post("/api/opportunities/pipelines", new
        {
            name = "Fast", isDefault = true,
            stages = new object[] { new { name = "Offer", category = "open" }, new { name = "Yes", category = "won" }, new { name = "No", category = "lost" } },
        })).ShouldBe(HttpStatusCode.Created);

        (await app.Rep.Get("/api/opportunities/stages")).Body.Items().Where(p => p.GetProperty("isDefault").GetBoolean())
            .ShouldHaveSingleItem().GetProperty("id").GetGuid().ShouldBe(added.Id);
        (await app.Deal())["stage"].GetString().ShouldBe("Offer");
        (await app.Admin.Delete($"/api/opportunities/pipelines/{added.Id}", added.ETag)).ShouldBe(HttpStatusCode.Conflict).Type.ShouldBe("urn:leadcrm:default-pipeline");
    }
}
