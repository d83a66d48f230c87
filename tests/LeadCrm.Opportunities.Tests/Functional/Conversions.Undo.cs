using System.Net;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>What the undo of a step takes back, and what stays because another conversion uses it.</summary>
public sealed partial class Conversions
{
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
}
