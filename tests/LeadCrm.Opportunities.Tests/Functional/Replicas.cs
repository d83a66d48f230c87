using System.Net;
using LeadCrm.Testing;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>Two copies of the service on one database.</summary>
public sealed class Replicas(Replicas.OwnApp app) : IClassFixture<Replicas.OwnApp>
{
    public sealed class OwnApp : OpportunitiesApp;

    [Fact]
    public async Task OP2_a_stage_that_one_replica_added_is_known_to_the_other_one_at_once()
    {
        await using var replica = await app.StartReplica();
        var other = new Caller(replica.As(TestUser.Rep), app);
        var account = await app.Account();
        (await other.Post("/api/opportunities", new { name = "Ten pumps", accountId = account })).ShouldBe(HttpStatusCode.Created);   // it has read the pipelines

        for (var round = 0; round < 3; round++)
        {
            var added = (await app.Admin.Post("/api/opportunities/pipelines", new
            {
                name = $"Partners {round}",
                stages = new object[] { new { name = $"Offer {round}", category = "open" }, new { name = "Yes", category = "won" }, new { name = "No", category = "lost" } },
            })).ShouldBe(HttpStatusCode.Created);
            var deal = (await app.Rep.Post("/api/opportunities", new { name = "Ten pumps", accountId = account, pipelineId = added.Id })).ShouldBe(HttpStatusCode.Created);

            // Well within the seconds for which pipelines are remembered; the news itself takes some milliseconds.
            await Eventually.Is(
                async () => (await other.Post("/api/opportunities", new { name = "Ten pumps", accountId = account, pipelineId = added.Id })).Status == HttpStatusCode.Created,
                "the other replica knows the pipeline", TimeSpan.FromSeconds(2));
            (await other.Patch($"/api/opportunities/{deal.Id}", new { nextStep = "Call them" }, deal.ETag)).ShouldBe(HttpStatusCode.OK);
        }
    }
}
