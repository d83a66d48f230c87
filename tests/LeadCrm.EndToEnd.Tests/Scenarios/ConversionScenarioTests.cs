using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.EndToEnd.Tests.Faults;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Scenarios;

/// <summary>A hundred leads become accounts, contacts and opportunities, each record, link, history entry and event checked.</summary>
[Collection(nameof(SharedSystem))]
public sealed class ConversionScenarioTests(RunningSystem system)
{
    [Fact]
    public async Task C8_C24_C25_C26_a_hundred_conversions_leave_every_record_link_history_entry_and_event_as_promised()
    {
        var ct = TestContext.Current.CancellationToken;
        using var rep = await system.SignIn(ct: ct);
        var log = new EventLog(system.ConnectionString("rabbitmq"));
        await log.Start();
        var existing = new List<(Guid Account, Guid Contact)>();
        for (var i = 0; i < 5; i++)
        {
            var account = await rep.Post("/api/accounts", new { name = Samples.Company("target", i) }, ct);
            var contact = await rep.Post("/api/contacts", new { lastName = "Existing " + i, accountId = account["id"]!.GetValue<Guid>() }, ct);
            existing.Add((account["id"]!.GetValue<Guid>(), contact["id"]!.GetValue<Guid>()));
        }
        var leads = new List<JsonNode>();
        for (var i = 0; i < 100; i++) leads.Add(await rep.Post("/api/leads", Samples.Lead("hundred", i), ct));

        // 0-39: everything new. 40-69: no opportunity. 70-89: into an existing account, new contact. 90-99: into an existing contact.
        var results = new JsonNode[100];
        await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (i, token) =>
        {
            var (account, contact) = existing[i % existing.Count];
            object request = i switch
            {
                < 40 => new { opportunity = new { mode = "create", amount = 1000.5m + i, currency = "EUR" } },
                < 70 => new { opportunity = new { mode = "none" } },
                < 90 => new { account = new { mode = "existing", id = account } },
                _ => new { account = new { mode = "existing", id = account }, contact = new { mode = "existing", id = contact }, opportunity = new { mode = "none" } },
            };
            var (status, body, _) = await rep.Send(HttpMethod.Post, $"/api/leads/{leads[i]["id"]}/conversions", request, new() { ["Prefer"] = "wait=30" }, token);
            ((int)status).ShouldBe(200, $"lead {i}: {body}");
            body!["state"]!.GetValue<string>().ShouldBe("completed", body.ToJsonString());
            results[i] = body;
        });

        for (var i = 0; i < 100; i++) await CheckRecords(rep, i, leads[i], results[i], existing[i % existing.Count], ct);
        await CheckEvents(log, results);
    }

    private static async Task CheckRecords(GatewayClient rep, int i, JsonNode before, JsonNode result, (Guid Account, Guid Contact) target, CancellationToken ct)
    {
        var lead = await rep.Get($"/api/leads/{before["id"]}", ct);
        lead["isConverted"]!.GetValue<bool>().ShouldBeTrue();
        var accountId = result["account"]!["id"]!.GetValue<Guid>();
        var contactId = result["contact"]!["id"]!.GetValue<Guid>();

        var account = await rep.Get($"/api/accounts/{accountId}", ct);
        var contact = await rep.Get($"/api/contacts/{contactId}", ct);
        contact["accountId"]!.GetValue<Guid>().ShouldBe(accountId);
        result["account"]!["created"]!.GetValue<bool>().ShouldBe(i < 70);
        result["contact"]!["created"]!.GetValue<bool>().ShouldBe(i < 90);
        if (i < 70) account["name"]!.GetValue<string>().ShouldBe(before["company"]!.GetValue<string>());
        else accountId.ShouldBe(target.Account);
        if (i < 90)
        {
            contact["lastName"]!.GetValue<string>().ShouldBe(before["lastName"]!.GetValue<string>());
            contact["email"]!.GetValue<string>().ShouldBe(before["email"]!.GetValue<string>());
        }
        else
        {
            contactId.ShouldBe(target.Contact);
            contact["lastName"]!.GetValue<string>().ShouldStartWith("Existing", Case.Sensitive, "a value that was there is never replaced (C10)");
        }

        if (i < 40 || i is >= 70 and < 90)
        {
            var opportunity = await rep.Get($"/api/opportunities/{result["opportunity"]!["id"]}", ct);
            opportunity["accountId"]!.GetValue<Guid>().ShouldBe(accountId);
            if (i < 40) opportunity["amount"]!.GetValue<decimal>().ShouldBe(1000.5m + i);
        }
        else
        {
            result["opportunity"].ShouldBeNull();
        }

        var operation = result["conversionId"]!.GetValue<Guid>();
        var history = await rep.All($"/api/leads/{before["id"]}/history", ct);
        history.ShouldContain(entry => entry["operationId"] != null && entry["operationId"]!.GetValue<Guid>() == operation, "the lead's history names the conversion");
        if (i < 70)
        {
            (await rep.All($"/api/accounts/{accountId}/history", ct))
                .ShouldContain(entry => entry["operationId"] != null && entry["operationId"]!.GetValue<Guid>() == operation, "the account's history names the conversion");
        }
    }

    private static async Task CheckEvents(EventLog log, JsonNode[] results)
    {
        var ids = results.Select(r => r["conversionId"]!.GetValue<Guid>()).ToHashSet();
        var heard = new List<EventLog.Heard>();
        await RunningSystem.Eventually("every lead's conversion was announced", async () =>
        {
            heard.AddRange((await log.Drain()).Where(e => e.ConversionId is { } id && ids.Contains(id)));
            return heard.Count(e => e.Type == "LeadConverted") == results.Length
                && heard.Count(e => e.Type == "OpportunityChanged") == results.Count(r => r["opportunity"] is not null);
        }, TimeSpan.FromSeconds(60));

        foreach (var result in results)
        {
            var conversion = result["conversionId"]!.GetValue<Guid>();
            var events = heard.Where(e => e.ConversionId == conversion).ToList();
            events.Select(e => e.Type).ShouldBeUnique();
            events.ShouldAllBe(e => e.CorrelationId == conversion);
            if (result["account"]!["created"]!.GetValue<bool>()) events.ShouldContain(e => e.Type == "AccountChanged" && e.Sequence == 1);
            if (result["contact"]!["created"]!.GetValue<bool>()) events.ShouldContain(e => e.Type == "ContactChanged" && e.Sequence == 2);
            if (result["opportunity"] is not null) events.ShouldContain(e => e.Type == "OpportunityChanged" && e.Sequence == 3);
        }
    }

    [Fact]
    public async Task C7_a_converted_lead_answers_409_with_what_it_became()
    {
        var ct = TestContext.Current.CancellationToken;
        using var rep = await system.SignIn(ct: ct);
        var lead = (await rep.Post("/api/leads", Samples.Lead("again", 1), ct))["id"]!.GetValue<Guid>();
        var (_, first, _) = await rep.Send(HttpMethod.Post, $"/api/leads/{lead}/conversions", new { }, new() { ["Prefer"] = "wait=30" }, ct);
        first!["state"]!.GetValue<string>().ShouldBe("completed", first.ToJsonString());

        var (status, second, _) = await rep.Send(HttpMethod.Post, $"/api/leads/{lead}/conversions", new { }, ct: ct);

        status.ShouldBe(HttpStatusCode.Conflict);
        second!["accountId"]!.GetValue<Guid>().ShouldBe(first["account"]!["id"]!.GetValue<Guid>());
        second["contactId"]!.GetValue<Guid>().ShouldBe(first["contact"]!["id"]!.GetValue<Guid>());
        second["opportunityId"]!.GetValue<Guid>().ShouldBe(first["opportunity"]!["id"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task C22_a_twin_of_an_existing_contact_needs_a_decision_and_converts_into_it()
    {
        var ct = TestContext.Current.CancellationToken;
        using var rep = await system.SignIn(ct: ct);
        var first = await rep.Post("/api/leads", Samples.Lead("twin", 1), ct);
        var (_, converted, _) = await rep.Send(HttpMethod.Post, $"/api/leads/{first["id"]}/conversions", new { }, new() { ["Prefer"] = "wait=30" }, ct);
        converted!["state"]!.GetValue<string>().ShouldBe("completed", converted.ToJsonString());
        var twin = await rep.Post("/api/leads", Samples.Lead("twin", 1), ct);

        var (status, asked, _) = await rep.Send(HttpMethod.Post, $"/api/leads/{twin["id"]}/conversions", new { }, ct: ct);

        status.ShouldBe(HttpStatusCode.Conflict, asked?.ToJsonString());
        var candidates = asked!["candidates"]!.AsArray();
        candidates.ShouldContain(c => c!["type"]!.GetValue<string>() == "account" && c["score"]!.GetValue<int>() > 0 && c["reasons"]!.AsArray().Count > 0);
        var account = candidates.First(c => c!["type"]!.GetValue<string>() == "account")!;
        account["openOpportunities"]!.AsArray().Count.ShouldBe(1);
        (await rep.Get($"/api/leads/{twin["id"]}", ct))["isConverted"]!.GetValue<bool>().ShouldBeFalse("nothing was written");

        var decisions = candidates.Select(c => new { type = c!["type"]!.GetValue<string>(), id = c["id"]!.GetValue<Guid>(), decision = "useExisting" });
        var (again, result, _) = await rep.Send(
            HttpMethod.Post, $"/api/leads/{twin["id"]}/conversions", new { duplicateDecision = decisions, opportunity = new { mode = "none" } }, new() { ["Prefer"] = "wait=30" }, ct);
        again.ShouldBe(HttpStatusCode.OK, result?.ToJsonString());
        result!["account"]!["id"]!.GetValue<Guid>().ShouldBe(converted["account"]!["id"]!.GetValue<Guid>());
        result["contact"]!["id"]!.GetValue<Guid>().ShouldBe(converted["contact"]!["id"]!.GetValue<Guid>());
        result["account"]!["created"]!.GetValue<bool>().ShouldBeFalse();
    }
}
