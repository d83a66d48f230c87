using System.Collections.Concurrent;
using System.Diagnostics;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>
/// What one conversion costs this service, so that nobody makes it dearer without noticing: throughput on two cores is bought with
/// messages, commits and statements.
/// </summary>
public sealed class ConversionCostTests(ConversionApp app) : IClassFixture<ConversionApp>
{
    [Fact]
    public async Task One_conversion_with_an_opportunity_takes_three_messages_out_four_in_and_few_statements()
    {
        await app.Convert(await app.NewLead(), wait: 30);   // warm: model, prepared statements, queues
        var lead = await app.NewLead();
        var inboxBefore = await app.Database.Scalar<long>("select count(*) from platform.inbox");

        var statements = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = command => statements.Enqueue((command.GetTagItem("db.query.text") ?? command.GetTagItem("db.statement"))?.ToString() ?? command.DisplayName),
        };
        ActivitySource.AddActivityListener(listener);
        (await app.Convert(lead, wait: 30)).State.ShouldBe("completed");
        listener.Dispose();

        app.Participants.For(lead).Messages.ShouldBe([typeof(CreateAccountAndContact), typeof(CreateOrAttachOpportunity), typeof(LeadConverted)]);
        (await app.Database.Scalar<long>("select count(*) from platform.inbox") - inboxBefore).ShouldBe(4);
        var ours = statements.Where(sql => !sql.Contains("platform.outbox", StringComparison.Ordinal) || sql.Contains("INSERT", StringComparison.Ordinal)).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join("\n--\n", statements));
        ours.Count.ShouldBeLessThanOrEqualTo(17, string.Join("\n--\n", ours));
    }
}
