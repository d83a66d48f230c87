using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>
/// What one conversion costs this service, so that nobody makes it dearer without noticing: throughput on two cores is bought with
/// messages, commits and statements.
/// </summary>
[Collection(nameof(ConversionCollection))]
public sealed class ConversionCostTests(ConversionApp app)
{
    [Fact]
    public async Task One_conversion_with_an_opportunity_takes_three_messages_out_six_in_and_few_statements()
    {
        await app.Convert(await app.NewLead(), wait: 30);   // warm: model, prepared statements, queues
        var lead = await app.NewLead();
        var inboxBefore = await app.Database.Scalar<long>("select count(*) from platform.inbox");

        // Everything that a request causes runs under its trace id, through the broker too.
        var trace = ActivityTraceId.CreateRandom();
        var statements = new ConcurrentQueue<string>();
        using (var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "MassTransit" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Npgsql" && activity.TraceId == trace) statements.Enqueue($"{activity.GetTagItem("db.query.text") ?? activity.DisplayName}");
            },
        })
        {
            ActivitySource.AddActivityListener(listener);
            (await app.Convert(lead, wait: 30, traceparent: $"00-{trace}-{ActivitySpanId.CreateRandom()}-01")).State.ShouldBe("completed");
        }

        app.Participants.For(lead).Messages.ShouldBe([typeof(CreateAccountAndContact), typeof(CreateOrAttachOpportunity), typeof(LeadConverted)], ignoreOrder: true);
        (await app.Database.Scalar<long>("select count(*) from platform.inbox") - inboxBefore).ShouldBe(6);
        var all = string.Join("\n--\n", statements);
        statements.Count(sql => sql.Contains("platform.inbox", StringComparison.Ordinal)).ShouldBe(6, all);
        // What is kept for two seconds is read again when the one before is older than that, on a busy machine: not by each conversion.
        statements.Count(sql => !sql.Contains("conversion_mapping", StringComparison.Ordinal) && !sql.Contains("custom_fields", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(24, all);
    }

    [Fact]
    public async Task C37_thirty_leads_that_go_together_take_no_more_messages_and_commits_than_one()
    {
        List<Guid> leads = [];
        for (var i = 0; i < 30; i++) leads.Add(await app.NewLead());
        var inboxBefore = await app.Database.Scalar<long>("select count(*) from platform.inbox");
        using var started = await app.As(TestUser.Rep).PostAsJsonAsync("/api/leads/bulk-conversions", new { leadIds = leads });
        await Eventually.Is(async () => (await app.Get(started.Headers.Location!.ToString())).Body!["converted"]!.GetValue<int>() == 30, "all are converted", TimeSpan.FromSeconds(60));

        app.Participants.For(leads[29]).Messages.ShouldBe([typeof(CreateAccountAndContact), typeof(CreateOrAttachOpportunity), typeof(LeadConverted)]);
        app.Participants.For(leads[29]).Heard.ShouldAllBe(heard => heard.Together == 30);
        (await app.Database.Scalar<long>("select count(*) from platform.inbox") - inboxBefore).ShouldBe(6);
    }
}
