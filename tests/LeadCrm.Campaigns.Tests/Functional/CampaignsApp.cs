using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Xunit;

namespace LeadCrm.Campaigns.Tests.Functional;

/// <summary>One for all test classes that name the collection: each test brings data of its own.</summary>
[CollectionDefinition(nameof(OneApp))]
public sealed class OneApp : ICollectionFixture<CampaignsApp>;

/// <summary>The service on its own database and virtual host, with stand-ins for Leads and Accounts and a bus beside it that plays all others.</summary>
public class CampaignsApp() : ServiceFixture("campaigns", typeof(LeadCrm.Campaigns.Data.CampaignsDb))
{
    private static readonly string[] Everything =
    [
        "campaigns.read", "campaigns.create", "campaigns.edit", "campaigns.delete", "leads.read", "contacts.read", "opportunities.read", "data.export",
    ];

    /// <summary>Runs campaigns.</summary>
    public static TestUser Marketer { get; } = TestUser.With(Everything);

    /// <summary>Runs others.</summary>
    public static TestUser OtherMarketer { get; } = TestUser.With(Everything);

    /// <summary>Sees campaigns and leads, and changes nothing.</summary>
    public static TestUser Watcher { get; } = TestUser.With("campaigns.read", "leads.read");

    /// <summary>Plays the other services and hears what this one says.</summary>
    public TestBus Bus { get; private set; } = null!;

    internal PeopleStub Others { get; } = new();

    public HttpClient Me => As(Marketer);

    public override async ValueTask InitializeAsync()
    {
        await Others.Start();
        await base.InitializeAsync();
        await Know(Marketer, OtherMarketer, Watcher);
        Bus = await TestBus.Connect(Broker, typeof(CampaignChanged), typeof(MembershipsOfLeadsMoved), typeof(NewestCampaignFound));
        await Eventually.Is(HasQueues, "the service has its queues", TimeSpan.FromSeconds(60));
    }

    public override async ValueTask DisposeAsync()
    {
        if (Bus is not null) await Bus.DisposeAsync();
        await base.DisposeAsync();
        await Others.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        builder.UseSetting("services:leads:http:0", Others.Url);
        builder.UseSetting("services:accounts:http:0", Others.Url);
        // The stand-ins have no feed: who owns what comes by events here, and by a feed in a test of its own.
        builder.UseSetting("RecordAccess:WhileAway", "01:00:00");
    }

    /// <summary>A lead that the service has heard of.</summary>
    public Task<Guid> Lead(string name = "Lea Lead", TestUser? owner = null, Guid? queue = null) => Person("lead", name, queue is null ? owner ?? Marketer : null, queue);

    /// <summary>A contact that the service has heard of.</summary>
    public Task<Guid> Contact(string name = "Cora Contact", TestUser? owner = null) => Person("contact", name, owner ?? Marketer, null);

    /// <summary>Many leads that the service has heard of.</summary>
    public async Task<Guid[]> Leads(int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        await Database.Execute(
            "insert into platform.record_access (record_type, record_id, owner_id, name, version, is_deleted, seen_at) select 'lead', id, $2, 'Lead ' || left(id::text, 8), 1, false, now() from unnest($1) as t(id)",
            ids, Marketer.Id);
        return ids;
    }

    /// <summary>A lead as Leads tells of it.</summary>
    public static LeadState State(Guid id, long version = 1, Guid? campaignId = null, string lastName = "Lead", bool isDeleted = false, TestUser? owner = null) => new()
    {
        LeadId = id, Version = version, FirstName = "Lea", LastName = lastName, Status = "New", StatusCategory = "open", OwnerId = (owner ?? Marketer).Id,
        CampaignId = campaignId, IsDeleted = isDeleted,
    };

    /// <summary>Tells of a lead as Leads would.</summary>
    public Task Tell(LeadState lead, LeadCrm.Leads.Contracts.ChangeKind kind = LeadCrm.Leads.Contracts.ChangeKind.Updated, Guid? messageId = null) =>
        Bus.Publish(new LeadChanged { Kind = kind, Lead = lead, At = DateTimeOffset.UtcNow }, Marketer, messageId);

    /// <summary>Tells of an opportunity as Opportunities would.</summary>
    public Task Tell(Guid opportunityId, long version = 1, Guid? primaryCampaignId = null, decimal? amount = 1_000, TestUser? owner = null) => Bus.Publish(new OpportunityChanged
    {
        Kind = LeadCrm.Opportunities.Contracts.ChangeKind.Updated, OpportunityId = opportunityId, Version = version, Name = "Ten pumps", AccountId = Guid.NewGuid(),
        OwnerId = (owner ?? Marketer).Id, Stage = "New", StageCategory = "open", Amount = amount, Currency = "EUR", Probability = 10,
        CloseDate = new DateOnly(2027, 1, 31), PrimaryCampaignId = primaryCampaignId, At = DateTimeOffset.UtcNow,
    });

    /// <summary>Converts the lead, as the saga would after its pivot, and answers what this service says to it.</summary>
    public async Task<MembershipsMoved> Convert(Guid leadId, Guid contactId, Guid? opportunityId = null, Guid? conversionId = null, long version = 10)
    {
        var id = conversionId ?? Guid.CreateVersion7();
        var before = Bus.All<MembershipsMoved>().Count(m => m.ConversionId == id);
        await Bus.Publish(new LeadConverted
        {
            ConversionId = id, Lead = State(leadId, version) with { IsConverted = true }, AccountId = Guid.NewGuid(), AccountCreated = true, ContactId = contactId,
            ContactCreated = false, OpportunityId = opportunityId, OwnerId = Marketer.Id, ActorId = Marketer.Id, At = DateTimeOffset.UtcNow,
        }, Marketer);
        await Eventually.Is(() => Bus.All<MembershipsMoved>().Count(m => m.ConversionId == id) > before, "the service answers the conversion");
        return Bus.All<MembershipsMoved>().Last(m => m.ConversionId == id);
    }

    /// <summary>A campaign of the marketer.</summary>
    internal async Task<Campaign> Campaign(string name = "Spring fair", object? values = null)
    {
        var body = JsonSerializer.SerializeToNode(new { name }, Requests.Form)!.AsObject();
        if (values is not null)
            foreach (var (key, value) in JsonSerializer.SerializeToNode(values, Requests.Form)!.AsObject()) body[key] = value?.DeepClone();
        return await Me.PostAsJsonAsync("/api/campaigns", body).As<Campaign>(System.Net.HttpStatusCode.Created);
    }

    private async Task<Guid> Person(string type, string name, TestUser? owner, Guid? queue)
    {
        var id = Guid.CreateVersion7();
        await Database.Execute(
            "insert into platform.record_access (record_type, record_id, owner_id, queue_id, name, version, is_deleted, seen_at) values ($1, $2, nullif($3, '00000000-0000-0000-0000-000000000000'::uuid), nullif($4, '00000000-0000-0000-0000-000000000000'::uuid), $5, 1, false, now())",
            type, id, owner?.Id ?? Guid.Empty, queue ?? Guid.Empty, name);
        return id;
    }

    private async Task<bool> HasQueues()
    {
        using var answer = await Anonymous().GetAsync("/health/ready");
        if (!answer.IsSuccessStatusCode) return false;
        var health = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return health.GetProperty("checks").GetProperty("broker").GetProperty("status").GetString() == "healthy";
    }
}
