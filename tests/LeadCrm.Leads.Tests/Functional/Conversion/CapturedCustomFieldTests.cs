using System.Net;
using System.Net.Http.Json;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>Custom fields of leads that web forms brought (LD4); on a service of its own, for the fields are everybody's.</summary>
public sealed class CapturedCustomFieldTests(ConversionApp app) : IClassFixture<ConversionApp>
{
    [Fact]
    public async Task LD4x_leads_of_web_forms_get_values_defaults_and_numbers_and_one_that_breaks_a_rule_is_refused_alone()
    {
        await Define(new { key = "size", label = "Size", type = "number", max = 100 });
        await Define(new { key = "level", label = "Level", type = "text", defaultValue = "new" });
        await Define(new { key = "ticket", label = "Ticket", type = "autoNumber", numberFormat = "T-{00}" });
        await Define(new { key = "badge", label = "Badge", type = "text", isUnique = true });
        var command = new CaptureLeads
        {
            BatchId = Guid.CreateVersion7(), FormId = Guid.CreateVersion7(), FormName = "Contact", FillKnown = true,
            Leads = [Sent("one", ("size", "12"), ("badge", "B1")), Sent("two", ("size", "1000")), Sent("three", ("badge", "b1")), Sent("one", ("size", "13"), ("level", "old"))],
        };
        await app.Participants.Say(command);

        // One commit takes the batch in: with the last, all are there.
        async Task<Guid?> Became(int i) => Guid.TryParse(await app.Database.Scalar<string>("select coalesce((select lead_id::text from captured_leads where submission_id = $1), '')", command.Leads[i].SubmissionId), out var id) ? id : null;
        await Eventually.Is(async () => await Became(3) is not null, "the batch is taken in", TimeSpan.FromSeconds(60));
        Guid?[] became = [await Became(0), await Became(1), await Became(2), await Became(3)];
        (became[1], became[2]).ShouldBe((null, null));
        became[3].ShouldBe(became[0], "the address is known");
        // It was saved while a later submission was at work, and the history still says which one made it.
        (await app.Database.Scalar<Guid>("select operation_id from platform.field_history where record_type = 'lead' and record_id = $1 and kind = 'created'", became[0]!.Value)).ShouldBe(command.Leads[0].SubmissionId);
        var custom = (await app.Lead(became[0]!.Value))["custom"]!;
        (custom["size"]!.ToJsonString(), custom["level"]!.GetValue<string>(), custom["ticket"]!.GetValue<string>(), custom["badge"]!.GetValue<string>()).ShouldBe(("12", "new", "T-01", "B1"));

        LeadToCapture Sent(string name, params (string Key, string Value)[] values) => new()
        {
            SubmissionId = Guid.CreateVersion7(), ReceivedAt = DateTimeOffset.UtcNow,
            Fields = values.ToDictionary(value => "custom." + value.Key, value => value.Value).Concat(new Dictionary<string, string> { ["lastName"] = name, ["email"] = $"{name}.webform@example.com" }).ToDictionary(),
        };
    }

    private async Task Define(object field) => (await Answer.Of(await app.As(TestUser.Admin).PostAsJsonAsync("/api/leads/custom-fields", field))).Status.ShouldBe(HttpStatusCode.Created);
}
