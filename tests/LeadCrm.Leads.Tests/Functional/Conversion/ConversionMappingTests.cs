using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>The mapping as an administrator edits it, and what a request says beside it; on a service of its own, for the mapping is everybody's.</summary>
public sealed class ConversionMappingTests(ConversionApp app) : IClassFixture<ConversionApp>
{
    private const string Path = "/api/leads/conversion-mapping";

    [Fact]
    public async Task C8a_everybody_sees_the_one_table_and_only_who_manages_the_setup_changes_it()
    {
        var mapping = await Read();

        mapping["standard"]!.AsArray().Select(line => $"{line!["leadField"]} > {line["record"]}.{line["field"]} {line["isOn"]}").ShouldContain("source > account.source false");
        mapping["leadFields"]!.AsArray().ShouldContain(field => field!["name"]!.GetValue<string>() == "need" && field["type"]!.GetValue<string>() == "longText");
        mapping["recordFields"]!.AsArray().ShouldContain(field => field!["record"]!.GetValue<string>() == "opportunity" && field["name"]!.GetValue<string>() == "amount");
        (await Put(Body(), ETag(mapping), TestUser.Rep)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await app.Convert(await app.NewLead(), new { dryRun = true })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task C11i_the_mapping_is_checked_when_it_is_saved_needs_its_version_and_keeps_its_history()
    {
        var tag = ETag(await Read());
        (await Put(Body(), null)).Status.ShouldBe((HttpStatusCode)428);
        var wrong = await Put(Body(rules: [new { leadField = "doNotCall", record = "account", field = "type" }]), tag);
        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wrong.Errors.ShouldBe(["rules[0]"]);

        var changed = await Put(Body(rules: [new { leadField = "timeframe", record = "opportunity", field = "type" }]), tag);
        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Body?.ToJsonString());
        (await Put(Body(), tag)).Status.ShouldBe(HttpStatusCode.PreconditionFailed);

        var history = await Answer.Of(await app.As(TestUser.Admin).GetAsync(Path + "/history"));
        history.Body!["items"]![0]!["changes"]!["rules"]!["new"]![0]!["leadField"]!.GetValue<string>().ShouldBe("timeframe");
        (await Put(Body(), ETag(changed.Body!))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task C11j_a_line_that_was_added_feeds_the_next_conversion_and_its_provenance_says_so()
    {
        await Put(Body(sourceToAccount: true, rules: [new { leadField = "budget", record = "opportunity", field = "amount" }, new { leadField = "need", record = "account", field = "description" }],
            rates: [new { from = "GBP", to = "EUR", rate = 1.17m, asOf = "2026-03-01" }]), ETag(await Read()));
        try
        {
            var lead = await app.NewLead(new { lastName = "Byron", company = "Engines", need = "Steam", budget = 1000, budgetCurrency = "GBP", source = "Partner", timeframe = "Q3" });
            app.Participants.For(lead).Account = command => Script.Ready(command) with
            {
                Provenance = [new() { Record = "account", Field = "description", Outcome = "set", Value = command.Account.Description }, new() { Record = "account", Field = "source", Outcome = "set", Value = command.Account.Source }],
            };
            var answer = await app.Convert(lead, new { opportunity = new { currency = "EUR" } }, wait: 30);

            answer.State.ShouldBe("completed");
            answer.Body!["provenance"]!.AsArray().Take(2).Select(field => $"{field!["field"]} {field["value"]} <- {field["from"]} ({field["mapping"]})")
                .ShouldBe(["description Steam <- lead.need (custom)", "source Partner <- lead.source (standard)"]);
            answer.Body["leftBehind"]!.AsArray().Select(left => left!["field"]!.GetValue<string>()).ShouldBe(["timeframe"]);
            var deal = app.Participants.For(lead).Of<CreateOrAttachOpportunity>().Single();
            (deal.Amount, deal.Currency, deal.WantedCurrency).ShouldBe((1000m, "GBP", "EUR"));
            deal.Rates!.ShouldHaveSingleItem().ShouldBe(new StampedRate { From = "GBP", To = "EUR", Rate = 1.17m, AsOf = new DateOnly(2026, 3, 1) });
        }
        finally
        {
            await Put(Body(), ETag(await Read()));
        }
    }

    [Fact]
    public async Task C14d_the_report_is_in_the_preview_and_in_the_answer()
    {
        var lead = await app.NewLead(new { lastName = "Byron", company = "Engines", need = "Steam", nextStep = "Call" });
        var preview = await app.Convert(lead, new { dryRun = true, opportunity = new { mode = "none" } });
        var answer = await app.Convert(lead, new { opportunity = new { mode = "none" } }, wait: 30);

        foreach (var body in new[] { preview.Body!, answer.Body! })
            body["leftBehind"]!.AsArray().Select(left => $"{left!["field"]} ({left["label"]}): {left["value"]}").ShouldBe(["need (Need): Steam", "nextStep (Next step): Call"]);
    }

    [Fact]
    public async Task C39e_overrides_reach_the_records_and_what_is_wrong_with_them_is_told_with_all_the_rest()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.CheckAccounts = command => command.Account.Website is null ? new() { Status = 200 } : new() { Status = 422, Violations = [new() { Record = "account", Field = "website", Message = "No." }] };
        var wrong = await app.Convert(lead, new { fieldOverrides = new { account = new { website = "nowhere" }, contact = new { shoeSize = 42 } } });
        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wrong.Errors.ShouldBe(["account.website", "fieldOverrides.contact.shoeSize"], ignoreOrder: true);

        var answer = await app.Convert(lead, new { fieldOverrides = new { account = new { name = "Engines & Sons" }, opportunity = new { type = "New business" } } }, wait: 30);
        answer.State.ShouldBe("completed");
        script.Of<CreateAccountAndContact>().Single().Account.Name.ShouldBe("Engines & Sons");
        script.Of<CreateOrAttachOpportunity>().Single().Type.ShouldBe("New business");
        answer.Body!["provenance"]![0]!["from"]!.GetValue<string>().ShouldBe("override");
    }

    [Fact]
    public async Task C39f_the_task_and_the_wish_to_tell_the_owner_go_with_the_pivot_and_the_task_is_in_the_answer()
    {
        var lead = await app.NewLead();
        var answer = await app.Convert(lead, new { followUpTask = new { subject = "Send the offer", dueOn = "2030-05-02" }, notifyOwner = true }, wait: 30);

        answer.State.ShouldBe("completed", answer.Body?.ToJsonString());
        var told = app.Participants.For(lead).Of<LeadConverted>().First();
        told.NotifyOwner.ShouldBeTrue();
        told.FollowUpTask.ShouldBe(new ConversionTask { TaskId = answer.Body!["followUpTask"]!["taskId"]!.GetValue<Guid>(), Subject = "Send the offer", DueOn = new DateOnly(2030, 5, 2), AssigneeId = TestUser.Rep.Id });
    }

    [Fact]
    public async Task C1d_who_may_not_create_tasks_gets_403_and_nothing_changes()
    {
        var lead = await app.NewLead();
        var user = TestUser.Rep with { Permissions = [.. TestUser.Rep.Permissions.Where(permission => permission != "activities.create")] };
        var answer = await app.Convert(lead, new { followUpTask = new { subject = "Call" } }, user: user);

        answer.Status.ShouldBe(HttpStatusCode.Forbidden);
        app.Participants.For(lead).Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task C23d_warnings_stop_the_conversion_until_the_request_accepts_them()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.CheckAccounts = command => command.AcceptWarnings ? new() { Status = 200, Warnings = ["email is J. Hayes's too"] } : new() { Status = 409, Reason = "See warnings.", Warnings = ["email is J. Hayes's too"] };

        var stopped = await app.Convert(lead);
        (stopped.Status, stopped.Problem).ShouldBe((HttpStatusCode.Conflict, "conversion-warnings"));
        stopped.Body!["warnings"]!.AsArray().Select(warning => warning!.GetValue<string>()).ShouldBe(["email is J. Hayes's too"]);
        (await app.Convert(lead, new { dryRun = true })).Body!["warnings"]!.AsArray().Count.ShouldBe(1);
        script.Messages.ShouldBeEmpty();

        (await app.Convert(lead, new { acceptWarnings = true }, wait: 30)).State.ShouldBe("completed");
        script.Of<CreateAccountAndContact>().Single().AcceptWarnings.ShouldBeTrue();
    }

    [Fact]
    public async Task C8_an_opportunity_of_a_lead_without_a_company_is_named_after_the_existing_account_already_in_the_check()
    {
        var lead = await app.NewLead(new { lastName = "Byron", email = $"{Guid.NewGuid():N}@example.com" });
        var script = app.Participants.For(lead);
        script.CheckAccounts = _ => new() { Status = 200, AccountName = "Engines" };
        script.CheckOpportunity = command => command.AccountName == "Engines" ? new() { Status = 200, Name = command.AccountName } : new() { Status = 422, Violations = [new() { Field = "name", Message = "A name is needed." }] };

        var preview = await app.Convert(lead, new { dryRun = true, account = new { mode = "existing", id = Guid.NewGuid() } });

        preview.Body!["status"]!.GetValue<int>().ShouldBe(202);
        preview.Body["opportunity"]!["name"]!.GetValue<string>().ShouldBe("Engines");
    }

    private static object Body(bool sourceToAccount = false, object[]? rules = null, object[]? rates = null) =>
        new { sourceToAccount, leadWithoutCompany = "nameAccountAfterPerson", rules = rules ?? [], rates = rates ?? [] };

    private static string ETag(JsonNode mapping) => $"\"{mapping["version"]}\"";

    private async Task<JsonNode> Read() => (await app.Get(Path)).Body!;

    private async Task<Answer> Put(object body, string? tag, TestUser? user = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Put, Path) { Content = JsonContent.Create(body) };
        if (tag is not null) message.Headers.TryAddWithoutValidation("If-Match", tag);
        return await Answer.Of(await app.As(user ?? TestUser.Admin).SendAsync(message));
    }
}
