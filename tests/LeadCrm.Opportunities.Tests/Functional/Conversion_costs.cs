using System.Collections.Concurrent;
using System.Diagnostics;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>
/// How often a message of a conversion goes to the database. What is added here is paid by every conversion, so it is not to creep up
/// unseen. Begin travels with the first statement; the commit is one more trip that the driver does not trace.
/// </summary>
[Collection(nameof(OneApp))]
public sealed class Conversion_costs(OpportunitiesApp app)
{
    [Fact]
    public async Task C32_a_conversions_messages_take_few_round_trips_to_the_database()
    {
        var trips = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "MassTransit",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                // Pipelines are read again every few seconds, by whoever comes first then.
                if (activity.Source.Name == "Npgsql" && (activity.GetTagItem("db.query.text") as string)?.Contains("FROM pipelines", StringComparison.Ordinal) != true) trips.Add(activity);
            },
        };
        await using var bus = await TestBus.Connect(app.Broker, typeof(OpportunitiesAnswered), typeof(OpportunitiesRevealed));
        await Convert(bus);   // warms up: pipelines, prepared statements

        ActivitySource.AddActivityListener(listener);
        await Convert(bus);

        Trips("opportunities-create-or-attach-opportunity").ShouldBe(3, "inbox, step, batch of writes\n" + Statements());
        Trips("opportunities-lead-converted").ShouldBe(4, "inbox, opportunity, steps, batch of writes\n" + Statements());

        int Trips(string queue) => trips.Count(trip => Ancestors(trip).Any(a => a.DisplayName.StartsWith(queue, StringComparison.Ordinal)));
        string Statements() => string.Join('\n', trips.Select(t => string.Join(" < ", Ancestors(t).Select(a => a.DisplayName)) + ": " + t.GetTagItem("db.query.text")));
    }

    private static IEnumerable<Activity> Ancestors(Activity activity)
    {
        for (var ancestor = activity.Parent; ancestor is not null; ancestor = ancestor.Parent) yield return ancestor;
    }

    private async Task Convert(TestBus bus)
    {
        var command = new CreateOrAttachOpportunity
        {
            ConversionId = Guid.CreateVersion7(),
            LeadId = Guid.CreateVersion7(),
            ActingUserId = TestUser.Rep.Id,
            OwnerId = TestUser.Rep.Id,
            OpportunityId = Guid.CreateVersion7(),
            Create = true,
            AccountId = Guid.CreateVersion7(),
            AccountName = "Pumps Ltd",
            ContactId = Guid.CreateVersion7(),
        };
        await bus.Publish(command, TestUser.Rep);
        await bus.Next<OpportunityReady>(m => m.ConversionId == command.ConversionId);
        await bus.Publish(new LeadConverted
        {
            ConversionId = command.ConversionId,
            Lead = new LeadState { LeadId = command.LeadId, Version = 2, LastName = "Doe", Status = "Converted", StatusCategory = "converted" },
            AccountId = command.AccountId,
            AccountCreated = true,
            ContactId = command.ContactId,
            ContactCreated = true,
            OpportunityId = command.OpportunityId,
            OpportunityCreated = true,
            OwnerId = command.OwnerId,
            ActorId = command.ActingUserId,
            At = DateTimeOffset.UtcNow,
        }, TestUser.Rep);
        await bus.Next<OpportunityRevealed>(m => m.ConversionId == command.ConversionId);
    }
}
