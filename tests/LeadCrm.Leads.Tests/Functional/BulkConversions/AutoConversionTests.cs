using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Tests.Functional.Conversion;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.BulkConversions;

using Answer = LeadCrm.Leads.Tests.Functional.Conversion.Answer;

/// <summary>Looks for leads many times a second.</summary>
public sealed class AutoConversionApp : ConversionApp
{
    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        base.ConfigureHost(builder);
        builder.UseSetting("BulkConversion:Poll", "00:00:00.100");
        builder.UseSetting("BulkConversion:Look", "00:00:00.020");
        builder.UseSetting("AutoConversion:Every", "00:00:00.200");
    }

    /// <summary>A rule of its own grade, so that the tests' rules keep out of each other's way.</summary>
    internal async Task<JsonNode> NewRule(object? rule = null, string? grade = null)
    {
        var answer = await Answer.Of(await As(TestUser.Admin).PostAsJsonAsync("/api/leads/auto-conversion-rules", rule ?? new
        {
            name = $"Rule {Guid.NewGuid():N}", minScore = 80, grades = new[] { grade ?? "A" }, actingUserId = TestUser.Rep.Id, defaults = new { opportunity = new { mode = "none" } },
        }));
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Body?.ToJsonString());
        return answer.Body!;
    }

    internal async Task Rate(Guid lead, int score, string grade) =>
        (await As(TestUser.Rep).PutAsJsonAsync($"/api/leads/{lead}/score", new { score, grade })).IsSuccessStatusCode.ShouldBeTrue();

    internal async Task<JsonNode[]> Attempts(Guid lead)
    {
        var jobs = (await Answer.Of(await As(TestUser.Admin).GetAsync("/api/leads/bulk-conversions?limit=200"))).Body!["items"]!.AsArray();
        List<JsonNode> mine = [];
        foreach (var job in jobs)
            mine.AddRange((await Answer.Of(await As(TestUser.Admin).GetAsync($"/api/leads/bulk-conversions/{job!["id"]}/leads?leadId={lead}"))).Body!["items"]!.AsArray().Select(_ => job));
        return [.. mine];
    }
}

public sealed class AutoConversionTests(AutoConversionApp app) : IClassFixture<AutoConversionApp>
{
    [Fact]
    public async Task C38a_a_lead_that_a_rule_applies_to_is_converted_as_the_rules_user_and_it_can_be_seen_which_rule_it_was()
    {
        var (lead, other) = (await app.NewLead(), await app.NewLead());
        var rule = await app.NewRule(grade: "A");
        await app.Rate(other, 79, "A");
        await app.Rate(lead, 80, "A");

        await Eventually.Is(async () => (await app.Lead(lead))["isConverted"]!.GetValue<bool>(), "the rule converts it", TimeSpan.FromSeconds(60));
        var job = (await app.Attempts(lead)).ShouldHaveSingleItem();
        job["ruleId"]!.GetValue<Guid>().ShouldBe(rule["id"]!.GetValue<Guid>());
        job["ruleName"]!.GetValue<string>().ShouldBe(rule["rule"]!["name"]!.GetValue<string>());
        var conversion = (await app.Get($"/api/leads/{lead}/conversions")).Body!["items"]![0]!;
        conversion["startedById"]!.GetValue<Guid>().ShouldBe(TestUser.Rep.Id);
        app.Participants.For(lead).Of<CreateAccountAndContact>().Single().ActingUserId.ShouldBe(TestUser.Rep.Id);
        (await app.Lead(other))["isConverted"]!.GetValue<bool>().ShouldBeFalse();
        await Switch(rule, off: true);
    }

    [Fact]
    public async Task C38b_one_that_cannot_be_converted_is_tried_once_in_each_state_and_never_because_of_the_attempt()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).Account = command => new AccountAndContactRefused { ConversionId = command.ConversionId, Status = 409, Reason = "Looks like one we have." };
        var rule = await app.NewRule(grade: "B");
        await app.Rate(lead, 90, "B");

        await Eventually.Is(async () => (await app.Lead(lead))["conversionFailure"] is not null, "the attempt is over", TimeSpan.FromSeconds(60));
        // The failure has raised the lead's version; another lead that comes later shows that the rule has looked since.
        var later = await app.NewLead();
        await app.Rate(later, 90, "B");
        await Eventually.Is(async () => (await app.Lead(later))["isConverted"]!.GetValue<bool>(), "the later one is converted", TimeSpan.FromSeconds(60));
        (await app.Attempts(lead)).Length.ShouldBe(1);

        app.Participants.For(lead).Account = Script.Ready;
        await app.Rate(lead, 95, "B");
        await Eventually.Is(async () => (await app.Lead(lead))["isConverted"]!.GetValue<bool>(), "in its new state it is tried again", TimeSpan.FromSeconds(60));
        (await app.Attempts(lead)).Length.ShouldBe(2);
        await Switch(rule, off: true);
    }

    [Fact]
    public async Task C38c_a_rule_that_is_off_converts_nothing_and_one_that_makes_no_sense_is_refused()
    {
        var rule = await app.NewRule(grade: "C");
        rule = await Switch(rule, off: true);
        var lead = await app.NewLead();
        await app.Rate(lead, 99, "C");
        var marker = await app.NewRule(grade: "D");
        var other = await app.NewLead();
        await app.Rate(other, 99, "D");
        await Eventually.Is(async () => (await app.Lead(other))["isConverted"]!.GetValue<bool>(), "rules are looked at", TimeSpan.FromSeconds(60));
        (await app.Lead(lead))["isConverted"]!.GetValue<bool>().ShouldBeFalse();
        await Switch(marker, off: true);

        async Task<Answer> Post(object body, TestUser user) => await Answer.Of(await app.As(user).PostAsJsonAsync("/api/leads/auto-conversion-rules", body));
        (await Post(new { name = "X", minScore = 1, actingUserId = TestUser.Rep.Id }, TestUser.Rep)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Post(new { name = "X", actingUserId = TestUser.Rep.Id }, TestUser.Admin)).Errors.ShouldContain("minScore");
        (await Post(new { name = "X", minScore = 1, actingUserId = TestUser.Reader.Id }, TestUser.Admin)).Errors.ShouldContain("actingUserId");
        (await Post(new { name = "X", minScore = 1, actingUserId = TestUser.Rep.Id, defaults = new { nonsense = 1 } }, TestUser.Admin)).Errors.ShouldContain("defaults");
    }

    private async Task<JsonNode> Switch(JsonNode rule, bool off)
    {
        var changed = rule["rule"]!.DeepClone().AsObject();
        changed["isActive"] = !off;
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/leads/auto-conversion-rules/{rule["id"]}") { Content = JsonContent.Create(changed) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{rule["version"]}\"");
        var answer = await Answer.Of(await app.As(TestUser.Admin).SendAsync(request));
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body?.ToJsonString());
        return answer.Body!;
    }
}
