using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Tests.Functional.Conversion;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.BulkConversions;

using Answer = LeadCrm.Leads.Tests.Functional.Conversion.Answer;

/// <summary>A worker that looks often, and takes a few leads at a time.</summary>
public sealed class BulkConversionApp : ConversionApp
{
    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        base.ConfigureHost(builder);
        builder.UseSetting("BulkConversion:Poll", "00:00:00.100");
        builder.UseSetting("BulkConversion:Look", "00:00:00.020");
        builder.UseSetting("BulkConversion:Chunk", "5");
        builder.UseSetting("BulkConversion:UnderWay", "10");
    }

    internal async Task<Guid[]> NewLeads(int count)
    {
        List<Guid> leads = [];
        for (var i = 0; i < count; i++) leads.Add(await NewLead());
        return [.. leads];
    }

    internal async Task<Answer> Start(object request, TestUser? user = null) =>
        await Answer.Of(await As(user ?? TestUser.Rep).PostAsJsonAsync("/api/leads/bulk-conversions", request));

    internal async Task<JsonNode> Run(object request)
    {
        var started = await Start(request);
        started.Status.ShouldBe(HttpStatusCode.Accepted, started.Body?.ToJsonString());
        return await Finished(started.Body!["id"]!.GetValue<Guid>());
    }

    internal async Task<JsonNode> Finished(Guid id) => await Eventually.Get(
        async () => (await Get($"/api/leads/bulk-conversions/{id}")).Body is { } job && job["finishedAt"] is not null ? job : null, $"bulk conversion {id} is over", TimeSpan.FromSeconds(90));

    internal async Task<Answer> Say(Guid id, string what) => await Answer.Of(await As(TestUser.Rep).PostAsync($"/api/leads/bulk-conversions/{id}/{what}", null));

    /// <summary>The outcome of each lead, by lead.</summary>
    internal async Task<Dictionary<Guid, JsonNode>> Outcomes(JsonNode job) =>
        (await Get($"/api/leads/bulk-conversions/{job["id"]}/leads?limit=200")).Body!["items"]!.AsArray().ToDictionary(item => item!["leadId"]!.GetValue<Guid>(), item => item!);
}

public sealed class BulkConversionTests(BulkConversionApp app) : IClassFixture<BulkConversionApp>
{
    private static string State(JsonNode node) => node["state"]!.GetValue<string>();

    private static (int Converted, int Failed, int Skipped) Counts(JsonNode job) =>
        (job["converted"]!.GetValue<int>(), job["failed"]!.GetValue<int>(), job["skipped"]!.GetValue<int>());

    [Fact]
    public async Task C37a_many_leads_are_converted_with_an_outcome_for_each_and_in_few_messages()
    {
        var leads = await app.NewLeads(12);
        var job = await app.Run(new { leadIds = leads, defaults = new { opportunity = new { stage = "Proposal", amount = 10 } } });

        State(job).ShouldBe("completed");
        Counts(job).ShouldBe((12, 0, 0));
        job["percent"]!.GetValue<int>().ShouldBe(100);
        job["perSecond"]!.GetValue<double>().ShouldBeGreaterThan(0);
        var outcomes = await app.Outcomes(job);
        foreach (var lead in leads)
        {
            State(outcomes[lead]).ShouldBe("converted");
            var record = await app.Lead(lead);
            record["isConverted"]!.GetValue<bool>().ShouldBeTrue();
            record["convertedAccountId"]!.GetValue<Guid>().ShouldBe(outcomes[lead]["accountId"]!.GetValue<Guid>());
            app.Participants.For(lead).Heard.Select(heard => heard.Together).Max().ShouldBeGreaterThan(1, "leads go together");
            app.Participants.For(lead).Of<LeadCrm.Opportunities.Contracts.CreateOrAttachOpportunity>().ShouldHaveSingleItem().Amount.ShouldBe(10);
        }
    }

    [Fact]
    public async Task C37b_one_bad_lead_never_fails_the_others()
    {
        var leads = await app.NewLeads(7);
        app.Participants.For(leads[1]).CheckAccounts = _ => new() { Status = 422, Reason = "Bad.", Violations = [new() { Record = "account", Field = "name", Message = "Too long." }] };
        app.Participants.For(leads[2]).Account = command => new AccountAndContactRefused { ConversionId = command.ConversionId, Status = 409, Reason = "Looks like one we have." };
        (await app.Convert(leads[3], wait: 30)).State.ShouldBe("completed");
        var nobody = Guid.CreateVersion7();
        var job = await app.Run(new { leadIds = leads.Append(nobody) });

        Counts(job).ShouldBe((4, 4, 0));
        var outcomes = await app.Outcomes(job);
        outcomes[leads[1]]["problem"]!["status"]!.GetValue<int>().ShouldBe(422);
        outcomes[leads[1]]["problem"]!["errors"]!.AsObject().ShouldContain(error => error.Key == "account.name");
        outcomes[leads[2]]["problem"]!["detail"]!.GetValue<string>().ShouldBe("Looks like one we have.");
        outcomes[leads[3]]["problem"]!["type"]!.GetValue<string>().ShouldEndWith("lead-converted");
        outcomes[nobody]["problem"]!["status"]!.GetValue<int>().ShouldBe(404);
        (await app.Lead(leads[2]))["isConverting"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task C37c_leads_of_one_company_share_the_new_account()
    {
        var company = $"Shared {Guid.NewGuid():N}";
        List<Guid> leads = [];
        foreach (var name in (string[])[company + " GmbH", company.ToUpperInvariant(), company + ", Inc."]) leads.Add(await app.NewLead(new { lastName = "Person", company = name }));
        leads.AddRange(await app.NewLeads(4));   // so that they are in more than one chunk
        leads.Add(await app.NewLead(new { lastName = "Late", company }));
        var outcomes = await app.Outcomes(await app.Run(new { leadIds = leads }));

        var accounts = leads.Select(lead => outcomes[lead]["accountId"]!.GetValue<Guid>()).ToList();
        accounts.Take(3).Append(accounts[^1]).Distinct().ShouldHaveSingleItem();
        accounts.Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public async Task C37d_a_trial_says_for_each_lead_what_would_happen_and_changes_nothing()
    {
        var leads = await app.NewLeads(3);
        app.Participants.For(leads[1]).CheckAccounts = _ => Duplicate(Guid.NewGuid(), 95);
        var job = await app.Run(new { leadIds = leads, dryRun = true });

        Counts(job).ShouldBe((2, 0, 1));
        var outcomes = await app.Outcomes(job);
        State(outcomes[leads[0]]).ShouldBe("convertible");
        State(outcomes[leads[1]]).ShouldBe("skipped");
        foreach (var lead in leads)
        {
            (await app.Lead(lead))["version"]!.GetValue<long>().ShouldBe(1);
            app.Participants.For(lead).Messages.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task C37e_the_policy_decides_about_duplicates_and_what_is_said_for_one_lead_beats_it()
    {
        var leads = await app.NewLeads(3);
        var (sure, unsure, named) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        foreach (var (lead, candidate, score) in (IEnumerable<(Guid, Guid, int)>)[(leads[0], sure, 96), (leads[1], unsure, 70), (leads[2], named, 70)])
            app.Participants.For(lead).CheckAccounts = command => command.AccountId == candidate || command.Decisions.Any(d => d.RecordId == candidate)
                ? new() { Status = 200, AccountName = "Existing" } : Duplicate(candidate, score);
        var job = await app.Run(new
        {
            leadIds = leads, onDuplicate = new { action = "useExisting", minScore = 90 },
            overrides = new Dictionary<Guid, object> { [leads[2]] = new { duplicateDecision = new[] { new { type = "account", id = named, decision = "createAnyway" } } } },
        });

        Counts(job).ShouldBe((2, 0, 1));
        var outcomes = await app.Outcomes(job);
        outcomes[leads[0]]["accountId"]!.GetValue<Guid>().ShouldBe(sure);
        State(outcomes[leads[1]]).ShouldBe("skipped");
        outcomes[leads[1]]["problem"]!["candidates"]!.AsArray().ShouldHaveSingleItem()!["id"]!.GetValue<Guid>().ShouldBe(unsure);
        State(outcomes[leads[2]]).ShouldBe("converted");
        app.Participants.For(leads[2]).Of<CreateAccountAndContact>().Single().CreateAccount.ShouldBeTrue();
    }

    [Fact]
    public async Task C37f_a_list_filter_names_the_leads_too()
    {
        var city = "City" + Guid.NewGuid().ToString("N");
        List<Guid> leads = [];
        for (var i = 0; i < 3; i++) leads.Add(await app.NewLead(new { lastName = $"Person {i}", company = $"{city} {i}", city }));
        var job = await app.Run(new { filter = $"view=current&city={city}&lastName[in]=Person 0,Person 2" });

        job["total"]!.GetValue<int>().ShouldBe(2);
        (await app.Outcomes(job)).Keys.ShouldBe([leads[0], leads[2]], ignoreOrder: true);
        (await app.Lead(leads[1]))["isConverted"]!.GetValue<bool>().ShouldBeFalse();
        (await app.Start(new { filter = "nonsense=1" })).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task C37g_paused_it_begins_nothing_more_and_resumed_it_goes_on()
    {
        var leads = await app.NewLeads(20);
        var hold = new TaskCompletionSource();
        app.Participants.For(leads[0]).ChecksHang = hold;
        var id = (await app.Start(new { leadIds = leads })).Body!["id"]!.GetValue<Guid>();
        (await app.Say(id, "pause")).Status.ShouldBe(HttpStatusCode.Accepted);
        hold.SetResult();
        var paused = await Eventually.Get(async () => (await app.Get($"/api/leads/bulk-conversions/{id}")).Body is { } job && State(job) == "paused" ? job : null, "it pauses", TimeSpan.FromSeconds(60));
        Counts(paused).Converted.ShouldBeLessThan(20);

        (await app.Say(id, "resume")).Status.ShouldBe(HttpStatusCode.Accepted);
        Counts(await app.Finished(id)).ShouldBe((20, 0, 0));
        (await app.Say(id, "pause")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task C37h_cancelled_it_leaves_the_rest_as_it_is()
    {
        var leads = await app.NewLeads(20);
        foreach (var lead in leads.Take(5)) app.Participants.For(lead).Account = _ => null;   // the first chunk does not get on
        var id = (await app.Start(new { leadIds = leads })).Body!["id"]!.GetValue<Guid>();
        await Eventually.Is(async () => (await app.Lead(leads[0]))["isConverting"]!.GetValue<bool>(), "the first chunk is under way");
        (await app.Say(id, "cancel")).Status.ShouldBe(HttpStatusCode.Accepted);
        foreach (var lead in leads.Take(5))
        {
            var command = await Eventually.Get(() => Task.FromResult(app.Participants.For(lead).Of<CreateAccountAndContact>().FirstOrDefault()), "step one is asked for");
            await app.Participants.Say(Script.Ready(command));
        }

        var job = await app.Finished(id);
        State(job).ShouldBe("cancelled");
        var outcomes = await app.Outcomes(job);
        leads.Take(5).ShouldAllBe(lead => State(outcomes[lead]) == "converted");
        outcomes.Values.Count(outcome => State(outcome) == "cancelled").ShouldBe(20 - Counts(job).Converted);
        (await app.Lead(leads[^1]))["isConverted"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task C37i_a_replica_that_died_is_followed_by_another_and_no_lead_is_converted_twice()
    {
        var leads = await app.NewLeads(8);
        var id = (await app.Start(new { leadIds = leads, dryRun = true })).Body!["id"]!.GetValue<Guid>();
        await app.Finished(id);
        // As a replica leaves it that is killed in the middle: held, three leads with their outcome, five without.
        await app.Database.Execute("update bulk_conversions set plan = plan || '{\"dryRun\": false}', state = 'Running', lease_owner = gen_random_uuid(), lease_until = now() - interval '1 second', converted = 0, finished_at = null where id = $1", id);
        await app.Database.Execute("update bulk_conversion_leads set state = 'Waiting' where bulk_conversion_id = $1", id);

        var job = await app.Finished(id);
        Counts(job).ShouldBe((8, 0, 0));
        leads.ShouldAllBe(lead => app.Participants.For(lead).Of<LeadConverted>().Count() == 1);
    }

    [Fact]
    public async Task C37j_what_makes_no_sense_or_is_not_allowed_is_refused_at_once()
    {
        var lead = await app.NewLead();
        (await app.Start(new { leadIds = new[] { lead } }, TestUser.Reader)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await app.Start(new { leadIds = Array.Empty<Guid>() })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await app.Start(new { leadIds = Enumerable.Range(0, 10_001).Select(_ => Guid.CreateVersion7()) })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await app.Start(new { leadIds = new[] { lead }, filter = "view=all" })).Errors.ShouldContain("leadIds");
        (await app.Start(new { leadIds = new[] { lead }, defaults = new { nonsense = true } })).Errors.ShouldContain("defaults");
    }

    [Fact]
    public async Task C37k_progress_is_told_until_it_is_over()
    {
        var id = (await app.Start(new { leadIds = await app.NewLeads(12) })).Body!["id"]!.GetValue<Guid>();
        using var answer = await app.As(TestUser.Rep).GetAsync($"/api/leads/bulk-conversions/{id}/progress", HttpCompletionOption.ResponseHeadersRead);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var told = (await answer.Content.ReadAsStringAsync()).Split('\n').Where(line => line.StartsWith("data:", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line[5..])!).ToList();
        State(told[^1]).ShouldBe("completed");
        told[^1]["converted"]!.GetValue<int>().ShouldBe(12);
    }

    private static AccountConversionCheck Duplicate(Guid candidate, int score) => new()
    {
        Status = 409, Reason = "Similar records exist already.",
        Candidates = [new() { RecordType = "account", RecordId = candidate, Name = "Existing", Score = score, Reasons = ["name: exact"] }],
    };
}
