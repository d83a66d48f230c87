using System.Net;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>Conversions that go well: how they are followed, what comes of them, and what the other services are asked for.</summary>
[Collection(nameof(ConversionCollection))]
public sealed class ConvertLeadTests(ConversionApp app)
{
    [Fact]
    public async Task C28_a_conversion_is_accepted_with_its_operation_url_and_completes()
    {
        var answer = await app.Convert(await app.NewLead());

        answer.Status.ShouldBe(HttpStatusCode.Accepted);
        answer.Location.ShouldBe($"/api/leads/conversions/{answer.ConversionId}");
        answer.Body!["isOver"]!.GetValue<bool>().ShouldBeFalse();
        (await app.Over(answer.ConversionId))["state"]!.GetValue<string>().ShouldBe("completed");
    }

    [Fact]
    public async Task C28_who_prefers_to_wait_gets_the_result_as_200()
    {
        var answer = await app.Convert(await app.NewLead(), wait: 30);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.State.ShouldBe("completed");
        answer.Response.Headers.GetValues("Preference-Applied").ShouldBe(["wait=30"]);
        answer.Location.ShouldBe($"/api/leads/conversions/{answer.ConversionId}");
    }

    [Fact]
    public async Task C28_who_waits_in_vain_gets_202_when_the_time_is_up()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).Account = _ => null;

        var answer = await app.Convert(lead, wait: 1);

        answer.Status.ShouldBe(HttpStatusCode.Accepted);
        answer.State.ShouldBe("accounts");
    }

    [Fact]
    public async Task C28_a_wait_is_cut_to_the_longest_that_is_allowed()
    {
        var answer = await app.Convert(await app.NewLead(), wait: 100_000);

        answer.Response.Headers.GetValues("Preference-Applied").ShouldBe(["wait=60"]);
    }

    [Fact]
    public async Task C28_progress_streams_the_states_until_it_is_over()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        CreateAccountAndContact? asked = null;
        script.Account = command =>
        {
            asked = command;
            return null;
        };
        var conversion = (await app.Convert(lead)).ConversionId;

        using var stream = await app.As(TestUser.Rep).GetStreamAsync($"/api/leads/conversions/{conversion}/progress");
        using var reader = new StreamReader(stream);
        (await NextState(reader)).ShouldBe("accounts");
        await Eventually.Is(() => Task.FromResult(asked is not null), "Accounts was asked");
        await app.Participants.Say(Script.Ready(asked!));

        var states = new List<string>();
        while (await NextState(reader) is { } state) states.Add(state);
        states[^1].ShouldBe("completed");
        states.ShouldBeSubsetOf(["opportunity", "relinking", "completed"]);
    }

    [Fact]
    public async Task C28_an_unknown_conversion_is_not_found()
    {
        (await app.Get($"/api/leads/conversions/{Guid.NewGuid()}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await app.Get($"/api/leads/conversions/{Guid.NewGuid()}/progress")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task C24_the_result_carries_operation_id_three_ids_with_flags_and_provenance()
    {
        var lead = await app.NewLead();
        var answer = await app.Convert(lead, new { opportunity = new { name = "First deal", amount = 1200.50m, currency = "EUR" } }, wait: 30);

        var asked = app.Participants.For(lead).Of<CreateAccountAndContact>().ShouldHaveSingleItem();
        answer.ConversionId.ShouldBe(asked.ConversionId);
        foreach (var (record, id) in new[] { ("account", asked.AccountId), ("contact", asked.ContactId), ("opportunity", app.Participants.For(lead).Of<CreateOrAttachOpportunity>().Single().OpportunityId) })
        {
            answer.Body![record]!["id"]!.GetValue<Guid>().ShouldBe(id);
            answer.Body[record]!["created"]!.GetValue<bool>().ShouldBeTrue();
            answer.Body[record]!["updated"]!.GetValue<bool>().ShouldBeFalse();
        }
        answer.Body!["provenance"]!.AsArray().Select(field => $"{field!["record"]}.{field["field"]} {field["outcome"]} <- {field["from"]}").ShouldBe(
        [
            "account.name set <- lead.company", "contact.email set <- lead.email", "opportunity.name set <- request", "opportunity.stage default <- default",
        ]);
    }

    [Fact]
    public async Task PM5_what_an_account_or_contact_held_before_is_shown_to_who_converted_and_not_to_every_reader_of_the_lead()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).Account = command => Script.Ready(command) with { Provenance = [new() { Record = "contact", Field = "phone", Outcome = "kept", Value = "+49 30 1234567" }] };
        var answer = await app.Convert(lead, wait: 30);
        answer.Body!["provenance"]![0]!["value"]!.GetValue<string>().ShouldBe("+49 30 1234567");

        foreach (var path in (string[])[$"/api/leads/conversions/{answer.ConversionId}", $"/api/leads/{lead}/conversions", $"/api/leads/conversions/{answer.ConversionId}/progress"])
        {
            (await app.As(TestUser.Rep).GetStringAsync(path)).ShouldContain("1234567", customMessage: path);
            (await app.As(TestUser.OtherRep).GetStringAsync(path)).ShouldNotContain("1234567", customMessage: path);
        }
    }

    [Fact]
    public async Task C24_existing_records_are_flagged_as_updated_not_created()
    {
        var (account, contact, opportunity) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var answer = await app.Convert(await app.NewLead(), new
        {
            account = new { mode = "existing", id = account }, contact = new { mode = "existing", id = contact }, opportunity = new { mode = "existing", id = opportunity },
        }, wait: 30);

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body?.ToJsonString());
        foreach (var (record, id) in new[] { ("account", account), ("contact", contact), ("opportunity", opportunity) })
        {
            answer.Body![record]!["id"]!.GetValue<Guid>().ShouldBe(id);
            answer.Body[record]!["created"]!.GetValue<bool>().ShouldBeFalse();
            answer.Body[record]!["updated"]!.GetValue<bool>().ShouldBeTrue();
        }
    }

    [Fact]
    public async Task C4_without_an_opportunity_opportunities_is_never_asked()
    {
        var lead = await app.NewLead();
        var answer = await app.Convert(lead, new { opportunity = new { mode = "none" } }, wait: 30);

        answer.State.ShouldBe("completed");
        answer.Body!["opportunity"].ShouldBeNull();
        app.Participants.For(lead).Messages.ShouldBe([typeof(CreateAccountAndContact), typeof(LeadConverted)]);
    }

    [Fact]
    public async Task C25_the_lead_is_converted_with_time_ids_and_status()
    {
        var lead = await app.NewLead();
        var answer = await app.Convert(lead, wait: 30);

        var after = await app.Lead(lead);
        after["isConverted"]!.GetValue<bool>().ShouldBeTrue();
        after["status"]!.GetValue<string>().ShouldBe("Converted");
        (await app.Database.Scalar<bool>(
            """
            select converted_at is not null and converted_account_id = $2 and converted_contact_id = $3 and converted_opportunity_id = $4 and conversion_id = $5 and converted
            from leads join lead_signals on lead_id = id where id = $1
            """,
            lead, answer.Body!["account"]!["id"]!.GetValue<Guid>(), answer.Body["contact"]!["id"]!.GetValue<Guid>(),
            answer.Body["opportunity"]!["id"]!.GetValue<Guid>(), answer.ConversionId)).ShouldBeTrue();
    }

    [Fact]
    public async Task C26_the_lead_is_announced_once_with_full_state_version_sequence_and_correlation_id()
    {
        var lead = await app.NewLead();
        var answer = await app.Convert(lead, wait: 30);

        var script = app.Participants.For(lead);
        script.Heard.ShouldAllBe(heard => heard.CorrelationId == answer.ConversionId);
        var converted = script.Of<LeadConverted>().ShouldHaveSingleItem();
        converted.Sequence.ShouldBe(4);
        converted.ConversionId.ShouldBe(answer.ConversionId);
        converted.ActorId.ShouldBe(TestUser.Rep.Id);
        converted.OwnerId.ShouldBe(TestUser.Rep.Id);
        converted.Lead.IsConverted.ShouldBeTrue();
        converted.Lead.StatusCategory.ShouldBe("converted");
        converted.Lead.Email.ShouldNotBeNull();
        converted.Lead.Version.ShouldBe(await app.Database.Scalar<long>("select version from leads where id = $1", lead));
    }

    [Fact]
    public async Task C25_the_leads_history_names_the_conversion()
    {
        var lead = await app.NewLead();
        var answer = await app.Convert(lead, wait: 30);

        (await app.Database.Scalar<long>(
            "select count(*) from platform.field_history where record_id = $1 and operation_id = $2 and actor_id = $3 and changes ? 'conversion'",
            lead, answer.ConversionId, TestUser.Rep.Id)).ShouldBe(2, "locked, converted");
        (await app.Database.Scalar<long>(
            "select count(*) from lead_status_log where lead_id = $1 and operation_id = $2", lead, answer.ConversionId)).ShouldBe(1);
    }

    [Fact]
    public async Task C8_the_participants_are_sent_what_the_table_says()
    {
        var lead = await app.NewLead(new { firstName = "Grace", lastName = "Hopper", company = "Compilers Inc", email = "grace@example.com", source = "Event", doNotCall = true });
        await app.Convert(lead, wait: 30);

        var asked = app.Participants.For(lead).Of<CreateAccountAndContact>().Single();
        asked.Account.Name.ShouldBe("Compilers Inc");
        asked.Contact.LastName.ShouldBe("Hopper");
        asked.Contact.Email.ShouldBe("grace@example.com");
        asked.Contact.DoNotCall.ShouldBeTrue();
        asked.OwnerId.ShouldBe(TestUser.Rep.Id);
        var opportunity = app.Participants.For(lead).Of<CreateOrAttachOpportunity>().Single();
        opportunity.Source.ShouldBe("Event");
        opportunity.Name.ShouldBe("Compilers Inc");
    }

    [Fact]
    public async Task C19_the_opportunity_is_asked_for_with_the_contact_and_its_role()
    {
        var lead = await app.NewLead();
        await app.Convert(lead, new { opportunity = new { role = "decisionMaker" } }, wait: 30);

        var asked = app.Participants.For(lead).Of<CreateOrAttachOpportunity>().Single();
        asked.ContactId.ShouldBe(app.Participants.For(lead).Of<CreateAccountAndContact>().Single().ContactId);
        asked.Role.ShouldBe("decisionMaker");
    }

    [Fact]
    public async Task C21_score_grade_and_rating_stay_as_they_were_when_the_lead_was_converted()
    {
        var lead = await app.NewLead(new { lastName = "Rated", company = $"Rated {Guid.NewGuid():N}", rating = "Hot" });
        await app.Database.Execute("update lead_signals set score = 77, grade = 'B' where lead_id = $1", lead);

        var conversion = (await app.Convert(lead, wait: 30)).ConversionId;
        await app.Database.Execute("update lead_signals set score = 5, grade = 'F' where lead_id = $1", lead);   // a scoring that goes on

        (await app.Over(conversion))["frozen"]!.ToJsonString().ShouldBe("""{"score":77,"grade":"B","rating":"Hot"}""");
    }

    private static async Task<string?> NextState(StreamReader stream)
    {
        while (await stream.ReadLineAsync() is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return System.Text.Json.Nodes.JsonNode.Parse(line[6..])!["state"]!.GetValue<string>();
        return null;
    }
}
