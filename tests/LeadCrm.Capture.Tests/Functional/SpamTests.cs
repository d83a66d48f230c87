using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Capture.Tests.Functional;

/// <summary>Suspected spam waits for a person; floods are slowed down.</summary>
public sealed class SpamTests(CaptureApp app)
{
    private static Dictionary<string, string> Values(string lastName = "Robot") => new() { ["lastName"] = lastName, ["company"] = "Engines " + Guid.NewGuid().ToString("N")[..6] };

    [Fact]
    public async Task WL5a_who_fills_the_hidden_field_or_is_too_fast_or_forges_the_time_ends_in_quarantine_and_hears_nothing_of_it()
    {
        var form = await app.Form(new { minimumSeconds = 60 });
        var stamp = Requests.StampOf((await app.Anonymous().Get(form.Path)).Text);
        var other = Requests.StampOf((await app.Anonymous().Get((await app.Form()).Path)).Text);
        async Task<string> Reasons(string name, string value)
        {
            var values = Values();
            values[name] = value;
            (await app.SendForm(form, values)).ShouldBe(HttpStatusCode.SeeOther).Header("Location").ShouldBe(form.Path + "/thanks");
            var newest = (await app.Listed(form, "quarantined"))[0];
            return string.Join(',', newest["suspicions"]!.AsArray().Select(s => s!.ToString()));
        }

        (await Reasons("additional_notes", "Buy now")).ShouldBe("honeypot");
        (await Reasons("_t", stamp)).ShouldBe("too-fast");
        (await Reasons("_t", "1700000000000.AAAAAAAAAAAAAAAAAAAAAA")).ShouldBe("forged-time");
        (await Reasons("_t", stamp.Replace(stamp[..4], "1600", StringComparison.Ordinal))).ShouldBe("forged-time");
        (await Reasons("_t", other)).ShouldBe("forged-time");
        (await app.SendForm(form, Values())).ShouldBe(HttpStatusCode.SeeOther);   // a snippet has no time
        await Eventually.Is(async () => (await app.Listed(form, "captured")).Count == 1, "only the last one is a lead");
        (await app.Listed(form, "quarantined")).Count.ShouldBe(5);

        var strict = await app.Form(new { pageOnly = true });
        await app.SendForm(strict, Values());
        (await app.Listed(strict, "quarantined"))[0]["suspicions"]![0]!.ToString().ShouldBe("not-from-the-page");
        var patient = Values();
        patient["_t"] = Requests.StampOf((await app.Anonymous().Get(strict.Path)).Text);
        await app.SendForm(strict, patient);
        await Eventually.Is(async () => (await app.Listed(strict, "captured")).Count == 1, "from the page it is a lead");
    }

    [Fact]
    public async Task WL5b_the_quarantine_is_released_or_discarded_with_a_click_and_nothing_is_dropped()
    {
        var form = await app.Form();
        var (person, robot) = (Values("Person"), Values("Robot"));
        (person["additional_notes"], robot["additional_notes"]) = ("filled by a browser", "Buy");
        await app.SendForm(form, person);
        await app.SendForm(form, robot);
        var quarantine = await app.Listed(form, "quarantined");
        quarantine.Count.ShouldBe(2);
        var (robotId, personId) = (quarantine[0]["id"]!.GetValue<Guid>(), quarantine[1]["id"]!.GetValue<Guid>());

        var released = (await app.Admin.Send(HttpMethod.Post, $"/api/capture/submissions/{personId}/release")).ShouldBe(HttpStatusCode.OK).Json;
        released["decidedBy"]!.GetValue<Guid>().ShouldBe(TestUser.Admin.Id);
        (await app.Lead(personId))["lastName"]!.ToString().ShouldBe("Person");
        (await app.Admin.Send(HttpMethod.Post, $"/api/capture/submissions/{personId}/release")).ShouldBe(HttpStatusCode.Conflict, "submission-state");

        (await app.Admin.Send(HttpMethod.Post, $"/api/capture/submissions/{robotId}/discard")).ShouldBe(HttpStatusCode.OK);
        (await app.Submission(robotId))["values"]!["lastName"]!.ToString().ShouldBe("Robot");
        (await app.Admin.Send(HttpMethod.Post, $"/api/capture/submissions/{robotId}/retry")).ShouldBe(HttpStatusCode.OK);   // discarded by mistake
        (await app.Lead(robotId))["lastName"]!.ToString().ShouldBe("Robot");
        (await app.Leads.LastNames(form.Id)).ShouldBe(["Person", "Robot"]);
    }

    [Fact]
    public async Task WL7a_one_address_may_send_so_many_a_minute_and_then_hears_when_to_come_back()
    {
        var form = await app.Form(new { perAddressLimit = 3 });
        for (var i = 0; i < 3; i++) (await app.SendForm(form, Values(), from: "192.0.2.7")).ShouldBe(HttpStatusCode.SeeOther);
        var values = Values("Patient");
        var page = (await app.SendForm(form, values, from: "192.0.2.7")).ShouldBe(HttpStatusCode.TooManyRequests);
        int.Parse(page.Header("Retry-After")).ShouldBeInRange(1, 60);
        page.Text.ShouldContain("value=\"Patient\"");
        (await app.SendJson(form, values, from: "192.0.2.7")).ShouldBe(HttpStatusCode.TooManyRequests, "too-many-submissions").Header("Retry-After").ShouldNotBeEmpty();
        (await app.SendForm(form, Values(), from: "192.0.2.8")).ShouldBe(HttpStatusCode.SeeOther);

        // A network of IPv6 counts as one sender, and the gateway's word counts, not what the client wrote before it.
        for (var i = 0; i < 3; i++) (await app.SendForm(form, Values(), from: $"2001:db8:1:2::{i + 1}")).ShouldBe(HttpStatusCode.SeeOther);
        (await app.SendForm(form, Values(), from: "2001:db8:1:2::99")).ShouldBe(HttpStatusCode.TooManyRequests);
        (await app.SendForm(form, Values(), from: "203.0.113.77, 192.0.2.7")).ShouldBe(HttpStatusCode.TooManyRequests);

        await app.Database.Execute("update address_counts set minute_from = minute_from - interval '1 minute' where form_id = $1", form.Id);
        (await app.SendForm(form, values, from: "192.0.2.7")).ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task WL7b_a_form_takes_so_many_a_minute_whoever_sends_them_also_in_parallel()
    {
        var form = await app.Form(new { perFormLimit = 8 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.SendForm(form, Values())));
        answers.Count(a => a.Status == HttpStatusCode.SeeOther).ShouldBe(8);
        answers.Count(a => a.Status == HttpStatusCode.TooManyRequests && int.Parse(a.Header("Retry-After")) is >= 1 and <= 60).ShouldBe(12);
        (await app.Database.Scalar<long>("select count(*) from submissions where form_id = $1", form.Id)).ShouldBe(8);
        await app.Database.Execute("update form_lines set minute_from = minute_from - interval '1 minute' where form_id = $1", form.Id);
        (await app.SendForm(form, Values())).ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task What_is_accepted_and_refused_is_counted_by_reason()
    {
        var counts = new System.Collections.Concurrent.ConcurrentDictionary<string, long>();
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == CaptureMetrics.Name) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => counts.AddOrUpdate($"{instrument.Name} {tags[0].Value}", value, (_, sum) => sum + value));
        listener.Start();

        var form = await app.Form(new { perAddressLimit = 2 });
        var values = Values();
        await app.SendForm(form, values, from: "192.0.2.50");
        await app.SendForm(form, values, from: "192.0.2.50");
        var robot = Values();
        robot["additional_notes"] = "x";
        await app.SendForm(form, robot, from: "192.0.2.50");
        await app.SendForm(form, Values(), from: "192.0.2.50");
        await app.SendForm(form, new() { ["lastName"] = "x" });
        foreach (var name in (string[])["leadcrm.captures.accepted waiting", "leadcrm.captures.accepted repeated", "leadcrm.captures.accepted quarantined", "leadcrm.captures.refused address-limit", "leadcrm.captures.refused invalid"])
            counts.GetValueOrDefault(name).ShouldBeGreaterThanOrEqualTo(1, name);
    }
}
