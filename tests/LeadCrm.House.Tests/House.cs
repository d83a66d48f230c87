using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace LeadCrm.House.Tests;

/// <summary>
/// The five services of the product in this process, each on a database of its own, all on one broker and reaching each other over HTTP: what one of
/// them promises another is kept by the other itself.
/// </summary>
public sealed class House : IAsyncLifetime
{
    private static int _number;
    private readonly Dictionary<string, Room> rooms = new(StringComparer.Ordinal);

    public Room Leads => rooms["leads"];
    public Room Accounts => rooms["accounts"];
    public Room Opportunities => rooms["opportunities"];
    public Room Activities => rooms["activities"];
    public Room Campaigns => rooms["campaigns"];
    public IReadOnlyCollection<Room> Rooms => rooms.Values;

    public async ValueTask InitializeAsync()
    {
        foreach (var service in (string[])["leads", "accounts", "opportunities", "activities", "campaigns"])
        {
            var program = Assembly.Load($"LeadCrm.{char.ToUpperInvariant(service[0])}{service[1..]}").EntryPoint!.DeclaringType!;
            var room = new Room(service, program, rooms.Values.FirstOrDefault()?.Broker, this);
            await room.InitializeAsync();
            rooms.Add(service, room);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var room in rooms.Values.Reverse()) await room.DisposeAsync();
    }

    /// <summary>Makes users known everywhere.</summary>
    public async Task Know(params TestUser[] users)
    {
        foreach (var room in rooms.Values) await room.Know(users);
    }

    /// <summary>A number that no other test has, for names.</summary>
    public static int Next() => Interlocked.Increment(ref _number);

    /// <summary>A lead of the user that resembles no other one.</summary>
    public async Task<Guid> NewLead(TestUser? user = null, object? more = null)
    {
        var n = Next();
        var lead = new JsonObject
        {
            ["firstName"] = "Ada", ["lastName"] = $"Byron {Word(n)}", ["company"] = $"Engine {Word(-n)}", ["email"] = $"ada.{n}@engine-{n}.example", ["source"] = "Partner",
        };
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(more ?? new { })!.AsObject()) lead[name] = value?.DeepClone();
        return (await Leads.Send(HttpMethod.Post, "/api/leads", lead, user)).Expect(HttpStatusCode.Created).Id;
    }

    /// <summary>A word that resembles no other: numbers in a row would be taken for the same name with a typo.</summary>
    private static string Word(int n) => System.Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(n)))[..20];

    /// <summary>Converts the lead; the finished operation.</summary>
    public async Task<JsonNode> Convert(Guid lead, object? request = null, TestUser? user = null)
    {
        var answer = (await Leads.Send(HttpMethod.Post, $"/api/leads/{lead}/conversions", request ?? new { }, user, ("Prefer", "wait=60"))).Expect(HttpStatusCode.OK).Body!;
        answer["state"]!.GetValue<string>().ShouldBe("completed", answer.ToJsonString());
        return answer;
    }

    /// <summary>Asks for the undo of a conversion and waits for it.</summary>
    public Task<Answer> Undo(Guid conversion, object? request = null, TestUser? user = null, int? wait = 60, string? key = null) => Leads.Send(
        HttpMethod.Post, $"/api/leads/conversions/{conversion}/undo", request ?? new { }, user,
        [.. wait is null ? Array.Empty<(string, string)>() : [("Prefer", $"wait={wait}")], .. key is null ? Array.Empty<(string, string)>() : [("Idempotency-Key", key)]]);

    /// <summary>The undo once it is over.</summary>
    public Task<JsonNode> Over(Guid undo) => Eventually.Get(
        async () => (await Leads.Get($"/api/leads/conversion-undos/{undo}")) is { } body && body["isOver"]!.GetValue<bool>() ? body : null, $"undo {undo} is over", TimeSpan.FromSeconds(90));

    /// <summary>
    /// Everything that people would notice, in all services: live rows of all records with their links, without versions and times of change.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> Snapshot()
    {
        const string noise = "'{version,updated_at,updated_by,status_since,linked_at,search_vector,search_text,converting_since,open_until,moment,next_at,activity_version}'::text[]";
        (Room Room, string Table, string Where, string Order)[] tables =
        [
            (Leads, "leads", "deleted_at is null", "id"), (Leads, "lead_signals", "true", "lead_id"), (Accounts, "accounts", "deleted_at is null", "id"), (Accounts, "contacts", "deleted_at is null", "id"),
            (Opportunities, "opportunities", "deleted_at is null", "id"),
            (Opportunities, "contact_roles", "exists (select from opportunities o where o.id = t.opportunity_id and o.deleted_at is null)", "opportunity_id, contact_id"),
            (Activities, "items", "deleted_at is null", "id"), (Activities, "item_links", "exists (select from items i where i.id = t.item_id and i.deleted_at is null)", "item_id, record_type, record_id"), (Activities, "follows", "true", "user_id, record_type, record_id"),
            (Activities, "held_records", "true", "record_id"),
            (Campaigns, "campaign_members", "deleted_at is null", "id"), (Campaigns, "campaign_influence", "exists (select from platform.record_access r where r.record_id = t.opportunity_id and not r.is_deleted)", "id"),
        ];
        var snapshot = new Dictionary<string, string>();
        foreach (var (room, table, where, order) in tables)
            snapshot[table] = await room.Database.Scalar<string>($"select coalesce(jsonb_agg(to_jsonb(t) - {noise} order by {order}), '[]')::text from {table} t where {where}");
        return snapshot;
    }
}

/// <summary>The classes that share one house; they run one after the other, so that it can be compared as a whole.</summary>
[CollectionDefinition(nameof(InOneHouse))]
public sealed class InOneHouse : ICollectionFixture<House>;

/// <summary>One of the services.</summary>
public sealed class Room(string service, Type program, string? broker, House house) : ServiceFixture(service, program)
{
    protected override string? SharedBroker => broker;

    public string Service { get; } = service;

    public async Task<JsonNode?> Get(string path, TestUser? user = null)
    {
        using var client = As(user ?? TestUser.Rep);
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync()) : null;
    }

    public async Task<Answer> Send(HttpMethod method, string path, object? body = null, TestUser? user = null, params (string Name, string Value)[] headers)
    {
        using var client = As(user ?? TestUser.Rep);
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body, mediaType: method == HttpMethod.Patch ? new("application/merge-patch+json") : null);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), text);
    }

    /// <summary>Changes a record as a user would: reads its version first.</summary>
    public async Task<Answer> Change(HttpMethod method, string path, object? body = null, string? versionOf = null, TestUser? user = null)
    {
        var version = (await Get(versionOf ?? path, user))!["version"]!.GetValue<long>();
        return await Send(method, path, body, user, ("If-Match", $"\"{version}\""));
    }

    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Conversion:CheckTimeout", "00:00:30");   // a busy machine is no reason to ask the saga instead
        builder.UseSetting("Conversion:ResendAfter", "00:00:03");
        builder.UseSetting("Conversion:ResendAtMost", "00:00:03");
        builder.UseSetting("Conversion:SweepEvery", "00:00:00.500");
        // Calls between services stay in this process.
        if (Service == "leads")
            foreach (var owner in (string[])["accounts", "opportunities"]) builder.UseSetting($"services:{owner}:http:0", $"http://{owner}");
        builder.ConfigureTestServices(services =>
        {
            if (Service == "leads")
                foreach (var owner in (string[])["accounts", "opportunities"])
                    services.AddHttpClient($"known-records-{owner}").ConfigurePrimaryHttpMessageHandler(() => new Neighbour(house, owner));
            foreach (var other in (string[])["leads", "accounts", "opportunities", "activities", "campaigns"])
                if (other != Service) services.AddHttpClient(other).ConfigurePrimaryHttpMessageHandler(() => new Neighbour(house, other));
        });
    }

    private sealed class Neighbour(House house, string name) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpMessageHandler handler;
            try
            {
                handler = house.Rooms.First(room => room.Service == name).Handler();
            }
            catch (InvalidOperationException down)
            {
                throw new HttpRequestException($"{name} does not run.", down);
            }
            using var invoker = new HttpMessageInvoker(handler);
            return await invoker.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>An HTTP answer.</summary>
public sealed record Answer(HttpStatusCode Status, JsonNode? Body, string Text)
{
    public Guid Id => Body!["id"]!.GetValue<Guid>();

    /// <summary>Last part of the problem's type.</summary>
    public string Problem => Body!["type"]!.GetValue<string>().Replace("urn:leadcrm:", "", StringComparison.Ordinal);

    /// <summary>What stands in the way: record type and code.</summary>
    public IEnumerable<string> Blockers => Body!["blockers"]!.AsArray().Select(b => $"{b!["recordType"]!.GetValue<string>()}: {b["code"]!.GetValue<string>()}");

    public Answer Expect(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }
}
