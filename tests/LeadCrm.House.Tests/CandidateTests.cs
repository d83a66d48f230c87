using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.House.Tests;

/// <summary>What a conversion offers as perhaps the same (C22, C23), with all services as they are.</summary>
[Collection(nameof(InOneHouse))]
public sealed class CandidateTests(House house)
{
    [Fact]
    public async Task C23e_a_converted_lead_is_never_a_candidate_what_it_became_is_and_after_a_merge_the_survivor_alone()
    {
        var person = new { firstName = "Grace", lastName = $"Hopper{House.Next()}", company = $"Harbour {House.Next() * 7919} Compilers", email = $"grace.{House.Next()}@harbour-{House.Next()}.example" };
        var first = await house.Convert(await house.NewLead(more: person));
        var second = await house.NewLead(more: person);
        (await Candidates(second)).ShouldBe([("account", IdOf(first, "account")), ("contact", IdOf(first, "contact"))], ignoreOrder: true);

        // The second one becomes records of its own all the same; then somebody sees that they are one.
        var decisions = (await Candidates(second)).Select(c => new { type = c.Type, id = c.Id, decision = "createAnyway" });
        var own = await house.Convert(second, new { duplicateDecision = decisions });
        await Merge("accounts", IdOf(first, "account"), IdOf(own, "account"));
        await Merge("contacts", IdOf(first, "contact"), IdOf(own, "contact"));

        (await Candidates(await house.NewLead(more: person))).ShouldBe([("account", IdOf(first, "account")), ("contact", IdOf(first, "contact"))], ignoreOrder: true);
    }

    private async Task<IReadOnlyList<(string Type, Guid Id)>> Candidates(Guid lead) =>
        [.. (await house.Leads.Send(HttpMethod.Post, $"/api/leads/{lead}/conversions", new { dryRun = true })).Body!["candidates"]!.AsArray()
            .Select(c => (c!["type"]!.GetValue<string>(), c["id"]!.GetValue<Guid>()))];

    private async Task Merge(string records, Guid survivor, Guid loser)
    {
        var version = (await house.Accounts.Get($"/api/{records}/{loser}"))!["version"]!.GetValue<long>();
        (await house.Accounts.Change(HttpMethod.Post, $"/api/{records}/{survivor}/merges", new { records = new[] { new { id = loser, version } } }, $"/api/{records}/{survivor}", TestUser.Admin)).Expect(HttpStatusCode.OK);
    }

    private static Guid IdOf(JsonNode conversion, string record) => conversion[record]!["id"]!.GetValue<Guid>();
}
