using LeadCrm.Activities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Activities.Tests.Functional;

/// <summary>Last touch and next activity of every record (AV8).</summary>
[Collection(nameof(OneApp))]
public sealed class TouchTests(ActivitiesApp app)
{
    private Task<RecordActivityChanged> Told(Guid record, Func<RecordActivityChanged, bool> fits) => app.Bus.Next<RecordActivityChanged>(m => m.RecordId == record && fits(m));

    [Fact]
    public async Task AV8_a_call_is_a_touch_and_a_task_is_not()
    {
        var lead = await app.Lead();
        var task = await app.OpenTask(lead);
        var planned = await Told(lead, m => m.NextActivityAt is not null);
        var call = await app.Activity(new { kind = "call", subject = "Called" }, "lead", lead);

        var touched = await Told(lead, m => m.LastTouchAt is not null);

        planned.LastTouchAt.ShouldBeNull();
        planned.NextActivityAt.ShouldBe(new DateTimeOffset(task["dueOn"].GetDateTime(), TimeSpan.Zero));
        touched.LastTouchAt!.Value.ShouldBe(call["happenedAt"].GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        touched.RecordType.ShouldBe("lead");
        touched.Version.ShouldBeGreaterThan(planned.Version);
    }

    [Fact]
    public async Task AV8_a_completed_task_is_no_longer_what_comes_next()
    {
        var lead = await app.Lead();
        var task = await app.OpenTask(lead);
        var planned = await Told(lead, m => m.NextActivityAt is not null);

        await app.Rep.Patch($"/api/activities/{task.Id}", new { status = "completed" }, task.ETag);

        (await Told(lead, m => m.Version > planned.Version)).NextActivityAt.ShouldBeNull();
    }

    [Fact]
    public async Task AV8_an_event_is_what_comes_next_until_it_begins_and_a_touch_once_it_is_over()
    {
        var lead = await app.Lead();
        // Late enough that it is told of before it begins, also by a machine that does much else.
        var (starts, ends) = (DateTimeOffset.UtcNow.AddSeconds(5), DateTimeOffset.UtcNow.AddSeconds(6));
        await app.Activity(new { kind = "event", subject = "Short", startsAt = starts, endsAt = ends }, "lead", lead);

        var held = await Told(lead, m => m.LastTouchAt is not null);

        held.LastTouchAt!.Value.ShouldBe(starts, TimeSpan.FromMilliseconds(1));
        held.NextActivityAt.ShouldBeNull();
        DateTimeOffset.UtcNow.ShouldBeGreaterThan(ends);
        app.Bus.All<RecordActivityChanged>().ShouldContain(m => m.RecordId == lead && m.NextActivityAt != null);
    }

    [Fact]
    public async Task AV8_deleting_the_only_call_takes_the_touch_back()
    {
        var lead = await app.Lead();
        var call = await app.Activity(new { kind = "call", subject = "Called" }, "lead", lead);
        var touched = await Told(lead, m => m.LastTouchAt is not null);

        await app.Rep.Delete($"/api/activities/{call.Id}", call.ETag);

        (await Told(lead, m => m.Version > touched.Version)).LastTouchAt.ShouldBeNull();
    }
}
