using System.Net;
using LeadCrm.Activities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>When opportunities were last touched and what comes next on them, as Activities tells (AV8).</summary>
[Collection(nameof(OneApp))]
public sealed class Last_touch(OpportunitiesApp app)
{
    private static readonly DateTimeOffset Touched = new(2031, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task AV8_opportunities_are_filtered_and_sorted_by_last_touch_and_next_activity()
    {
        var account = await app.Account();
        var (touched, untouched) = (await app.Deal(accountId: account), await app.Deal(accountId: account));
        await using var bus = await TestBus.Connect(app.Broker);

        await bus.Publish(State(touched.Id, 5, Touched));
        await bus.Publish(new RecordActivitiesChanged { Records = [State(touched.Id, 4, Touched.AddDays(9))] });
        await Eventually.Is(async () => (await Ids("lastTouchAt[gte]=2031-01-02")).Length == 1);

        (await Ids("lastTouchAt[lt]=2031-01-03")).ShouldBe([touched.Id]);
        (await Ids("nextActivityAt[gte]=2031-01-09&sort=nextActivityAt")).ShouldBe([touched.Id]);
        (await Ids("lastTouchAt=")).ShouldBe([untouched.Id]);
        (await app.Rep.Get($"/api/opportunities/{touched.Id}")).ETag.ShouldBe(touched.ETag);

        async Task<Guid[]> Ids(string query) =>
            [.. (await app.Rep.Get($"/api/opportunities?accountId={account}&{query}")).ShouldBe(HttpStatusCode.OK)["items"].Items().Select(item => item.GetProperty("id").GetGuid())];
    }

    private static RecordActivityChanged State(Guid id, long version, DateTimeOffset touched) =>
        new() { RecordType = "opportunity", RecordId = id, Version = version, LastTouchAt = touched, NextActivityAt = touched.AddDays(7) };
}
