using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>How many custom fields there can be, and what they cost who reads (LD4); on a service of its own.</summary>
public sealed class CustomFieldLimitTests(OwnLeadsApp app) : IClassFixture<OwnLeadsApp>
{
    private readonly HttpClient admin = app.As(TestUser.Admin);

    [Fact]
    public async Task LD4u_there_are_200_fields_per_kind_of_record_and_reading_records_with_all_of_them_asks_the_database_no_more_than_with_none()
    {
        var lead = await admin.CreateLead();
        var (listBefore, oneBefore) = (await StatementsOf("/api/leads?limit=5"), await StatementsOf($"/api/leads/{lead.Id}"));

        await app.Database.Execute("""
            insert into platform.custom_fields (id, version, record_type, key, label, type, is_required, is_unique, is_indexed, settings, sort, created_at)
            select gen_random_uuid(), 1, 'lead', 'field' || i, 'Field ' || i, 'Text', false, false, false, '{}', i, now() from generate_series(1, 199) i
            """);
        (await admin.Post("/api/leads/custom-fields", new { label = "The last one", type = "text" })).ShouldBe(HttpStatusCode.Created);
        (await admin.Post("/api/leads/custom-fields", new { label = "One too many", type = "text" })).ShouldBe(HttpStatusCode.UnprocessableEntity, "too-many-custom-fields");

        var custom = new JsonObject(Enumerable.Range(1, 199).Select(i => KeyValuePair.Create($"field{i}", (JsonNode?)$"value {i}")));
        var full = await admin.CreateLead(new { lastName = "Byron", company = "Analytical Engines", custom });
        (await admin.Get($"/api/leads/{full.Id}")).Body!["custom"]!.AsObject().Count.ShouldBe(199);
        (await StatementsOf("/api/leads?limit=5")).ShouldBe(listBefore);
        (await StatementsOf($"/api/leads/{full.Id}")).ShouldBe(oneBefore);
    }

    /// <summary>The statements that a request causes.</summary>
    private async Task<string[]> StatementsOf(string path)
    {
        await admin.Get(path);   // warm
        var trace = ActivityTraceId.CreateRandom();
        var statements = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Npgsql" && activity.TraceId == trace) statements.Enqueue($"{activity.GetTagItem("db.query.text") ?? activity.DisplayName}");
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        (await admin.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        statements.ShouldNotBeEmpty();
        return [.. statements];
    }
}
