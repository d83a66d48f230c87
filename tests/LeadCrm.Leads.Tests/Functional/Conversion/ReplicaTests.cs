using System.Net;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>A Leads service of its own, so that a second copy of it disturbs nobody.</summary>
public sealed class ReplicatedConversionApp : ConversionApp;

/// <summary>Conversions with two copies of the service on one database and broker.</summary>
public sealed class ReplicaTests(ReplicatedConversionApp app) : IClassFixture<ReplicatedConversionApp>
{
    [Fact]
    public async Task C28_who_waits_at_one_replica_hears_of_what_the_other_one_finished()
    {
        await using var replica = await app.StartReplica(withBroker: false);   // every step of the saga happens in the other one

        var answer = await app.Convert(await app.NewLead(), wait: 30, replica: replica);

        answer.Status.ShouldBe(HttpStatusCode.OK, $"{answer.Body}");
        answer.State.ShouldBe("completed");
    }

    [Fact]
    public async Task C28_progress_streamed_by_one_replica_shows_what_the_other_one_does()
    {
        await using var replica = await app.StartReplica(withBroker: false);
        var lead = await app.NewLead();
        CreateAccountAndContact? asked = null;
        app.Participants.For(lead).Account = command =>
        {
            asked = command;
            return null;
        };
        var conversion = (await app.Convert(lead, replica: replica)).ConversionId;

        using var stream = await replica.As(TestUser.Rep).GetStreamAsync($"/api/leads/conversions/{conversion}/progress", TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        (await NextState(reader)).ShouldBe("accounts");
        await Eventually.Is(() => Task.FromResult(asked is not null), "Accounts was asked");
        await app.Participants.Say(Script.Ready(asked!));

        var states = new List<string>();
        while (await NextState(reader) is { } state) states.Add(state);
        states[^1].ShouldBe("completed");
    }

    [Fact]
    public async Task C31_two_replicas_share_the_steps_and_each_is_done_once()
    {
        await using var replica = await app.StartReplica();
        var leads = new List<Guid>();
        for (var i = 0; i < 24; i++) leads.Add(await app.NewLead());

        var answers = await Task.WhenAll(leads.Select((lead, i) => app.Convert(lead, wait: 60, replica: i % 2 == 0 ? replica : null)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK && answer.State == "completed");
        foreach (var lead in leads)
        {
            app.Participants.For(lead).Of<CreateAccountAndContact>().Count().ShouldBe(1);
            app.Participants.For(lead).Of<CreateOrAttachOpportunity>().Count().ShouldBe(1);
            app.Participants.For(lead).Of<LeadConverted>().Count().ShouldBe(1);
        }
    }

    [Fact]
    public async Task C30_the_same_key_at_both_replicas_is_one_conversion()
    {
        await using var replica = await app.StartReplica();
        var lead = await app.NewLead();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => app.Convert(lead, wait: 30, key: "same", replica: i % 2 == 0 ? replica : null)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK && answer.State == "completed");
        answers.Select(answer => answer.ConversionId).Distinct().Count().ShouldBe(1);
    }

    private static async Task<string?> NextState(StreamReader reader)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await reader.ReadLineAsync(deadline.Token) is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return System.Text.Json.Nodes.JsonNode.Parse(line["data: ".Length..])!["state"]!.GetValue<string>();
        return null;
    }
}
