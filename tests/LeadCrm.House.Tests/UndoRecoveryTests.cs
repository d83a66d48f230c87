using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.House.Tests;

/// <summary>Services that stop in the middle of an undo, and messages that come late or twice (C35).</summary>
[Collection(nameof(InOneHouse))]
public sealed class UndoRecoveryTests(House house)
{
    [Theory, InlineData("accounts"), InlineData("opportunities"), InlineData("activities"), InlineData("campaigns")]
    public async Task C35i_with_a_participant_away_the_undo_waits_for_it_and_is_completed(string service)
    {
        var lead = await house.NewLead();
        var conversion = await house.Convert(lead);
        var room = house.Rooms.Single(r => r.Service == service);
        await room.Stop();
        Guid undo;
        try
        {
            var preview = (await house.Undo(IdOf(conversion), new { dryRun = true })).Expect(HttpStatusCode.OK).Body!;
            preview["notAsked"]!.AsArray().Select(s => s!.GetValue<string>()).ShouldBe([service]);
            undo = (await house.Undo(IdOf(conversion), wait: 1)).Expect(HttpStatusCode.Accepted).Body!["undoId"]!.GetValue<Guid>();
            (await house.Leads.Get($"/api/leads/conversion-undos/{undo}"))!["state"]!.GetValue<string>().ShouldBe("holding");
            (await house.Leads.Get($"/api/leads/{lead}"))!["isConverted"]!.GetValue<bool>().ShouldBeTrue();
        }
        finally
        {
            await room.Start();
        }

        (await house.Over(undo))["state"]!.GetValue<string>().ShouldBe("undone");

        (await house.Leads.Get($"/api/leads/{lead}"))!["isConverted"]!.GetValue<bool>().ShouldBeFalse();
        (await house.Accounts.Get($"/api/accounts/{IdOf(conversion, "account")}")).ShouldBeNull();
    }

    [Fact]
    public async Task C35i_a_participant_that_stops_after_the_pivot_takes_back_its_part_when_it_is_there_again()
    {
        var lead = await house.NewLead();
        var conversion = await house.Convert(lead);
        var step = await RowLock.Of(house.Accounts, "conversion_steps", "conversion_id", IdOf(conversion));
        var undo = (await house.Undo(IdOf(conversion), wait: null)).Expect(HttpStatusCode.Accepted).Body!["undoId"]!.GetValue<Guid>();
        await Eventually.Is(() => house.Campaigns.Database.Scalar<bool>("select exists (select from conversion_undos where undo_id = $1)", undo));

        // The saga goes on as soon as Accounts holds; then Accounts stands before its last step until it is stopped.
        await step.Release();
        await Eventually.Is(() => house.Leads.Database.Scalar<bool>("select exists (select from conversion_undos where id = $1 and state in ('Finishing', 'Undone'))", undo));
        await house.Accounts.Stop();
        await step.DisposeAsync();
        await house.Accounts.Start();

        (await house.Over(undo))["state"]!.GetValue<string>().ShouldBe("undone");
        (await house.Accounts.Database.Scalar<long>("select count(*) from accounts where id = $1 and deleted_at is not null and pending_conversion_id is null", IdOf(conversion, "account"))).ShouldBe(1);
        (await house.Leads.Change(HttpMethod.Patch, $"/api/leads/{lead}", new { title = "Free" })).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task C35i_the_saga_itself_goes_on_where_it_was_when_its_service_comes_back()
    {
        var conversion = await house.Convert(await house.NewLead());
        await using var held = await RowLock.Of(house.Accounts, "conversion_steps", "conversion_id", IdOf(conversion));
        var undo = (await house.Undo(IdOf(conversion), wait: null)).Expect(HttpStatusCode.Accepted).Body!["undoId"]!.GetValue<Guid>();

        await house.Leads.Stop();
        await held.Release();
        await house.Leads.Start();

        (await house.Over(undo))["state"]!.GetValue<string>().ShouldBe("undone");
    }

    [Fact]
    public async Task C35j_a_question_that_comes_after_the_undo_was_given_up_holds_nothing()
    {
        var conversion = await house.Convert(await house.NewLead());
        var begun = Begun(conversion);
        await using var bus = await TestBus.Connect(house.Leads.Broker, typeof(ConversionUndoReleased), typeof(ConversionUndoHeld));

        await bus.Publish(new ConversionUndoGivenUp { UndoId = begun.UndoId, ConversionId = begun.ConversionId }, TestUser.Rep);
        foreach (var participant in Participants) await bus.Next<ConversionUndoReleased>(answer => answer.UndoId == begun.UndoId && answer.Participant == participant);
        await bus.Publish(begun, TestUser.Rep);
        await bus.Publish(new ConversionUndoGivenUp { UndoId = begun.UndoId, ConversionId = begun.ConversionId }, TestUser.Rep);

        await Eventually.Is(() => bus.All<ConversionUndoReleased>().Count(answer => answer.UndoId == begun.UndoId) >= 8, "the second one is answered, too");
        bus.All<ConversionUndoHeld>().ShouldNotContain(answer => answer.UndoId == begun.UndoId);
        (await house.Accounts.Get($"/api/accounts/{IdOf(conversion, "account")}"))!["provisional"]!.GetValue<bool>().ShouldBeFalse();
        (await house.Undo(IdOf(conversion))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task C35j_messages_that_are_repeated_after_the_end_change_nothing_and_get_the_same_answer()
    {
        var conversion = await house.Convert(await house.NewLead());
        await using var bus = await TestBus.Connect(house.Leads.Broker, typeof(ConversionUndoFinished), typeof(LeadConversionUndone));
        var undo = (await house.Undo(IdOf(conversion))).Expect(HttpStatusCode.OK).Body!["undoId"]!.GetValue<Guid>();
        var said = await bus.Next<LeadConversionUndone>(message => message.UndoId == undo);
        var version = await house.Accounts.Database.Scalar<long>("select version from accounts where id = $1", IdOf(conversion, "account"));

        await bus.Publish(said, TestUser.Rep);
        await bus.Publish(Begun(conversion) with { UndoId = undo }, TestUser.Rep);

        await Eventually.Is(() => bus.All<ConversionUndoFinished>().Count(answer => answer.UndoId == undo) == 8, "everybody has answered twice");
        (await house.Accounts.Database.Scalar<long>("select version from accounts where id = $1", IdOf(conversion, "account"))).ShouldBe(version);
        (await house.Leads.Get($"/api/leads/conversion-undos/{undo}"))!["state"]!.GetValue<string>().ShouldBe("undone");
    }

    private static readonly string[] Participants = ["accounts", "opportunities", "activities", "campaigns"];

    private static ConversionUndoBegun Begun(JsonNode conversion) => new()
    {
        UndoId = Guid.CreateVersion7(), ConversionId = IdOf(conversion), LeadId = conversion["leadId"]!.GetValue<Guid>(), ActingUserId = TestUser.Rep.Id,
        AccountId = IdOf(conversion, "account"), AccountCreated = true, ContactId = IdOf(conversion, "contact"), ContactCreated = true,
        OpportunityId = IdOf(conversion, "opportunity"), OpportunityCreated = true,
    };

    private static Guid IdOf(JsonNode conversion) => conversion["conversionId"]!.GetValue<Guid>();

    private static Guid IdOf(JsonNode conversion, string record) => conversion[record]!["id"]!.GetValue<Guid>();
}
