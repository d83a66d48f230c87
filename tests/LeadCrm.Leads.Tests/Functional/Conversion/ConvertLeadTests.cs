using System.Net;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>Conversions that go well, and requests that are refused before anything is written.</summary>
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
    public async Task C1_who_may_not_convert_gets_403_and_nothing_changes()
    {
        var lead = await app.NewLead();

        (await app.Convert(lead, user: TestUser.Reader)).Status.ShouldBe(HttpStatusCode.Forbidden);
        await NothingHappened(lead);
    }

    [Fact]
    public async Task C1_who_may_convert_but_not_edit_leads_gets_403()
    {
        var user = TestUser.With("leads.read", "leads.convert");
        await app.Know(user);
        var lead = await app.NewLead();

        (await app.Convert(lead, user: user)).Status.ShouldBe(HttpStatusCode.Forbidden);
        await NothingHappened(lead);
    }

    [Fact]
    public async Task C1_a_participants_403_is_the_answer_and_nothing_changes()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).CheckOpportunity = _ => new() { Status = 403, Reason = "You may not create opportunities." };

        var answer = await app.Convert(lead);

        answer.Status.ShouldBe(HttpStatusCode.Forbidden);
        answer.Body!["detail"]!.GetValue<string>().ShouldBe("You may not create opportunities.");
        await NothingHappened(lead);
    }

    [Fact]
    public async Task C1_the_participants_are_asked_with_the_acting_users_own_token()
    {
        var lead = await app.NewLead();
        await app.Convert(lead);

        var token = app.Participants.For(lead).Tokens.ShouldHaveSingleItem();
        token.ShouldStartWith("Bearer ");
        new JsonWebToken(token["Bearer ".Length..]).Subject.ShouldBe(TestUser.Rep.Id.ToString());
    }

    [Fact]
    public async Task C3_an_existing_contact_without_its_account_is_422()
    {
        var lead = await app.NewLead();
        var answer = await app.Convert(lead, new { contact = new { mode = "existing", id = Guid.NewGuid() } });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["contact.mode"]);
        await NothingHappened(lead);
    }

    [Fact]
    public async Task C3_a_contact_of_another_account_is_422_as_accounts_says()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).CheckAccounts = _ => new()
        {
            Status = 422, Violations = [new() { Record = "contact", Field = "contactId", Message = "The contact belongs to another account." }],
        };

        var answer = await app.Convert(lead, new { account = new { mode = "existing", id = Guid.NewGuid() }, contact = new { mode = "existing", id = Guid.NewGuid() } });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["contact.id"]);
        await NothingHappened(lead);
    }

    [Fact]
    public async Task C4_no_opportunity_with_a_name_is_422()
    {
        var answer = await app.Convert(await app.NewLead(), new { opportunity = new { mode = "none", name = "Deal" } });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["opportunity.mode"]);
    }

    [Fact]
    public async Task C4_a_closed_opportunity_is_422_as_opportunities_says()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).CheckOpportunity = _ => new() { Status = 422, Violations = [new() { Field = "opportunityId", Message = "The opportunity is closed." }] };

        var answer = await app.Convert(lead, new { account = new { mode = "existing", id = Guid.NewGuid() }, opportunity = new { mode = "existing", id = Guid.NewGuid() } });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["opportunity.id"]);
        await NothingHappened(lead);
    }

    [Fact]
    public async Task C5_a_lead_in_a_queue_without_an_owner_is_422()
    {
        var lead = await InQueue();
        var answer = await app.Convert(lead);

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["ownerId"]);
        await NothingHappened(lead);
    }

    [Fact]
    public async Task C5_a_lead_in_a_queue_is_converted_for_the_named_owner()
    {
        var lead = await InQueue();
        var answer = await app.Convert(lead, new { ownerId = TestUser.OtherRep.Id }, wait: 30);

        answer.State.ShouldBe("completed");
        app.Participants.For(lead).Of<CreateAccountAndContact>().Single().OwnerId.ShouldBe(TestUser.OtherRep.Id);
    }

    [Fact]
    public async Task C5_an_inactive_owner_is_422()
    {
        var gone = TestUser.With("leads.read");
        await app.Know(gone);
        await app.Database.Execute("update platform.directory_users set is_active = false where id = $1", gone.Id);
        await app.Stop();
        await app.Start();   // reads the directory anew

        var answer = await app.Convert(await app.NewLead(), new { ownerId = gone.Id });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["ownerId"]);
    }

    [Fact]
    public async Task C6_all_violations_of_all_participants_return_together()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.CheckAccounts = _ => new() { Status = 422, Violations = [new() { Record = "account", Field = "website", Message = "Not a web address." }, new() { Record = "contact", Field = "email", Message = "Not an e-mail." }] };
        script.CheckOpportunity = _ => new() { Status = 422, Violations = [new() { Field = "stage", Message = "There is no such stage." }] };

        var answer = await app.Convert(lead, new { convertedStatus = "Working", ownerId = Guid.NewGuid() });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["account.website", "contact.email", "opportunity.stage", "convertedStatus", "ownerId"], ignoreOrder: true);
        await NothingHappened(lead);
    }

    [Fact]
    public async Task C7_a_deleted_lead_is_409()
    {
        var lead = await app.NewLead();
        using var delete = new HttpRequestMessage(HttpMethod.Delete, $"/api/leads/{lead}");
        delete.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        (await app.As(TestUser.Rep).SendAsync(delete)).IsSuccessStatusCode.ShouldBeTrue();

        var answer = await app.Convert(lead);

        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        answer.Problem.ShouldBe("lead-deleted");
    }

    [Fact]
    public async Task C7_a_lead_that_is_being_converted_is_409_with_the_operation()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).Account = _ => null;
        var first = await app.Convert(lead);

        var answer = await app.Convert(lead);

        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        answer.Problem.ShouldBe("lead-locked");
        answer.ConversionId.ShouldBe(first.ConversionId);
    }

    [Fact]
    public async Task C7_a_converted_lead_is_409_with_the_ids_of_what_it_became()
    {
        var lead = await app.NewLead();
        var first = await app.Convert(lead, wait: 30);

        var answer = await app.Convert(lead);

        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        foreach (var record in new[] { "account", "contact", "opportunity" })
            answer.Body![record + "Id"]!.GetValue<Guid>().ShouldBe(first.Body![record]!["id"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task C7_an_unknown_lead_is_404() => (await app.Convert(Guid.NewGuid())).Status.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task C22_candidates_need_a_decision_and_come_with_reasons_and_open_opportunities()
    {
        var lead = await app.NewLead();
        var account = Guid.CreateVersion7();
        var script = app.Participants.For(lead);
        script.CheckAccounts = command => command.Decisions.Any(decision => decision.RecordId == account)
            ? new() { Status = 200 }
            : new() { Status = 409, Reason = "Decide.", Candidates = [new() { RecordType = "account", RecordId = account, Name = "Engines", Score = 88, Reasons = ["name: similar (0.88)"] }] };
        script.CheckOpportunity = command => new()
        {
            Status = 200,
            OpenOpportunities = command.AccountId == account
                ? [new() { OpportunityId = Guid.CreateVersion7(), AccountId = account, Name = "Running deal", Stage = "Proposal", Currency = "EUR", CloseDate = new(2026, 12, 31) }]
                : [],
        };

        var asked = await app.Convert(lead);

        asked.Status.ShouldBe(HttpStatusCode.Conflict);
        asked.Problem.ShouldBe("conversion-needs-decision");
        var candidate = asked.Body!["candidates"]!.AsArray().ShouldHaveSingleItem()!;
        candidate["type"]!.GetValue<string>().ShouldBe("account");
        candidate["score"]!.GetValue<int>().ShouldBe(88);
        candidate["reasons"]![0]!.GetValue<string>().ShouldBe("name: similar (0.88)");
        candidate["openOpportunities"]![0]!["name"]!.GetValue<string>().ShouldBe("Running deal");
        await NothingHappened(lead);

        var decided = await app.Convert(lead, new { duplicateDecision = new[] { new { type = "account", id = account, decision = "createAnyway" } } }, wait: 30);
        decided.State.ShouldBe("completed");
        decided.Body!["account"]!["created"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task C22_a_decision_to_use_the_candidate_converts_into_it()
    {
        var (lead, account) = (await app.NewLead(), Guid.CreateVersion7());
        var answer = await app.Convert(lead, new { duplicateDecision = new[] { new { type = "account", id = account, decision = "useExisting" } } }, wait: 30);

        answer.State.ShouldBe("completed");
        answer.Body!["account"]!["id"]!.GetValue<Guid>().ShouldBe(account);
        app.Participants.For(lead).Of<CreateAccountAndContact>().Single().CreateAccount.ShouldBeFalse();
    }

    [Fact]
    public async Task C34_a_preview_tells_the_plan_and_writes_nothing()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).CheckAccounts = command => new()
        {
            Status = 200, AccountName = command.Account.Name, ContactName = "Ada Byron", Warnings = ["The e-mail is also another contact's."],
            Provenance = [new() { Record = "account", Field = "name", Outcome = "set", Value = command.Account.Name }],
        };

        var answer = await app.Convert(lead, new { dryRun = true }, wait: 30);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body!["status"]!.GetValue<int>().ShouldBe(202);
        answer.Body["account"]!["created"]!.GetValue<bool>().ShouldBeTrue();
        answer.Body["account"]!["id"].ShouldBeNull();
        answer.Body["provenance"]![0]!["from"]!.GetValue<string>().ShouldBe("lead.company");
        answer.Body["warnings"]!.AsArray().Count.ShouldBe(1);
        await NothingHappened(lead);
    }

    [Fact]
    public async Task C34_a_preview_tells_what_would_be_refused()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).CheckOpportunity = _ => new() { Status = 422, Violations = [new() { Field = "stage", Message = "There is no such stage." }] };

        var answer = await app.Convert(lead, new { dryRun = true });

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body!["status"]!.GetValue<int>().ShouldBe(422);
        answer.Errors.ShouldBe(["opportunity.stage"]);
    }

    [Fact]
    public async Task An_unknown_member_of_the_request_is_refused_by_name()
    {
        var answer = await app.Convert(await app.NewLead(), new { acount = new { mode = "create" } });

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Body!["detail"]!.GetValue<string>().ShouldContain("acount");
    }

    [Fact]
    public async Task A_stale_if_match_is_412()
    {
        var lead = await app.NewLead();
        (await app.Convert(lead, ifMatch: "\"7\"")).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        await NothingHappened(lead);
    }

    [Fact]
    public async Task A_current_if_match_is_accepted() =>
        (await app.Convert(await app.NewLead(), ifMatch: "\"1\"")).Status.ShouldBe(HttpStatusCode.Accepted);

    [Fact]
    public async Task C7_on_a_converted_lead_409_comes_before_412()
    {
        var lead = await app.NewLead();
        await app.Convert(lead, wait: 30);

        (await app.Convert(lead, ifMatch: "\"1\"")).Status.ShouldBe(HttpStatusCode.Conflict);
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

    private async Task<Guid> InQueue()
    {
        var queue = Guid.CreateVersion7();
        await app.Database.Execute("insert into lead_queues (id, name, version, members) values ($1, $2, 1, '{}')", queue, $"Queue {queue}");
        var lead = await app.NewLead();
        await app.Database.Execute("update leads set owner_id = null, queue_id = $2 where id = $1", lead, queue);
        return lead;
    }

    /// <summary>No conversion, no lock, no message.</summary>
    private async Task NothingHappened(Guid lead)
    {
        (await app.Database.Scalar<long>("select count(*) from conversions where lead_id = $1", lead)).ShouldBe(0);
        (await app.Database.Scalar<string>("select conversion from leads where id = $1", lead)).ShouldBe("None");
        (await app.Database.Scalar<long>("select version from leads where id = $1", lead)).ShouldBe(1);
        app.Participants.For(lead).Messages.ShouldBeEmpty();
    }

    private static async Task<string?> NextState(StreamReader stream)
    {
        while (await stream.ReadLineAsync() is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return System.Text.Json.Nodes.JsonNode.Parse(line[6..])!["state"]!.GetValue<string>();
        return null;
    }
}
