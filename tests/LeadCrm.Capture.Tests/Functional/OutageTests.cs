using System.Net;
using System.Net.Http.Json;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Capture.Tests.Functional;

/// <summary>Leads, the broker or Capture itself go away, and nothing is lost, doubled or out of order.</summary>
public sealed class OutageTests(OwnCaptureApp app) : IClassFixture<OwnCaptureApp>
{
    [Fact]
    public async Task WL13d_while_leads_is_down_all_is_accepted_and_arrives_in_order_once_when_it_is_back()
    {
        var form = await app.Form();
        await app.Lead((await app.SendJson(form, new { lastName = "L0", company = "Engines" })).ReceiptId);
        await app.Leads.GoDown();
        var receipts = new List<Guid>();
        foreach (var i in Enumerable.Range(1, 20)) receipts.Add((await app.SendJson(form, new { lastName = $"L{i}", company = "Engines" })).ShouldBe(HttpStatusCode.Accepted).ReceiptId);
        (await app.Database.Scalar<long>("select count(*) from submissions where form_id = $1 and status in ('Waiting', 'HandedOn')", form.Id)).ShouldBe(20);
        (await app.Admin.Send(HttpMethod.Post, "/api/capture/forms", JsonContent.Create(new { name = "x", fields = Requests.UsualFields, queueId = Guid.NewGuid() }))).ShouldBe(HttpStatusCode.ServiceUnavailable, "unavailable");
        await app.Leads.ComeUp();
        foreach (var receipt in receipts) await app.Submission(receipt, "captured");
        (await app.Leads.LastNames(form.Id)).ShouldBe(Enumerable.Range(0, 21).Select(i => $"L{i}"));
        (await app.Leads.Database.Scalar<long>("select count(*) from leads where last_name ~ '^L[0-9]+$' and company = 'Engines'")).ShouldBe(21);
    }

    [Fact]
    public async Task WL13e_while_the_broker_is_away_all_is_accepted_stays_healthy_and_is_delivered_when_it_is_back()
    {
        var form = await app.Form();
        app.BrokerCable.Cut();
        try
        {
            await Eventually.Is(async () => (await app.Anonymous().Get("/health/ready")).Text.Contains("\"broker\":{\"status\":\"degraded\"", StringComparison.Ordinal), "the broker is seen to be away");
            (await app.Anonymous().Get("/health/ready")).ShouldBe(HttpStatusCode.OK);
            foreach (var i in Enumerable.Range(0, 10)) (await app.SendJson(form, new { lastName = $"B{i}", company = "Engines" })).ShouldBe(HttpStatusCode.Accepted);
            (await app.SendForm(form, new() { ["lastName"] = "B10", ["company"] = "Engines" })).ShouldBe(HttpStatusCode.SeeOther);
        }
        finally
        {
            app.BrokerCable.Mend();
        }
        await Eventually.Is(async () => (await app.Leads.LastNames(form.Id)).Count == 11, "all are leads", TimeSpan.FromSeconds(90));
        (await app.Leads.LastNames(form.Id)).ShouldBe(Enumerable.Range(0, 11).Select(i => $"B{i}"));
    }

    [Fact]
    public async Task WL13f_a_batch_that_is_never_answered_is_sent_again_and_makes_no_second_lead()
    {
        var form = await app.Form();
        var receipt = (await app.SendJson(form, new { lastName = "Lost", company = "Engines" })).ReceiptId;
        await app.Submission(receipt, "captured");

        // As if the answer had been lost: on its way still, for longer than answers take.
        await app.Database.Execute("update submissions set status = 'HandedOn', lead_id = null, settled_at = null where id = $1", receipt);
        await app.Database.Execute("update form_lines set in_flight = (select batch_id from submissions where id = $1), handed_on_at = now() - interval '1 hour' where form_id = $2", receipt, form.Id);
        var behind = (await app.SendJson(form, new { lastName = "Behind", company = "Engines" })).ReceiptId;
        await app.Submission(behind, "captured");
        await app.Submission(receipt, "captured");
        (await app.Leads.LastNames(form.Id)).ShouldBe(["Lost", "Behind"]);
    }

    [Fact]
    public async Task WL13g_capture_starts_again_and_goes_on_where_it_was()
    {
        var form = await app.Form();
        await app.Leads.GoDown();
        foreach (var i in Enumerable.Range(0, 5)) (await app.SendJson(form, new { lastName = $"R{i}", company = "Engines" })).ShouldBe(HttpStatusCode.Accepted);
        await app.Stop();
        await app.Leads.ComeUp();
        await app.Start();
        await Eventually.Is(async () => (await app.Leads.LastNames(form.Id)).Count == 5, "all are leads");
        (await app.Leads.LastNames(form.Id)).ShouldBe(Enumerable.Range(0, 5).Select(i => $"R{i}"));
    }
}
