using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>When other replicas know of custom fields (LD4); on a service of its own.</summary>
public sealed class CustomFieldReplicaTests(OwnLeadsApp app) : IClassFixture<OwnLeadsApp>
{
    private readonly HttpClient admin = app.As(TestUser.Admin);

    [Fact]
    public async Task LD4w_a_field_that_one_replica_defined_can_be_written_at_the_other_one_at_once_and_its_default_follows_within_seconds()
    {
        await using var replica = await app.StartReplica(withBroker: false);
        var other = replica.As(TestUser.Admin);
        await other.CreateLead();   // it has read the definitions

        (await admin.Post("/api/leads/custom-fields", new { key = "shade", label = "Shade", type = "text", defaultValue = "grey" })).ShouldBe(HttpStatusCode.Created);
        CustomFieldTests.Value(await other.CreateLead(CustomFieldTests.With(("shade", "red"))), "shade").ShouldBe("red");

        (await admin.Post("/api/leads/custom-fields", new { key = "tint", label = "Tint", type = "text", defaultValue = "pale" })).ShouldBe(HttpStatusCode.Created);
        await Eventually.Is(async () => CustomFieldTests.Value(await other.CreateLead(), "tint") == "pale", "the other replica fills in the default", TimeSpan.FromSeconds(5));
    }
}
