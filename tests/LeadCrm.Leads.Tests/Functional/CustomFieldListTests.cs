using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Leads filtered, sorted, paged, exported and imported by custom fields (LD4): three hundred of them, a third without values.</summary>
public sealed class CustomFieldListTests(CustomFieldListTests.LeadsWithCustomFields app) : IClassFixture<CustomFieldListTests.LeadsWithCustomFields>
{
    private readonly HttpClient admin = app.As(TestUser.Admin);

    [Theory]
    [InlineData("custom.region=North", 100)]
    [InlineData("custom.region[in]=North,South", 200)]
    [InlineData("custom.region[in]=\"North\",\"South, far\"", 100)]
    [InlineData("custom.region[contains]=ort", 100)]
    [InlineData("custom.region=", 100)]
    [InlineData("custom.seats=7", 2)]
    [InlineData("custom.seats[gte]=90&custom.seats[lt]=100", 20)]
    [InlineData("custom.seats[gt]=9.5&custom.seats[lte]=10", 2)]
    [InlineData("custom.price[gte]=100", 2)]
    [InlineData("custom.price=50", 2)]
    [InlineData("custom.since[gte]=2026-03-01&custom.since[lt]=2026-03-11", 20)]
    [InlineData("custom.since=2026-03-01", 2)]
    [InlineData("custom.vip=true", 100)]
    [InlineData("custom.vip=false", 200)]
    [InlineData("custom.topics=b", 200)]
    [InlineData("custom.topics[in]=a,b", 200)]
    [InlineData("custom.topics=a", 100)]
    public async Task LD4m_filters_compare_values_as_what_they_are(string filter, int count) =>
        (await admin.Get($"/api/leads?{filter}&count=exact&limit=1")).ShouldBe(HttpStatusCode.OK)["count"].ShouldBe(count.ToString(CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("custom.seats=many")]
    [InlineData("custom.region[in]=\"North")]
    [InlineData("custom.since=soon")]
    [InlineData("custom.vip=perhaps")]
    [InlineData("custom.nothing=1")]
    [InlineData("custom.topics[gte]=a")]
    [InlineData("custom.seats[contains]=1")]
    [InlineData("sort=custom.topics")]
    [InlineData("sort=custom.vip")]
    public async Task LD4m_what_a_field_cannot_be_asked_is_a_400(string query) => (await admin.Get($"/api/leads?{query}")).ShouldBe(HttpStatusCode.BadRequest, "bad-list-query");

    [Theory]
    [InlineData("custom.seats")]
    [InlineData("-custom.seats")]
    [InlineData("custom.price")]
    [InlineData("-custom.since")]
    [InlineData("custom.region,-custom.seats")]
    [InlineData("custom.at")]
    public async Task LD4n_pages_in_any_order_hold_every_lead_once_and_in_order(string sort)
    {
        var (rows, after) = (new List<JsonNode>(), "");
        do
        {
            var page = (await admin.Get($"/api/leads?sort={sort}&limit=37{after}")).ShouldBe(HttpStatusCode.OK).Body!;
            rows.AddRange(page["items"]!.AsArray().Select(i => i!));
            after = page["next"] is { } next ? $"&after={next}" : "";
        }
        while (after.Length > 0);

        rows.Count.ShouldBe(300);
        rows.Select(r => r["id"]!.ToString()).Distinct().Count().ShouldBe(300);
        var (key, descending) = (sort.Split(',')[0].TrimStart('-')["custom.".Length..], sort.StartsWith('-'));
        var values = rows.ConvertAll(r => r["custom"]![key]);
        // Nulls stand last ascending and first descending, as for every column.
        (descending ? values.TakeWhile(v => v is null) : values.AsEnumerable().Reverse().TakeWhile(v => v is null)).Count().ShouldBe(100);
        var keys = values.Where(v => v is not null).Select(v => Comparable(v!)).ToList();
        (descending ? keys.AsEnumerable().Reverse() : keys).ShouldBe(keys.Order().ToList());
    }

    [Fact]
    public async Task LD4o_an_indexed_field_gets_an_index_that_its_order_uses()
    {
        var field = (await admin.Get("/api/leads/custom-fields")).Body!["items"]!.AsArray().Single(f => f!["key"]!.ToString() == "seats")!;
        (await admin.Patch($"/api/leads/custom-fields/{field["id"]}", new { isIndexed = true }, $"\"{field["version"]}\"")).ShouldBe(HttpStatusCode.OK);
        await Eventually.Is(async () => await app.Database.Scalar<long>("select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid where i.indisvalid and c.relname like 'ix_custom_%_number'") == 1, "the index is built");
        // Three hundred leads are sorted faster than an index is read; without that choice the plan shows whether it could be.
        var plan = await app.Database.Scalar<string>("""
            set enable_seqscan = off; set enable_sort = off; set enable_incremental_sort = off;
            explain (format json) select id from leads order by platform.custom_number(custom, 'seats'), id limit 5
            """);
        plan.ShouldContain("ix_custom_");
    }

    [Fact]
    public async Task LD4p_a_file_has_a_column_for_each_field()
    {
        var answer = await admin.Send(HttpMethod.Get, "/api/leads?format=csv&custom.seats=7&sort=lastName");
        var lines = answer.ShouldBe(HttpStatusCode.OK).Text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var columns = lines[0].Split(',');
        foreach (var column in (string[])["custom.region", "custom.seats", "custom.price", "custom.topics"]) columns.ShouldContain(column);
        var cells = lines[1].Split(',');
        cells[Array.IndexOf(columns, "custom.price")].ShouldBe("7.5 EUR");
        cells[Array.IndexOf(columns, "custom.seats")].ShouldBe("7");
    }

    [Fact]
    public async Task LD4q_columns_of_a_file_are_proposed_for_custom_fields_and_bad_rows_named()
    {
        var csv = "Last name,Company,Region,SEATS,Topics,Vip\nImported,Files,north,1.5,b;a,yes\nBroken,Files,East,many,c,perhaps\n";
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        var import = (await admin.Send(HttpMethod.Post, "/api/leads/imports", content)).ShouldBe(HttpStatusCode.Created);
        var proposal = (await admin.Get($"/api/leads/imports/{import.Id}/mapping")).Body!["columns"]!.AsArray().ToDictionary(c => c!["name"]!.ToString(), c => c!["field"]?.ToString());
        (proposal["Region"], proposal["SEATS"], proposal["Topics"]).ShouldBe(("custom.region", "custom.seats", "custom.topics"));

        (await admin.Post($"/api/leads/imports/{import.Id}/start", new { })).ShouldBe(HttpStatusCode.Accepted);
        await Eventually.Is(async () => (await admin.Get($"/api/leads/imports/{import.Id}"))["state"] == "completed", "the import is through");
        var done = await admin.Get($"/api/leads/imports/{import.Id}");
        (done["rowsCreated"], done["rowsFailed"]).ShouldBe(("1", "1"));
        var lead = (await admin.Get("/api/leads?lastName=Imported")).Body!["items"]![0]!;
        lead["custom"]!["region"]!.ToString().ShouldBe("North");
        lead["custom"]!["topics"]!.ToJsonString().ShouldBe("""["a","b"]""");
        (await admin.Send(HttpMethod.Get, $"/api/leads/imports/{import.Id}/errors.csv")).Text.ShouldContain("custom.seats");
        await app.Database.Execute("delete from leads where company = 'Files'");
    }

    [Fact]
    public async Task LD4q_an_import_refuses_rows_whose_unique_value_is_taken_and_numbers_the_others()
    {
        await Define(new { key = "vat", label = "VAT", type = "text", isUnique = true });
        await Define(new { key = "ticket", label = "Ticket", type = "autoNumber", numberFormat = "T{0}" });
        using var content = new StringContent("Last name,Company,VAT\nOne,Unique,V1\nTwo,Unique,v1\nThree,Unique,V2\n", Encoding.UTF8, "text/csv");
        var import = (await admin.Send(HttpMethod.Post, "/api/leads/imports", content)).ShouldBe(HttpStatusCode.Created);
        (await admin.Post($"/api/leads/imports/{import.Id}/start", new { })).ShouldBe(HttpStatusCode.Accepted);
        await Eventually.Is(async () => (await admin.Get($"/api/leads/imports/{import.Id}"))["state"] == "completed", "the import is through");
        (await admin.Get($"/api/leads/imports/{import.Id}"))["rowsFailed"].ShouldBe("1");
        (await admin.Get("/api/leads?company=Unique&sort=custom.ticket")).Body!["items"]!.AsArray().Select(i => i!["custom"]!["ticket"]!.ToString()).ShouldBe(["T1", "T2"]);
        await app.Database.Execute("delete from leads where company = 'Unique'");
    }

    private static IComparable Comparable(JsonNode value) => value switch
    {
        JsonObject amount => (decimal)amount["amount"]!,
        JsonValue number when number.TryGetValue<decimal>(out var it) => it,
        _ => value.ToString(),
    };

    private async Task Define(object field) => (await admin.Post("/api/leads/custom-fields", field)).ShouldBe(HttpStatusCode.Created);

    /// <summary>The service with a field of most types and 300 leads: 1 to 100 in two regions, and 100 with nothing.</summary>
    public sealed class LeadsWithCustomFields : LeadsApp
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            using var admin = As(TestUser.Admin);
            object[] fields =
            [
                new { key = "region", label = "Region", type = "pickList", options = new[] { new { value = "North" }, new { value = "South" } } },
                new { key = "seats", label = "Seats", type = "number" }, new { key = "price", label = "Price", type = "currency" },
                new { key = "since", label = "Since", type = "date" }, new { key = "at", label = "At", type = "dateTime" }, new { key = "vip", label = "VIP", type = "checkbox" },
                new { key = "topics", label = "Topics", type = "multiSelect", options = new[] { new { value = "a" }, new { value = "b" } } },
            ];
            foreach (var field in fields) (await admin.Post("/api/leads/custom-fields", field)).ShouldBe(HttpStatusCode.Created);
            var lines = new StringBuilder();
            foreach (var region in (string?[])["North", "South", null])
                for (var n = 1; n <= 100; n++) lines.AppendLine(new JsonObject { ["op"] = "create", ["record"] = Lead(region, n) }.ToJsonString());
            using var content = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
            (await admin.Send(HttpMethod.Post, "/api/leads/bulk", content)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(l => l.Contains("\"status\":201", StringComparison.Ordinal));
        }

        private static JsonObject Lead(string? region, int n)
        {
            var lead = new JsonObject { ["lastName"] = $"Lead {n:000}", ["company"] = region ?? "None" };
            if (region is null) return lead;
            lead["custom"] = new JsonObject
            {
                ["region"] = region, ["seats"] = n, ["price"] = n == 7 ? 7.5m : n, ["since"] = new DateOnly(2026, 1, 1).AddDays(n - 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ["at"] = $"2026-01-{1 + (n % 28):00}T10:00:00+0{n % 3}:00", ["vip"] = region == "North",
                ["topics"] = region == "North" ? new JsonArray("a", "b") : new JsonArray("b"),
            };
            return lead;
        }
    }
}
