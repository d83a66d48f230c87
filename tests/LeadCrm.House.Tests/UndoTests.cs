using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.House.Tests;

/// <summary>What the undo of a conversion restores, with all participants as they are (C35, C36).</summary>
[Collection(nameof(InOneHouse))]
public sealed class UndoTests(House house)
{
    [Fact]
    public async Task C35a_undoing_a_conversion_that_nobody_has_touched_leaves_everything_as_it_was()
    {
        var lead = await LeadWithEverything();
        var before = await house.Snapshot();

        var conversion = await house.Convert(lead, new { ownerId = TestUser.OtherRep.Id, followUpTask = new { subject = "Thank them", dueOn = "2099-04-01" } });
        (await house.Activities.Database.Scalar<long>("select count(*) from items where subject = 'Thank them' and deleted_at is null")).ShouldBe(1);
        await MembershipsAre("contact", IdOf(conversion, "contact"));
        (await house.Snapshot()).ShouldNotBe(before);
        var undone = (await house.Undo(IdOf(conversion))).Expect(HttpStatusCode.OK).Body!;

        undone["state"]!.GetValue<string>().ShouldBe("undone", undone.ToJsonString());
        undone["records"]!.AsArray().Select(r => $"{r!["recordType"]} {r["outcome"]}").ShouldBe(["account removed", "contact removed", "opportunity removed"]);
        await IsAgain(before);
    }

    [Fact]
    public async Task C35a_the_lead_is_open_again_in_lists_and_search_editable_and_its_history_tells_of_it()
    {
        var lead = await house.NewLead();
        var status = (await house.Leads.Get($"/api/leads/{lead}"))!["status"]!.GetValue<string>();
        var search = $"/api/leads?q={Uri.EscapeDataString((await house.Leads.Get($"/api/leads/{lead}"))!["lastName"]!.GetValue<string>())}";
        var conversion = await house.Convert(lead);
        (await house.Leads.Get(search))!["items"]!.AsArray().Select(item => item!["id"]!.GetValue<Guid>()).ShouldNotContain(lead);

        var undo = (await house.Undo(IdOf(conversion))).Expect(HttpStatusCode.OK).Body!["undoId"]!.GetValue<Guid>();

        var now = (await house.Leads.Get($"/api/leads/{lead}"))!;
        now["status"]!.GetValue<string>().ShouldBe(status);
        now["isConverted"]!.GetValue<bool>().ShouldBeFalse();
        (await house.Leads.Database.Scalar<bool>("select converted from lead_signals where lead_id = $1", lead)).ShouldBeFalse("lists by score show it again");
        foreach (var gone in (string[])["convertedAt", "convertedAccountId", "convertedContactId", "convertedOpportunityId", "conversionId", "undoId"]) now[gone].ShouldBeNull(gone);
        (await house.Leads.Change(HttpMethod.Patch, $"/api/leads/{lead}", new { title = "Countess" })).Expect(HttpStatusCode.OK);
        (await house.Leads.Get(search))!["items"]!.AsArray().Select(item => item!["id"]!.GetValue<Guid>()).ShouldContain(lead);
        (await house.Leads.Get($"/api/leads/{lead}/history"))!["items"]!.AsArray().ShouldContain(entry => entry!["operationId"] != null && entry["operationId"]!.GetValue<Guid>() == undo);
        (await house.Leads.Get($"/api/leads/{lead}/status-log"))!.AsArray()[^1]!["operationId"]!.GetValue<Guid>().ShouldBe(undo);
    }

    [Fact]
    public async Task C35b_what_was_filled_attached_and_merged_in_records_that_stay_is_put_back()
    {
        var account = (await house.Accounts.Send(HttpMethod.Post, "/api/accounts", new { name = $"Existing {House.Next()} Unlike" })).Expect(HttpStatusCode.Created).Id;
        var contact = (await house.Accounts.Send(HttpMethod.Post, "/api/contacts", new { lastName = $"Stays {House.Next()}", accountId = account })).Expect(HttpStatusCode.Created).Id;
        var deal = (await house.Opportunities.Send(HttpMethod.Post, "/api/opportunities", new { name = "Running", accountId = account })).Expect(HttpStatusCode.Created).Id;
        var lead = await house.NewLead(more: new { phone = "+49 30 1234567", title = "Head of looms", industry = "Textiles", doNotCall = true });
        await Knows(house.Campaigns, "contact", contact);
        await Knows(house.Campaigns, "lead", lead);
        var campaign = await Campaign();
        var late = campaign["memberStatuses"]!.AsArray().First(s => s!["isResponded"]!.GetValue<bool>())!["id"]!.GetValue<Guid>();
        (await house.Campaigns.Send(HttpMethod.Post, $"/api/campaigns/{campaign["id"]}/members", new { leadId = lead, statusId = late })).Expect(HttpStatusCode.Created);
        (await house.Campaigns.Send(HttpMethod.Post, $"/api/campaigns/{campaign["id"]}/members", new { contactId = contact })).Expect(HttpStatusCode.Created);
        var before = await house.Snapshot();

        var conversion = await house.Convert(lead, new
        {
            account = new { mode = "existing", id = account }, contact = new { mode = "existing", id = contact }, opportunity = new { mode = "existing", id = deal },
        });
        conversion["memberships"]!["merged"]!.GetValue<int>().ShouldBe(1);
        (await house.Accounts.Get($"/api/contacts/{contact}"))!["title"]!.GetValue<string>().ShouldBe("Head of looms");
        await Eventually.Is(async () => (await house.Opportunities.Get($"/api/opportunities/{deal}"))!["primaryCampaignId"]?.GetValue<Guid>() == campaign["id"]!.GetValue<Guid>());
        var undone = (await house.Undo(IdOf(conversion))).Expect(HttpStatusCode.OK).Body!;

        undone["records"]!.AsArray().ShouldAllBe(r => r!["outcome"]!.GetValue<string>() == "kept");
        undone["fields"]!.AsArray().ShouldAllBe(f => f!["outcome"]!.GetValue<string>() == "restored", undone.ToJsonString());
        undone["fields"]!.AsArray().Select(f => f!["field"]!.GetValue<string>()).ShouldContain("doNotCall");
        await IsAgain(before);
    }

    [Fact]
    public async Task C35b_a_filled_value_that_somebody_changed_since_stays_and_is_told()
    {
        var account = (await house.Accounts.Send(HttpMethod.Post, "/api/accounts", new { name = $"Changed {House.Next()} Since" })).Expect(HttpStatusCode.Created).Id;
        var lead = await house.NewLead(more: new { industry = "Textiles", website = "https://looms.example" });
        var conversion = await house.Convert(lead, new { account = new { mode = "existing", id = account }, opportunity = new { mode = "none" } });
        (await house.Accounts.Change(HttpMethod.Patch, $"/api/accounts/{account}", new { industry = "Machines" })).Expect(HttpStatusCode.OK);

        var undone = (await house.Undo(IdOf(conversion))).Expect(HttpStatusCode.OK).Body!;

        var fields = undone["fields"]!.AsArray().ToDictionary(f => f!["field"]!.GetValue<string>(), f => f!["outcome"]!.GetValue<string>());
        fields["industry"].ShouldBe("kept");
        fields["website"].ShouldBe("restored");
        var now = (await house.Accounts.Get($"/api/accounts/{account}"))!;
        now["industry"]!.GetValue<string>().ShouldBe("Machines");
        now["website"].ShouldBeNull();
        now["primaryContactId"].ShouldBeNull("the contact that was its primary one is gone");
    }

    [Fact]
    public async Task C35c_a_record_that_another_conversion_uses_passes_to_that_one()
    {
        var first = await house.Convert(await house.NewLead());
        var account = IdOf(first, "account");
        var second = await house.Convert(await house.NewLead(), new { account = new { mode = "existing", id = account }, opportunity = new { mode = "existing", id = IdOf(first, "opportunity") } });

        var undone = (await house.Undo(IdOf(first))).Expect(HttpStatusCode.OK).Body!;

        undone["records"]!.AsArray().Select(r => $"{r!["recordType"]} {r["outcome"]}").ShouldBe(["account passedOn", "contact removed", "opportunity passedOn"]);
        undone["records"]![0]!["toConversionId"]!.GetValue<Guid>().ShouldBe(IdOf(second));
        var kept = (await house.Accounts.Get($"/api/accounts/{account}"))!;
        kept["primaryContactId"]!.GetValue<Guid>().ShouldBe(IdOf(second, "contact"));
        kept["convertedFromLeads"]!.AsArray().Select(id => id!.GetValue<Guid>()).ShouldBe([second["leadId"]!.GetValue<Guid>()]);
        var deal = (await house.Opportunities.Get($"/api/opportunities/{IdOf(first, "opportunity")}"))!;
        deal["contactRoles"]!.AsArray().Select(role => role!["contactId"]!.GetValue<Guid>()).ShouldBe([IdOf(second, "contact")]);
        deal["contactRoles"]![0]!["isPrimary"]!.GetValue<bool>().ShouldBeTrue();

        // What was passed on is the second conversion's work: its undo removes it.
        var both = (await house.Undo(IdOf(second))).Expect(HttpStatusCode.OK).Body!;
        both["records"]!.AsArray().Select(r => $"{r!["recordType"]} {r["outcome"]}").ShouldBe(["account removed", "contact removed", "opportunity removed"]);
        (await house.Accounts.Get($"/api/accounts/{account}")).ShouldBeNull();
    }

    [Fact]
    public async Task C36_after_an_undo_the_lead_converts_again_and_both_conversions_stay_in_its_history()
    {
        var lead = await house.NewLead();
        var first = await house.Convert(lead);
        var undo = (await house.Undo(IdOf(first))).Expect(HttpStatusCode.OK).Body!["undoId"]!.GetValue<Guid>();

        var second = await house.Convert(lead, new { opportunity = new { mode = "none" } });

        IdOf(second).ShouldNotBe(IdOf(first));
        IdOf(second, "account").ShouldNotBe(IdOf(first, "account"));
        var history = (await house.Leads.Get($"/api/leads/{lead}/conversions"))!["items"]!.AsArray();
        history.Select(c => IdOf(c!)).ShouldBe([IdOf(second), IdOf(first)]);
        history[0]!["undos"]!.AsArray().ShouldBeEmpty();
        history[1]!["undos"]![0]!["undoId"]!.GetValue<Guid>().ShouldBe(undo);
        history[1]!["undos"]![0]!["state"]!.GetValue<string>().ShouldBe("undone");
        (await house.Leads.Get($"/api/leads/{lead}"))!["convertedAccountId"]!.GetValue<Guid>().ShouldBe(IdOf(second, "account"));
        (await house.Undo(IdOf(first))).Expect(HttpStatusCode.Conflict).Problem.ShouldBe("conversion-not-in-force");
        (await house.Undo(IdOf(second))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task C35a_what_is_logged_after_the_undo_hangs_on_the_lead_alone()
    {
        var lead = await house.NewLead();
        var conversion = await house.Convert(lead);
        (await house.Undo(IdOf(conversion))).Expect(HttpStatusCode.OK);

        var call = (await house.Activities.Send(HttpMethod.Post, "/api/activities/calls", new { text = "Called", recordType = "lead", recordId = lead })).Expect(HttpStatusCode.Created);

        call.Body!["related"]!.AsArray().Select(r => r!["type"]!.GetValue<string>()).ShouldBe(["lead"]);
    }

    /// <summary>A lead with a call, a task of the converting user, a note, a follower and a membership that has responded.</summary>
    private async Task<Guid> LeadWithEverything()
    {
        var lead = await house.NewLead();
        await Knows(house.Activities, "lead", lead);
        await Knows(house.Campaigns, "lead", lead);
        object related = new[] { new { type = "lead", id = lead } };
        (await house.Activities.Send(HttpMethod.Post, "/api/activities/calls", new { text = "Said hello", recordType = "lead", recordId = lead })).Expect(HttpStatusCode.Created);
        (await house.Activities.Send(HttpMethod.Post, "/api/activities", new { kind = "task", subject = "Send the quote", dueOn = "2099-03-31", related })).Expect(HttpStatusCode.Created);
        (await house.Activities.Send(HttpMethod.Post, "/api/notes", new { title = "First call", html = "<p>Wants a quote.</p>", related })).Expect(HttpStatusCode.Created);
        (await house.Activities.Send(HttpMethod.Put, $"/api/follows/lead/{lead}")).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.Created);
        var campaign = await Campaign();
        var late = campaign["memberStatuses"]!.AsArray().First(s => s!["isResponded"]!.GetValue<bool>())!["id"]!.GetValue<Guid>();
        (await house.Campaigns.Send(HttpMethod.Post, $"/api/campaigns/{campaign["id"]}/members", new { leadId = lead, statusId = late })).Expect(HttpStatusCode.Created);
        await Eventually.Is(async () => (await house.Leads.Get($"/api/leads/{lead}"))!["id"] is not null
            && await house.Leads.Database.Scalar<bool>("select exists (select from lead_signals where lead_id = $1 and next_activity_at is not null and last_touch_at is not null)", lead));
        return lead;
    }

    private async Task<JsonNode> Campaign() =>
        (await house.Campaigns.Send(HttpMethod.Post, "/api/campaigns", new { name = $"Fair {House.Next()}", type = "Trade show" })).Expect(HttpStatusCode.Created).Body!;

    private static Task Knows(Room room, string type, Guid id) => Eventually.Is(
        () => room.Database.Scalar<bool>("select exists (select from platform.record_access where record_type = $1 and record_id = $2 and not is_deleted)", type, id), $"{room.Service} knows the {type}");

    private Task MembershipsAre(string type, Guid person) => Eventually.Is(
        () => house.Campaigns.Database.Scalar<bool>("select exists (select from campaign_members where person_type = $1 and person_id = $2)", type, person));

    private async Task IsAgain(IReadOnlyDictionary<string, string> before) => await Eventually.Holds(async () =>
    {
        var now = await house.Snapshot();
        foreach (var (table, rows) in before) now[table].ShouldBe(rows, table);
    }, TimeSpan.FromSeconds(20));

    private static Guid IdOf(JsonNode conversion) => conversion["conversionId"]!.GetValue<Guid>();

    private static Guid IdOf(JsonNode conversion, string record) => conversion[record]!["id"]!.GetValue<Guid>();
}
