using System.Net;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;
using ChangeKind = LeadCrm.Opportunities.Contracts.ChangeKind;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>The service's part in a conversion, spoken to as the saga does it.</summary>
[Collection(nameof(OneApp))]
public sealed partial class Conversions(OpportunitiesApp app) : IAsyncLifetime
{
    private TestBus _bus = null!;

    public async ValueTask InitializeAsync() => _bus = await TestBus.Connect(app.Broker,
        typeof(OpportunitiesAnswered), typeof(OpportunitiesRevealed), typeof(OpportunityChanged));

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task C19_a_new_opportunity_has_the_contact_in_the_primary_role()
    {
        var command = (await CreateCommand()) with { Role = "Decision maker" };
        var ready = await Ready(command);
        ready.ShouldSatisfyAllConditions(
            r => r.OpportunityId.ShouldBe(command.OpportunityId),
            r => r.Created.ShouldBeTrue(),
            r => r.Name.ShouldBe("Pumps Ltd"));
        var role = (await Read(command.OpportunityId))["contactRoles"].Items().ShouldHaveSingleItem();
        role.GetProperty("contactId").GetGuid().ShouldBe(command.ContactId);
        role.GetProperty("role").GetString().ShouldBe("decisionMaker");
        role.GetProperty("isPrimary").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task C9_a_converted_opportunity_begins_in_the_default_stage()
    {
        var command = await CreateCommand();
        await Ready(command);
        var read = await Read(command.OpportunityId);
        read["stage"].GetString().ShouldBe("Prospecting");
        (DateOnly.Parse(read["closeDate"].GetString()!).Month % 3).ShouldBe(0);
        (await app.Rep.Get($"/api/opportunities/{command.OpportunityId}/stages"))["items"].Items().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task C8_the_campaign_that_the_lead_joined_last_is_the_primary_campaign_whether_heard_of_before_or_after_the_reveal(bool before)
    {
        var (origin, newest) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var command = (await CreateCommand()) with { PrimaryCampaignId = origin };
        await Ready(command);
        if (!before) await Reveal(command);

        await _bus.Publish(new NewestCampaignFound { ConversionId = command.ConversionId, OpportunityId = command.OpportunityId, CampaignId = newest, CampaignOfOrigin = origin }, TestUser.Rep);
        await Eventually.Is(async () => (await Read(command.OpportunityId))["primaryCampaignId"].GetGuid() == newest, "the opportunity has the campaign");
        if (before) await Reveal(command);

        var told = await _bus.Next<OpportunityChanged>(e => e.OpportunityId == command.OpportunityId && e.PrimaryCampaignId == newest);
        told.Version.ShouldBe((await Read(command.OpportunityId))["version"].GetInt64());
    }

    [Fact]
    public async Task C8_a_primary_campaign_that_somebody_chose_stays()
    {
        var (origin, chosen) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var command = (await CreateCommand()) with { PrimaryCampaignId = origin };
        await Ready(command);
        await Reveal(command);
        var path = $"/api/opportunities/{command.OpportunityId}";
        (await app.Rep.Patch(path, new { primaryCampaignId = chosen }, (await app.Rep.Get(path)).ETag)).ShouldBe(HttpStatusCode.OK);

        var late = Guid.CreateVersion7();
        await _bus.Publish(new NewestCampaignFound { ConversionId = command.ConversionId, OpportunityId = command.OpportunityId, CampaignId = Guid.CreateVersion7(), CampaignOfOrigin = origin }, TestUser.Rep, late);
        await Eventually.Is(async () => await app.Database.Scalar<long>("select count(*) from platform.inbox where message_id = $1", late) == 1, "the message has been through");

        (await Read(command.OpportunityId))["primaryCampaignId"].GetGuid().ShouldBe(chosen);
    }

    [Fact]
    public async Task C33_a_provisional_opportunity_is_readable_by_id_and_marked()
    {
        var command = await CreateCommand();
        await Ready(command);
        var read = await Read(command.OpportunityId);
        read["provisional"].GetBoolean().ShouldBeTrue();
        read["pendingConversionId"].GetGuid().ShouldBe(command.ConversionId);
    }

    [Fact]
    public async Task C33_a_provisional_opportunity_is_in_no_list_search_or_count()
    {
        var command = await CreateCommand();
        await Ready(command);
        (await List($"accountId={command.AccountId}")).ShouldBeEmpty();
        (await List($"accountId={command.AccountId}&q=Pumps")).ShouldBeEmpty();
        (await app.Rep.Get($"/api/opportunities?accountId={command.AccountId}&count=exact"))["count"].GetInt32().ShouldBe(0);
        var check = await Check((await CreateCommand()) with { AccountId = command.AccountId });
        check["openOpportunities"].Items().ShouldBeEmpty();
    }

    [Fact]
    public async Task C33_every_change_of_a_provisional_opportunity_is_a_409_even_on_an_old_version()
    {
        var command = await CreateCommand();
        await Ready(command);
        var path = $"/api/opportunities/{command.OpportunityId}";
        Answer[] answers =
        [
            await app.Rep.Patch(path, new { amount = 1 }, "\"7\""),
            await app.Rep.Delete(path, "\"1\""),
            await app.Rep.Post($"{path}/stage", new { stage = "Proposal" }),
            await app.Rep.Put($"{path}/contact-roles/{await app.Contact()}", new { role = "user" }, "\"1\""),
            await app.Rep.Delete($"{path}/contact-roles/{command.ContactId}", "\"1\""),
        ];
        foreach (var answer in answers) answer.ShouldBe(HttpStatusCode.Conflict).Type.ShouldBe("urn:leadcrm:provisional");
    }

    [Fact]
    public async Task C26_nothing_is_announced_before_the_conversion_is_through_and_then_with_its_id_and_sequence()
    {
        var command = (await CreateCommand()) with { Amount = 12, Currency = "EUR" };
        await Ready(command);
        // A later message of the same queue has been through: an event of the step would be here by now.
        await Ready(await CreateCommand());
        _bus.All<OpportunityChanged>().ShouldNotContain(e => e.OpportunityId == command.OpportunityId);

        await Reveal(command);
        var changed = await _bus.Next<OpportunityChanged>(e => e.OpportunityId == command.OpportunityId);
        changed.Kind.ShouldBe(ChangeKind.Created);
        changed.ConversionId.ShouldBe(command.ConversionId);
        changed.Sequence.ShouldBe(3);
        changed.Version.ShouldBe(2);
        changed.PrimaryContactId.ShouldBe(command.ContactId);
        changed.Amount.ShouldBe(12);
        var read = await Read(command.OpportunityId);
        read["version"].GetInt64().ShouldBe(2);
        read["provisional"].GetBoolean().ShouldBeFalse();
        read["contactRoles"].Items()[0].GetProperty("provisional").GetBoolean().ShouldBeFalse();
        read["leads"].Items().ShouldHaveSingleItem().GetProperty("leadId").GetGuid().ShouldBe(command.LeadId);
        (await List($"accountId={command.AccountId}")).ShouldBe([command.OpportunityId]);
    }

    [Fact]
    public async Task C31_a_repeated_command_repeats_the_answer_and_creates_nothing_twice()
    {
        var command = await CreateCommand();
        var first = await Ready(command);
        for (var i = 0; i < 3; i++) await _bus.Publish(command with { Name = "Other" }, TestUser.Rep);
        await Eventually.Is(() => Task.FromResult(_bus.All<OpportunityReady>().Count(m => m.ConversionId == command.ConversionId) == 4), "the answer is repeated");
        _bus.All<OpportunityReady>().Where(m => m.ConversionId == command.ConversionId).ShouldAllBe(m => m.Name == first.Name && m.Created);
        (await Count("opportunities where account_id = $1", command.AccountId)).ShouldBe(1);
    }

    [Fact]
    public async Task C31_the_same_message_delivered_twice_takes_effect_once()
    {
        var (command, messageId) = (await CreateCommand(), Guid.CreateVersion7());
        await Task.WhenAll(_bus.Publish(command, TestUser.Rep, messageId), _bus.Publish(command, TestUser.Rep, messageId));
        await _bus.Next<OpportunityReady>(m => m.ConversionId == command.ConversionId);
        await Ready(await CreateCommand());
        _bus.All<OpportunityReady>().Count(m => m.ConversionId == command.ConversionId).ShouldBe(1);
        (await Count("opportunities where account_id = $1", command.AccountId)).ShouldBe(1);
    }

    [Fact]
    public async Task C28_a_repeated_reveal_answers_again_and_announces_once()
    {
        var command = await CreateCommand();
        await Ready(command);
        await Reveal(command);
        await _bus.Publish(Converted(command), TestUser.Rep);
        await Eventually.Is(() => Task.FromResult(_bus.All<OpportunityRevealed>().Count(m => m.ConversionId == command.ConversionId) == 2), "both are answered");
        _bus.All<OpportunityChanged>().Count(e => e.OpportunityId == command.OpportunityId).ShouldBe(1);
    }

    [Fact]
    public async Task C28_a_conversion_without_opportunity_is_not_answered()
    {
        var (without, messageId) = (await CreateCommand(), Guid.CreateVersion7());
        await _bus.Publish(Converted(without) with { OpportunityId = null }, TestUser.Rep, messageId);
        await Eventually.Is(async () => await Count("platform.inbox where message_id = $1", messageId) == 1, "the message is consumed");
        var with = await CreateCommand();
        await Ready(with);
        await Reveal(with);
        _bus.All<OpportunityRevealed>().ShouldNotContain(m => m.ConversionId == without.ConversionId);
    }

    private async Task<CreateOrAttachOpportunity> CreateCommand() => new()
    {
        ConversionId = Guid.CreateVersion7(),
        LeadId = Guid.CreateVersion7(),
        ActingUserId = TestUser.Rep.Id,
        OwnerId = TestUser.Rep.Id,
        OpportunityId = Guid.CreateVersion7(),
        Create = true,
        AccountId = await app.Account(),
        AccountName = "Pumps Ltd",
        ContactId = Guid.CreateVersion7(),
    };

    private static CreateOrAttachOpportunity AttachCommand(Answer deal) => new()
    {
        ConversionId = Guid.CreateVersion7(),
        LeadId = Guid.CreateVersion7(),
        ActingUserId = TestUser.Rep.Id,
        OwnerId = TestUser.Rep.Id,
        OpportunityId = deal.Id,
        Create = false,
        AccountId = deal["accountId"].GetGuid(),
        ContactId = Guid.CreateVersion7(),
    };

    private static LeadConverted Converted(CreateOrAttachOpportunity command) => new()
    {
        ConversionId = command.ConversionId,
        Lead = new LeadState
        {
            LeadId = command.LeadId, Version = 3, LastName = "Doe", Status = "Converted", StatusCategory = "converted", OwnerId = command.OwnerId, IsConverted = true,
        },
        AccountId = command.AccountId,
        AccountCreated = false,
        ContactId = command.ContactId,
        ContactCreated = true,
        OpportunityId = command.OpportunityId,
        OpportunityCreated = command.Create,
        OwnerId = command.OwnerId,
        ActorId = command.ActingUserId,
        At = DateTimeOffset.UtcNow,
    };

    private async Task<OpportunityReady> Ready(CreateOrAttachOpportunity command)
    {
        await _bus.Publish(command, TestUser.Rep);
        return await _bus.Next<OpportunityReady>(m => m.ConversionId == command.ConversionId);
    }

    private async Task<OpportunityRefused> Refused(CreateOrAttachOpportunity command, TestUser? user = null)
    {
        await _bus.Publish(command, user ?? TestUser.Rep);
        return await _bus.Next<OpportunityRefused>(m => m.ConversionId == command.ConversionId);
    }

    private async Task Reveal(CreateOrAttachOpportunity command)
    {
        await _bus.Publish(Converted(command), TestUser.Rep);
        await _bus.Next<OpportunityRevealed>(m => m.ConversionId == command.ConversionId);
    }

    private async Task Undo(Guid conversionId)
    {
        await _bus.Publish(new UndoOpportunity { ConversionId = conversionId });
        await _bus.Next<OpportunityUndone>(m => m.ConversionId == conversionId);
    }

    private async Task<Answer> Check(CreateOrAttachOpportunity command, TestUser? user = null) =>
        (await app.By(user ?? TestUser.Rep).Post("/api/opportunities/conversion-checks", command)).ShouldBe(HttpStatusCode.OK);

    private async Task<Answer> Read(Guid id) => (await app.Rep.Get($"/api/opportunities/{id}")).ShouldBe(HttpStatusCode.OK);

    private async Task<Guid[]> List(string query) =>
        [.. (await app.Rep.Get($"/api/opportunities?{query}")).ShouldBe(HttpStatusCode.OK)["items"].Items().Select(i => i.GetProperty("id").GetGuid())];

    private Task<long> Count(string from, params object[] parameters) => app.Database.Scalar<long>($"select count(*) from {from}", parameters);
}
