using System.Net;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;
using ChangeKind = LeadCrm.Opportunities.Contracts.ChangeKind;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>A lead that becomes a contact of an opportunity that is there.</summary>
public sealed partial class Conversions
{
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
}
