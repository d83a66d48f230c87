using System.Net;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;
using AccountChange = LeadCrm.Accounts.Contracts.ChangeKind;
using OpportunityChange = LeadCrm.Opportunities.Contracts.ChangeKind;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Leads of companies that are customers already (LD12).</summary>
public sealed class AccountMatchTests(LeadsApp app)
{
    private readonly HttpClient rep = app.As(TestUser.Rep);

    [Fact]
    public async Task LD12_a_lead_shows_the_account_of_its_company_with_owner_and_open_opportunities()
    {
        await using var bus = await TestBus.Connect(app.Broker);
        var account = Account("Nordlicht Optik GmbH & Co. KG");
        await bus.Publish(account);
        await bus.Publish(Opportunity(account.AccountId, "Lenses", "open"));
        await bus.Publish(Opportunity(account.AccountId, "Frames", "won"));
        var lead = await rep.CreateLead(new { lastName = "Licht", company = "NORDLICHT OPTIK" });

        var match = await Match(lead.Id, account.AccountId, opportunities: 1);

        match["name"]!.ToString().ShouldBe("Nordlicht Optik GmbH & Co. KG");
        match["ownerId"]!.ToString().ShouldBe(TestUser.OtherRep.Id.ToString());
        match["ownerName"]!.ToString().ShouldBe(TestUser.OtherRep.Name);
        match["by"]!.AsArray().Select(b => b!.ToString()).ShouldBe(["company"]);
        match["openOpportunities"]!.AsArray().ShouldHaveSingleItem()!["name"]!.ToString().ShouldBe("Lenses");
    }

    [Fact]
    public async Task LD12_a_lead_matches_by_the_domain_of_its_email_address()
    {
        await using var bus = await TestBus.Connect(app.Broker);
        var account = Account("Weitblick Reisen", "https://www.weitblick-reisen.example/start?x=1");
        await bus.Publish(account);
        var lead = await rep.CreateLead(new { lastName = "Blick", email = "b.blick@weitblick-reisen.example" });

        (await Match(lead.Id, account.AccountId))["by"]!.AsArray().Select(b => b!.ToString()).ShouldBe(["domain"]);
    }

    [Fact]
    public async Task LD12_a_public_mail_address_matches_no_account()
    {
        await using var bus = await TestBus.Connect(app.Broker);
        var (mail, marker) = (Account("Mail Provider", "https://gmail.com"), Account("Marker Of Public Mail"));
        await bus.Publish(mail);
        await bus.Publish(marker);
        var lead = await rep.CreateLead(new { lastName = "Private", company = "Marker of public mail", email = "somebody@gmail.com" });

        await Match(lead.Id, marker.AccountId);
        await Eventually.Is(async () => await app.Database.Scalar<long>("select count(*) from known_accounts where id = $1", mail.AccountId) == 1, "both accounts are known");
        (await Matches(lead.Id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task LD12_leads_are_filtered_by_whether_they_match_and_by_the_account()
    {
        await using var bus = await TestBus.Connect(app.Broker);
        var account = Account("Filterwerk Süd AG");
        await bus.Publish(account);
        var tag = Guid.NewGuid().ToString("N")[..8];
        var customer = await rep.CreateLead(new { lastName = "Kunde " + tag, company = "Filterwerk Süd" });
        var stranger = await rep.CreateLead(new { lastName = "Fremd " + tag, company = "Nobody Knows " + tag });
        await Match(customer.Id, account.AccountId);

        (await List($"q={tag}&accountMatch=true")).ShouldBe([customer.Id]);
        (await List($"q={tag}&accountMatch=false")).ShouldBe([stranger.Id]);
        (await List($"accountMatch={account.AccountId}")).ShouldBe([customer.Id]);
        (await rep.Get("/api/leads?accountMatch=perhaps")).ShouldBe(HttpStatusCode.BadRequest, "bad-list-query");
    }

    [Fact]
    public async Task LD12_a_deleted_account_matches_no_longer_and_a_late_event_does_not_bring_it_back()
    {
        await using var bus = await TestBus.Connect(app.Broker);
        var account = Account("Fading Works");
        await bus.Publish(account);
        var lead = await rep.CreateLead(new { lastName = "Fade", company = "Fading Works" });
        await Match(lead.Id, account.AccountId);

        await bus.Publish(account with { Version = 5, Kind = AccountChange.Deleted });
        await Eventually.Is(async () => (await Matches(lead.Id)).Count == 0, "the account matches no longer");
        await bus.Publish(account with { Version = 4, Name = "Fading Works" });
        await bus.Publish(Account("After Fading", id: Guid.CreateVersion7()));
        await Eventually.Is(async () => await app.Database.Scalar<long>("select count(*) from known_accounts where name = 'After Fading'") == 1, "the late event was heard");

        (await Matches(lead.Id)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task LD12_matches_of_a_lead_that_one_may_not_see_are_not_found() =>
        (await rep.Get($"/api/leads/{Guid.NewGuid()}/account-matches")).ShouldBe(HttpStatusCode.NotFound);

    private async Task<System.Text.Json.Nodes.JsonNode> Match(string lead, Guid account, int opportunities = 0) => await Eventually.Get(
        async () => (await Matches(lead)).FirstOrDefault(m => m!["accountId"]!.ToString() == account.ToString() && m["openOpportunities"]!.AsArray().Count == opportunities),
        "the lead shows the account");

    private async Task<System.Text.Json.Nodes.JsonArray> Matches(string lead) =>
        (await rep.Get($"/api/leads/{lead}/account-matches")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray();

    private async Task<IEnumerable<string>> List(string query) =>
        (await rep.Get("/api/leads?" + query)).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().Select(l => l!["id"]!.ToString());

    private static AccountChanged Account(string name, string? website = null, Guid? id = null) => new()
    {
        Kind = AccountChange.Created, AccountId = id ?? Guid.CreateVersion7(), Version = 1, Name = name, Website = website, OwnerId = TestUser.OtherRep.Id, At = DateTimeOffset.UtcNow,
    };

    private static OpportunityChanged Opportunity(Guid account, string name, string category) => new()
    {
        Kind = OpportunityChange.Created, OpportunityId = Guid.CreateVersion7(), Version = 1, Name = name, AccountId = account, OwnerId = TestUser.OtherRep.Id, Stage = "Somewhere",
        StageCategory = category, Amount = 10, Currency = "EUR", Probability = 50, CloseDate = new DateOnly(2027, 1, 31), At = DateTimeOffset.UtcNow,
    };
}
