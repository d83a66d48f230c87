using System.Net;
using LeadCrm.Activities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>When a lead was last touched and what comes next on it, as Activities tells (AV8).</summary>
public sealed class LastTouchTests(LeadsApp app)
{
    private static readonly DateTimeOffset Touched = new(2031, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task AV8_leads_are_filtered_and_sorted_by_last_touch_and_next_activity_and_keep_their_version()
    {
        var rep = app.As(TestUser.Rep);
        var company = $"Touched {Guid.NewGuid():N}";
        var (early, late, never) = (await rep.CreateLead(new { lastName = "Early", company }), await rep.CreateLead(new { lastName = "Late", company }), await rep.CreateLead(new { lastName = "Never", company }));
        await using var bus = await TestBus.Connect(app.Broker);

        await bus.Publish(State(early, 1, Touched));
        await bus.Publish(new RecordActivitiesChanged { Records = [State(late, 2, Touched.AddDays(1)), State(never, 3, null) with { RecordType = "account" }] });
        await bus.Publish(State(late, 4, Touched.AddDays(2)));
        await bus.Publish(State(late, 3, Touched.AddDays(9)));   // an older state that comes late
        await Eventually.Is(async () => (await Names($"lastTouchAt[gte]={Touched.AddDays(2):yyyy-MM-ddTHH:mm:ssZ}")).SequenceEqual(["Late"]));
        await Eventually.Is(async () => (await Names($"lastTouchAt[gte]={Touched:yyyy-MM-ddTHH:mm:ssZ}&sort=lastTouchAt")).SequenceEqual(["Early", "Late"]));

        (await Names($"lastTouchAt[lt]={Touched.AddDays(3):yyyy-MM-ddTHH:mm:ssZ}&sort=-lastTouchAt")).ShouldBe(["Late", "Early"]);
        (await Names("lastTouchAt=")).ShouldBe(["Never"]);
        (await Names($"nextActivityAt[gte]={Touched.AddDays(7):yyyy-MM-ddTHH:mm:ssZ}&sort=nextActivityAt")).ShouldBe(["Early", "Late"]);
        (await rep.Get($"/api/leads/{late.Id}")).ETag.ShouldBe(late.ETag);

        async Task<string[]> Names(string query) =>
            [.. (await rep.Get($"/api/leads?company={company}&{query}")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().Select(item => item!["lastName"]!.GetValue<string>())];
    }

    private static RecordActivityChanged State(Answer lead, long version, DateTimeOffset? touched) => new()
    {
        RecordType = "lead", RecordId = Guid.Parse(lead.Id), Version = version, LastTouchAt = touched, NextActivityAt = touched?.AddDays(7),
    };
}
