using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Scenarios;

/// <summary>What a preview foretells is what the conversion does, on the real services, for leads, targets, mappings and requests made up by chance.</summary>
[Collection(nameof(SharedSystem))]
public sealed class PreviewScenarioTests(RunningSystem system)
{
    private const int Cases = 30;

    [Fact]
    public async Task C34d_preview_and_result_agree_field_by_field()
    {
        var ct = TestContext.Current.CancellationToken;
        using var rep = await system.SignIn(ct: ct);
        using var admin = await system.SignIn("admin@leadcrm.local", ct);
        var shipped = await admin.Get("/api/leads/conversion-mapping", ct);
        try
        {
            for (var seed = 0; seed < Cases; seed++)
            {
                var chance = new Random(seed);
                if (seed % 10 == 0) await SetMapping(admin, chance, ct);
                await Compare(rep, chance, $"case {seed}", ct);
            }
        }
        finally
        {
            await Put(admin, new JsonObject
            {
                ["sourceToAccount"] = shipped["sourceToAccount"]!.DeepClone(), ["leadWithoutCompany"] = shipped["leadWithoutCompany"]!.DeepClone(),
                ["rules"] = shipped["rules"]!.DeepClone(), ["rates"] = shipped["rates"]!.DeepClone(),
            }, ct);
        }
    }

    private static async Task Compare(GatewayClient rep, Random chance, string name, CancellationToken ct)
    {
        var lead = await rep.Post("/api/leads", Lead(chance, name), ct);
        var request = await Request(rep, chance, name, ct);
        var path = $"/api/leads/{lead["id"]}/conversions";

        var preview = await rep.Post(path, With(request, "dryRun", true), ct);
        (await rep.Get(path, ct))["items"]!.AsArray().Count.ShouldBe(0, name);
        (await rep.Get($"/api/leads/{lead["id"]}", ct))["version"]!.GetValue<long>().ShouldBe(lead["version"]!.GetValue<long>(), name);

        var (status, result, _) = await rep.Send(HttpMethod.Post, path, request, new() { ["Prefer"] = "wait=60" }, ct);
        if (preview["status"]!.GetValue<int>() != 202)
        {
            ((int)status).ShouldBe(preview["status"]!.GetValue<int>(), $"{name}: {result}");
            Same(preview["errors"], result!["errors"] ?? new JsonObject(), name);
            Same(preview["warnings"], result["warnings"], name);
            Same(preview["candidates"], result["candidates"], name);
            return;
        }

        ((int)status).ShouldBe(200, $"{name}: {result}");
        result!["state"]!.GetValue<string>().ShouldBe("completed", $"{name}: {result}");
        Same(preview["provenance"], WithoutNewIds(result), $"{name}, provenance");
        foreach (var member in new[] { "leftBehind", "convertedStatus", "ownerId" }) Same(preview[member], result[member], $"{name}, {member}");
        foreach (var record in new[] { "account", "contact", "opportunity" })
            foreach (var member in new[] { "name", "created", "updated" }) Same(preview[record]?[member], result[record]?[member], $"{name}, {record}.{member}");
        await HoldsWhatWasTold(rep, result, name, ct);
    }

    /// <summary>Every value that the provenance names is the one that the record has.</summary>
    private static async Task HoldsWhatWasTold(GatewayClient rep, JsonNode result, string name, CancellationToken ct)
    {
        foreach (var (record, list) in new[] { ("account", "accounts"), ("contact", "contacts"), ("opportunity", "opportunities") })
        {
            if (result[record] is null) continue;
            var holds = await rep.Get($"/api/{list}/{result[record]!["id"]}", ct);
            foreach (var told in result["provenance"]!.AsArray().Where(field => field!["record"]!.GetValue<string>() == record))
            {
                var value = told!["field"]!.GetValue<string>().Split('.').Aggregate((JsonNode?)holds, (node, part) => node?[part]);
                if (value is JsonObject or null) continue;   // told under another name by the record's own API, such as a stage with its id
                var (had, says) = (value.ToString(), told["value"]?.ToString());
                if (decimal.TryParse(had, out var number) && decimal.TryParse(says, out var other)) number.ShouldBe(other, $"{name}: {told}");
                else string.Equals(had, says, StringComparison.OrdinalIgnoreCase).ShouldBeTrue($"{name}: the record has {had}, {told}");
            }
        }
    }

    private static JsonObject Lead(Random chance, string name)
    {
        var letters = Letters();
        var lead = new JsonObject { ["lastName"] = letters, ["email"] = $"{letters}@{letters}.example" };
        void Maybe(string field, JsonNode value)
        {
            if (chance.Next(2) == 0) lead[field] = value;
        }
        Maybe("company", $"{Letters()} works");
        Maybe("firstName", Letters());
        Maybe("title", "Head of pumps");
        Maybe("phone", "+44 20 7123 " + chance.Next(1000, 9999));
        Maybe("website", $"{Letters()}.example");
        Maybe("street", "5 Dorset Street");
        Maybe("city", "London");
        Maybe("country", "GB");
        Maybe("industry", "Machinery");
        Maybe("employees", chance.Next(0, 500));
        Maybe("annualRevenue", 12_500.25m);
        Maybe("source", "Fair");
        Maybe("description", $"From {name}");
        Maybe("need", "Ten pumps");
        Maybe("timeframe", "Q3");
        Maybe("nextStep", new string('n', chance.Next(1, 900)));
        Maybe("doNotCall", true);
        if (chance.Next(2) == 0) (lead["budget"], lead["budgetCurrency"]) = (1_000.5m, "GBP");
        return lead;
    }

    private static async Task<JsonObject> Request(GatewayClient rep, Random chance, string name, CancellationToken ct)
    {
        var request = new JsonObject();
        if (chance.Next(2) == 0)
        {
            var account = await rep.Post("/api/accounts", new { name = $"{Letters()} holding", industry = chance.Next(2) == 0 ? "Trade" : null, phone = chance.Next(2) == 0 ? "+442079460000" : null }, ct);
            request["account"] = new JsonObject { ["mode"] = "existing", ["id"] = account["id"]!.DeepClone() };
            if (chance.Next(2) == 0)
            {
                var contact = await rep.Post("/api/contacts", new { lastName = Letters(), accountId = account["id"]!.GetValue<Guid>(), source = chance.Next(2) == 0 ? "Web" : null }, ct);
                request["contact"] = new JsonObject { ["mode"] = "existing", ["id"] = contact["id"]!.DeepClone() };
            }
            if (chance.Next(3) == 0)
            {
                var deal = await rep.Post("/api/opportunities", new { name = $"Deal of {name}", accountId = account["id"]!.GetValue<Guid>(), closeDate = "2031-03-31", currency = "EUR" }, ct);
                request["opportunity"] = new JsonObject { ["mode"] = "existing", ["id"] = deal["id"]!.DeepClone() };
            }
        }
        if (request["opportunity"] is null)
            request["opportunity"] = chance.Next(4) switch
            {
                0 => new JsonObject { ["mode"] = "none" },
                1 => new JsonObject { ["currency"] = "EUR" },
                2 => new JsonObject { ["name"] = "Engine no. 2", ["amount"] = 7.5m, ["closeDate"] = "2031-06-30" },
                _ => new JsonObject { ["currency"] = "JPY" },   // no rate: refused when the mapping brings an amount
            };
        if (chance.Next(3) == 0) request["fieldOverrides"] = JsonNode.Parse($$"""{ "account": { "billingAddress.city": "Leeds", "website": "https://{{Letters()}}.example" }, "contact": { "title": null, "department": "Engines" } }""");
        if (chance.Next(6) == 0) request["fieldOverrides"] = JsonNode.Parse("""{ "contact": { "email": "nobody", "shoeSize": 42 } }""");
        request["overwriteLeadSource"] = chance.Next(2) == 0;
        return request;
    }

    private static async Task SetMapping(GatewayClient admin, Random chance, CancellationToken ct)
    {
        (string Lead, string Record, string Field)[] lines =
        [
            ("need", "account", "description"), ("need", "opportunity", "description"), ("budget", "opportunity", "amount"), ("timeframe", "opportunity", "type"), ("postalCode", "contact", "department"),
        ];
        await Put(admin, new JsonObject
        {
            ["sourceToAccount"] = chance.Next(2) == 0, ["leadWithoutCompany"] = chance.Next(2) == 0 ? "nameAccountAfterPerson" : "refuse",
            ["rules"] = new JsonArray([.. lines.Where(_ => chance.Next(3) > 0).Select(line => new JsonObject { ["leadField"] = line.Lead, ["record"] = line.Record, ["field"] = line.Field })]),
            ["rates"] = new JsonArray(new JsonObject { ["from"] = "GBP", ["to"] = "EUR", ["rate"] = 1.1734m, ["asOf"] = "2026-03-01" }),
        }, ct);
    }

    private static async Task Put(GatewayClient admin, JsonObject mapping, CancellationToken ct)
    {
        var now = await admin.Get("/api/leads/conversion-mapping", ct);
        var (status, body, _) = await admin.Send(HttpMethod.Put, "/api/leads/conversion-mapping", mapping, new() { ["If-Match"] = new EntityTagHeaderValue($"\"{now["version"]}\"").ToString() }, ct);
        ((int)status).ShouldBe(200, $"{body}");
    }

    private static JsonObject With(JsonObject request, string member, bool value)
    {
        var copy = (JsonObject)request.DeepClone();
        copy[member] = value;
        return copy;
    }

    /// <summary>The ids of what the conversion made are not known before it begins; a preview leaves them out.</summary>
    private static JsonNode WithoutNewIds(JsonNode result)
    {
        var made = new[] { "account", "contact", "opportunity" }.Select(record => result[record]).Where(record => record?["created"]?.GetValue<bool>() == true).Select(record => record!["id"]!.GetValue<string>()).ToList();
        var fields = result["provenance"]!.DeepClone();
        foreach (var field in fields.AsArray())
            if (field!["value"]?.GetValue<string>() is { } value && made.Contains(value)) field["value"] = null;
        return fields;
    }

    private static void Same(JsonNode? expected, JsonNode? actual, string what) => (actual?.ToJsonString() ?? "null").ShouldBe(expected?.ToJsonString() ?? "null", what);

    private static string Letters() => string.Concat(Guid.NewGuid().ToByteArray().Take(10).Select(b => (char)('a' + (b % 26))));
}
