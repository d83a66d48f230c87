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
public sealed class Conversions(OpportunitiesApp app) : IAsyncLifetime
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
    public async Task C31_an_undo_leaves_nothing_of_what_was_created()
    {
        var command = await CreateCommand();
        await Ready(command);
        await Undo(command.ConversionId);
        (await app.Rep.Get($"/api/opportunities/{command.OpportunityId}")).ShouldBe(HttpStatusCode.NotFound);
        (await Count("opportunities where id = $1", command.OpportunityId)).ShouldBe(0);
        (await Count("contact_roles where opportunity_id = $1", command.OpportunityId)).ShouldBe(0);
        (await Count("stage_moves where opportunity_id = $1", command.OpportunityId)).ShouldBe(0);
        (await Count("platform.field_history where record_id = $1", command.OpportunityId)).ShouldBe(0);
        _bus.All<OpportunityChanged>().ShouldNotContain(e => e.OpportunityId == command.OpportunityId);
    }

    [Fact]
    public async Task C31_a_repeated_undo_answers_again()
    {
        var command = await CreateCommand();
        await Ready(command);
        await Undo(command.ConversionId);
        await _bus.Publish(new UndoOpportunity { ConversionId = command.ConversionId });
        await Eventually.Is(() => Task.FromResult(_bus.All<OpportunityUndone>().Count(m => m.ConversionId == command.ConversionId) == 2), "both are answered");
    }

    [Fact]
    public async Task C31_an_undo_of_what_never_came_is_answered_and_refuses_a_late_command()
    {
        var command = await CreateCommand();
        await Undo(command.ConversionId);
        var refused = await Refused(command);
        refused.Status.ShouldBe(409);
        (await Count("opportunities where id = $1", command.OpportunityId)).ShouldBe(0);
    }

    [Fact]
    public async Task C31_undo_and_command_at_once_leave_nothing_in_the_end()
    {
        for (var i = 0; i < 5; i++)
        {
            var command = await CreateCommand();
            await Task.WhenAll(_bus.Publish(command, TestUser.Rep), _bus.Publish(new UndoOpportunity { ConversionId = command.ConversionId }));
            await _bus.Next<OpportunityUndone>(m => m.ConversionId == command.ConversionId);
            await Eventually.Is(() => Task.FromResult(_bus.All<OpportunityReady>().Any(m => m.ConversionId == command.ConversionId) ||
                _bus.All<OpportunityRefused>().Any(m => m.ConversionId == command.ConversionId)), "the command is answered");
            (await Count("opportunities where id = $1", command.OpportunityId)).ShouldBe(0);
        }
    }

    [Fact]
    public async Task C10_attaching_fills_empty_fields_and_adds_the_contact()
    {
        var deal = await app.Deal(new { nextStep = "Call", currency = "EUR" });
        var command = AttachCommand(deal) with { NextStep = "Visit", Amount = 9, Currency = "CHF", Source = "Web", Role = "influencer" };
        var ready = await Ready(command);
        ready.Created.ShouldBeFalse();
        ready.Updated.ShouldBeTrue();
        ready.Provenance.ToDictionary(p => p.Field, p => p.Outcome).ShouldBe(
            new Dictionary<string, string> { ["amount"] = "filled", ["source"] = "filled", ["nextStep"] = "kept" }, ignoreOrder: true);

        var read = await Read(deal.Id);
        read["provisional"].GetBoolean().ShouldBeFalse();
        read["nextStep"].GetString().ShouldBe("Call");
        read["amount"].GetDecimal().ShouldBe(9);
        read["currency"].GetString().ShouldBe("CHF");
        read["source"].GetString().ShouldBe("Web");
        var role = read["contactRoles"].Items().ShouldHaveSingleItem();
        role.GetProperty("isPrimary").GetBoolean().ShouldBeTrue();
        role.GetProperty("provisional").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task C19_a_second_lead_never_steals_the_primary_contact()
    {
        var first = await app.Contact();
        var deal = await app.Deal(new { contactRoles = new[] { new { contactId = first, isPrimary = true } } });
        var command = AttachCommand(deal);
        await Ready(command);
        await Reveal(command);
        var roles = (await Read(deal.Id))["contactRoles"].Items();
        roles.Length.ShouldBe(2);
        roles.Single(r => r.GetProperty("isPrimary").GetBoolean()).GetProperty("contactId").GetGuid().ShouldBe(first);
    }

    [Fact]
    public async Task C31_an_undo_of_an_attachment_empties_what_it_filled_unless_it_was_changed_since()
    {
        var deal = await app.Deal(new { currency = "EUR" });
        var command = AttachCommand(deal) with { NextStep = "Visit", Amount = 9, Currency = "CHF", Source = "Web" };
        await Ready(command);
        (await app.Rep.Patch($"/api/opportunities/{deal.Id}", new { source = "Fair" }, (await Read(deal.Id)).ETag)).ShouldBe(HttpStatusCode.OK);
        await Undo(command.ConversionId);

        var read = await Read(deal.Id);
        read["amount"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        read["currency"].GetString().ShouldBe("EUR");
        read["nextStep"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        read["source"].GetString().ShouldBe("Fair");
        read["contactRoles"].Items().ShouldBeEmpty();
    }

    [Fact]
    public async Task C26_an_edit_meanwhile_does_not_announce_what_the_conversion_may_still_take_back()
    {
        var deal = await app.Deal();
        var command = AttachCommand(deal) with { Amount = 9 };
        await Ready(command);
        (await app.Rep.Patch($"/api/opportunities/{deal.Id}", new { nextStep = "Call" }, (await Read(deal.Id)).ETag)).ShouldBe(HttpStatusCode.OK);
        var edited = await _bus.Next<OpportunityChanged>(e => e.OpportunityId == deal.Id && e.Version == 3);
        edited.Amount.ShouldBeNull();
        edited.PrimaryContactId.ShouldBeNull();

        await Reveal(command);
        var revealed = await _bus.Next<OpportunityChanged>(e => e.OpportunityId == deal.Id && e.ConversionId == command.ConversionId);
        revealed.Kind.ShouldBe(ChangeKind.Updated);
        revealed.Amount.ShouldBe(9);
        revealed.PrimaryContactId.ShouldBe(command.ContactId);
    }

    [Fact]
    public async Task C33_an_opportunity_that_a_running_conversion_uses_is_not_deleted_nor_moved_to_another_account()
    {
        var deal = await app.Deal();
        var command = AttachCommand(deal);
        await Ready(command);
        var read = await Read(deal.Id);
        (await app.Rep.Delete($"/api/opportunities/{deal.Id}", read.ETag)).ShouldBe(HttpStatusCode.Conflict).Type.ShouldBe("urn:leadcrm:conversion-running");
        (await app.Rep.Patch($"/api/opportunities/{deal.Id}", new { accountId = await app.Account() }, read.ETag)).ShouldBe(HttpStatusCode.Conflict);
        (await app.Rep.Delete($"/api/opportunities/{deal.Id}/contact-roles/{command.ContactId}", read.ETag)).ShouldBe(HttpStatusCode.Conflict).Type.ShouldBe("urn:leadcrm:provisional");
        await Reveal(command);
        (await app.Rep.Delete($"/api/opportunities/{deal.Id}", (await Read(deal.Id)).ETag)).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task OP5_twenty_leads_convert_into_one_opportunity_with_one_primary_contact()
    {
        var deal = await app.Deal();
        var commands = Enumerable.Range(0, 20).Select(_ => AttachCommand(deal)).ToList();
        await Task.WhenAll(commands.Select(c => _bus.Publish(c, TestUser.Rep)));
        foreach (var command in commands) await _bus.Next<OpportunityReady>(m => m.ConversionId == command.ConversionId);
        await Task.WhenAll(commands.Select(c => _bus.Publish(Converted(c), TestUser.Rep)));
        foreach (var command in commands) await _bus.Next<OpportunityRevealed>(m => m.ConversionId == command.ConversionId);

        var read = await Read(deal.Id);
        var roles = read["contactRoles"].Items();
        roles.Select(r => r.GetProperty("contactId").GetGuid()).ShouldBe(commands.Select(c => c.ContactId), ignoreOrder: true);
        roles.Count(r => r.GetProperty("isPrimary").GetBoolean()).ShouldBe(1);
        roles.ShouldAllBe(r => !r.GetProperty("provisional").GetBoolean());
        read["leads"].Items().Length.ShouldBe(20);
    }

    [Fact]
    public async Task C31_a_created_opportunity_that_another_conversion_uses_passes_to_that_one()
    {
        var creator = await CreateCommand();
        await Ready(creator);
        var user = creator with { ConversionId = Guid.CreateVersion7(), LeadId = Guid.CreateVersion7(), ContactId = Guid.CreateVersion7(), Create = false };
        await Ready(user);
        await Undo(creator.ConversionId);

        var passed = await Read(creator.OpportunityId);
        passed["pendingConversionId"].GetGuid().ShouldBe(user.ConversionId);
        var role = passed["contactRoles"].Items().ShouldHaveSingleItem();
        role.GetProperty("contactId").GetGuid().ShouldBe(user.ContactId);
        role.GetProperty("isPrimary").GetBoolean().ShouldBeTrue();

        await Undo(user.ConversionId);
        (await app.Rep.Get($"/api/opportunities/{creator.OpportunityId}")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task C31_a_created_opportunity_that_another_conversion_made_visible_stays()
    {
        var creator = await CreateCommand();
        await Ready(creator);
        var user = creator with { ConversionId = Guid.CreateVersion7(), LeadId = Guid.CreateVersion7(), ContactId = Guid.CreateVersion7(), Create = false };
        await Ready(user);
        await Reveal(user);
        await Undo(creator.ConversionId);

        var read = await Read(creator.OpportunityId);
        read["provisional"].GetBoolean().ShouldBeFalse();
        read["contactRoles"].Items().ShouldHaveSingleItem().GetProperty("isPrimary").GetBoolean().ShouldBeTrue();
        read["leads"].Items().ShouldHaveSingleItem().GetProperty("leadId").GetGuid().ShouldBe(user.LeadId);
    }

    [Fact]
    public async Task C31_a_contact_that_two_conversions_bring_stays_while_one_of_them_lives()
    {
        var deal = await app.Deal();
        var first = AttachCommand(deal);
        var second = first with { ConversionId = Guid.CreateVersion7(), LeadId = Guid.CreateVersion7() };
        await Ready(first);
        await Ready(second);
        await Undo(first.ConversionId);
        (await Read(deal.Id))["contactRoles"].Items().ShouldHaveSingleItem().GetProperty("provisional").GetBoolean().ShouldBeTrue();
        await Undo(second.ConversionId);
        (await Read(deal.Id))["contactRoles"].Items().ShouldBeEmpty();
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task C1_without_the_permission_check_and_step_refuse_alike(bool attach)
    {
        var user = TestUser.With("leads.convert", "opportunities.read", attach ? "opportunities.create" : "opportunities.edit");
        await app.Know(user);
        var command = (attach ? AttachCommand(await app.Deal()) : await CreateCommand()) with { ActingUserId = user.Id };
        (await Check(command, user))["status"].GetInt32().ShouldBe(403);
        (await Refused(command, user)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task C6_check_and_step_tell_the_same_violations_together()
    {
        var command = (await CreateCommand()) with { Amount = -1, Currency = "XXQ", OwnerId = Guid.CreateVersion7(), Name = new string('x', 256) };
        var check = await Check(command);
        check["status"].GetInt32().ShouldBe(422);
        var refused = await Refused(command);
        refused.Status.ShouldBe(422);
        refused.Violations.Select(v => v.Field).ShouldBe(["ownerId", "name", "amount", "currency"]);
        check["violations"].Strings("message").ShouldBe(refused.Violations.Select(v => v.Message));
        (await Count("opportunities where id = $1", command.OpportunityId)).ShouldBe(0);
    }

    [Fact]
    public async Task C4_an_existing_opportunity_must_be_open()
    {
        var deal = await app.Deal();
        await app.Rep.Post($"/api/opportunities/{deal.Id}/stage", new { stage = "Closed Lost", reason = "No budget" });
        (await Check(AttachCommand(deal)))["status"].GetInt32().ShouldBe(422);
        (await Refused(AttachCommand(deal))).Status.ShouldBe(422);
    }

    [Fact]
    public async Task C4_an_existing_opportunity_must_be_on_the_account()
    {
        var command = AttachCommand(await app.Deal()) with { AccountId = await app.Account() };
        (await Check(command))["violations"].Strings("field").ShouldBe(["opportunityId"]);
        (await Refused(command)).Violations.ShouldHaveSingleItem().Field.ShouldBe("opportunityId");
    }

    [Fact]
    public async Task C31_a_refusal_is_repeated_as_it_was_given()
    {
        var deal = await app.Deal();
        var command = AttachCommand(deal) with { AccountId = await app.Account() };
        var first = await Refused(command);
        await _bus.Publish(command with { AccountId = deal["accountId"].GetGuid() }, TestUser.Rep);
        await Eventually.Is(() => Task.FromResult(_bus.All<OpportunityRefused>().Count(m => m.ConversionId == command.ConversionId) == 2), "the answer is repeated");
        _bus.All<OpportunityRefused>().Where(m => m.ConversionId == command.ConversionId).ShouldAllBe(m => m.Reason == first.Reason);
        (await Read(deal.Id)).ETag.ShouldBe("\"1\"");
    }

    [Fact]
    public async Task C22_the_check_offers_the_accounts_open_opportunities()
    {
        var account = await app.Account();
        var (open, closed) = (await app.Deal(new { amount = 3, currency = "EUR" }, account), await app.Deal(null, account));
        await app.Rep.Post($"/api/opportunities/{closed.Id}/stage", new { stage = "Closed Lost", reason = "No budget" });
        var check = await Check((await CreateCommand()) with { AccountId = account });
        check["status"].GetInt32().ShouldBe(200);
        var offered = check["openOpportunities"].Items().ShouldHaveSingleItem();
        offered.GetProperty("opportunityId").GetGuid().ShouldBe(open.Id);
        offered.GetProperty("stage").GetString().ShouldBe("Prospecting");
        offered.GetProperty("amount").GetDecimal().ShouldBe(3);
    }

    [Fact]
    public async Task C34_the_check_writes_nothing()
    {
        var command = await CreateCommand();
        var before = await Rows();
        (await Check(command))["status"].GetInt32().ShouldBe(200);
        (await Rows()).ShouldBe(before);

        Task<long> Rows() => app.Database.Scalar<long>(
            "select (select count(*) from opportunities) + (select count(*) from conversion_steps) + (select count(*) from stage_moves) + (select count(*) from platform.field_history)");
    }

    [Fact]
    public async Task C1_the_check_itself_needs_the_permission_to_convert() =>
        (await app.Reader.Post("/api/opportunities/conversion-checks", await CreateCommand())).ShouldBe(HttpStatusCode.Forbidden);

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
