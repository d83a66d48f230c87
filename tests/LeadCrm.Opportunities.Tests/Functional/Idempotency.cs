using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>How long an Idempotency-Key is kept and what is kept with it: what all services have from ServiceDefaults, on one of them.</summary>
public sealed class Idempotency(Idempotency.OwnApp app) : IClassFixture<Idempotency.OwnApp>
{
    public sealed class OwnApp : OpportunitiesApp;

    [Fact]
    public async Task A_5xx_is_never_stored_so_that_the_same_key_succeeds_when_the_reason_is_gone()
    {
        var (account, key) = (app.Accounts.Account("Unheard of"), Guid.NewGuid().ToString());
        app.Accounts.IsBroken = true;
        try
        {
            (await Create(account, key)).ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await Create(account, key)).ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await Keys(key)).ShouldBe(0);
        }
        finally
        {
            app.Accounts.IsBroken = false;
        }

        var created = (await Create(account, key)).ShouldBe(HttpStatusCode.Created);
        (await Create(account, key)).ShouldBe(HttpStatusCode.Created).Id.ShouldBe(created.Id);
    }

    [Fact]
    public async Task A_key_is_kept_for_24_hours_and_then_forgotten()
    {
        var (account, young, old) = (await app.Account(), Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        var (kept, forgotten) = ((await Create(account, young)).Id, (await Create(account, old)).Id);
        await Age(young, "23 hours 55 minutes");
        await Age(old, "24 hours 5 minutes");

        await using var replica = await app.StartReplica(withBroker: false);   // each looks when it starts, and every ten minutes

        await Eventually.Is(async () => await Keys(old) == 0, "the old key is forgotten");
        (await Create(account, young)).ShouldBe(HttpStatusCode.Created).Id.ShouldBe(kept);
        (await Create(account, old)).ShouldBe(HttpStatusCode.Created).Id.ShouldNotBe(forgotten);
    }

    private Task<Answer> Create(Guid account, string key) => app.Rep.Post("/api/opportunities", new { name = "Ten pumps", accountId = account }, idempotencyKey: key);

    private Task<long> Keys(string key) => app.Database.Scalar<long>("select count(*) from platform.idempotency_keys where key = $1", key);

    private Task<int> Age(string key, string by) => app.Database.Execute($"update platform.idempotency_keys set created_at = now() - interval '{by}' where key = $1", key);
}
