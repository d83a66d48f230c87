using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Gateway.Events;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>A broker of its own beside the gateway, and a Leads that says what each user may see.</summary>
public sealed class EventFixture : IAsyncLifetime
{
    private readonly string virtualHost = $"events-{Guid.NewGuid():N}";
    private TestServers servers = null!;

    internal GatewayFixture Others { get; } = new();

    internal string Broker { get; private set; } = null!;

    /// <summary>What a user may see, as Leads would answer; who is not in here is unknown to it.</summary>
    internal ConcurrentDictionary<Guid, object> Visible { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Others.InitializeAsync();
        servers = await TestServers.Get();
        Broker = await servers.CreateVirtualHost(virtualHost);
        Others.Leads.On("/internal/visibility", async http =>
        {
            if (http.Request.Headers["X-LeadCrm-Internal"] != GatewayFixture.InternalKey) http.Response.StatusCode = 401;
            else if (Visible.TryGetValue(Guid.Parse(http.Request.Query["userId"]!), out var kinds)) await http.Response.WriteAsJsonAsync(new { kinds });
            else await http.Response.WriteAsJsonAsync(new { kinds = new { } });
        });
    }

    public async ValueTask DisposeAsync()
    {
        await servers.DropVirtualHost(virtualHost);
        await Others.DisposeAsync();
    }

    /// <summary>The broker closes all connections and forgets everything.</summary>
    internal async Task LoseBroker()
    {
        await servers.DropVirtualHost(virtualHost);
        await servers.CreateVirtualHost(virtualHost);
    }

    internal Task<RunningGateway> Start(params string[] settings) =>
        Others.Start([$"ConnectionStrings:rabbitmq={Broker}", "Gateway:Events:Gather=00:00:00.05", "Gateway:Events:LookForEnd=00:00:00.1", "Gateway:Events:ScopeFor=00:00:00", .. settings]);
}

/// <summary>What the gateway tells browsers of what changes, with a real broker.</summary>
public sealed class EventTests(EventFixture fixture) : IClassFixture<EventFixture>
{
    private static object Owned(params Guid[] owners) => new { everything = false, ownerIds = owners, queueIds = Array.Empty<Guid>() };

    [Fact]
    public async Task A_change_is_told_to_who_may_see_the_record_and_to_nobody_else_with_nothing_of_its_content()
    {
        await using var gateway = await fixture.Start();
        await using var bus = await TestBus.Connect(fixture.Broker);
        var (owner, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        using var sees = await gateway.SignedIn();
        using var sees2 = await gateway.SignedIn();
        using var stranger = await gateway.SignedIn();
        fixture.Visible[await UserOf(sees)] = new { lead = Owned(owner) };
        fixture.Visible[await UserOf(sees2)] = new { lead = Owned(other), account = new { everything = true, ownerIds = Array.Empty<Guid>(), queueIds = Array.Empty<Guid>() } };
        await using var his = await Follow(gateway, sees);
        await using var hers = await Follow(gateway, sees2);
        await using var nobodys = await Follow(gateway, stranger);

        var (hidden, seen) = (Lead(owner), Lead(other));
        await bus.Publish(hidden);
        await bus.Publish(seen);

        var told = await his.Next("changed");
        told.Data.AsArray().ShouldHaveSingleItem();
        (told.Data[0]!["type"]!.ToString(), told.Data[0]!["id"]!.ToString(), (long)told.Data[0]!["version"]!).ShouldBe(("lead", hidden.Lead.LeadId.ToString(), 7L));
        told.Data[0]!.AsObject().Select(member => member.Key).ShouldBe(["type", "id", "version"]);
        (await hers.Next("changed")).Data.AsArray().ShouldHaveSingleItem()!["id"]!.ToString().ShouldBe(seen.Lead.LeadId.ToString());
        nobodys.Heard.ShouldNotContain(heard => heard.Name == "changed");
        his.Text.ShouldNotContain("Secret");
        hers.Text.ShouldNotContain(hidden.Lead.LeadId.ToString());
    }

    [Fact]
    public async Task What_every_kind_of_event_tells_arrives_also_of_many_records_at_once()
    {
        await using var gateway = await fixture.Start();
        await using var bus = await TestBus.Connect(fixture.Broker);
        using var browser = await gateway.SignedIn();
        var all = new { everything = true, ownerIds = Array.Empty<Guid>(), queueIds = Array.Empty<Guid>() };
        fixture.Visible[await UserOf(browser)] = new { lead = all, account = all, contact = all, opportunity = all, campaign = all };
        await using var stream = await Follow(gateway, browser);
        var (owner, ids) = (Guid.CreateVersion7(), Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7()).ToArray());

        await bus.Publish(new LeadsChanged { Kind = ChangeKind.Created, Leads = [State(ids[0], owner), State(ids[1], owner)], At = DateTimeOffset.UtcNow });
        await bus.Publish(new LeadsConverted
        {
            Items = [new LeadConverted { ConversionId = Guid.CreateVersion7(), Lead = State(ids[2], owner), AccountId = ids[3], AccountCreated = true, ContactId = ids[4], ContactCreated = true, OwnerId = owner, ActorId = owner, At = DateTimeOffset.UtcNow }],
        });
        await bus.Publish(new Accounts.Contracts.AccountChanged { Kind = Accounts.Contracts.ChangeKind.Created, AccountId = ids[3], Version = 1, Name = "Secret", OwnerId = owner, At = DateTimeOffset.UtcNow });
        await bus.Publish(new Accounts.Contracts.ContactChanged { Kind = Accounts.Contracts.ChangeKind.Created, ContactId = ids[4], Version = 1, LastName = "Secret", OwnerId = owner, At = DateTimeOffset.UtcNow });
        await bus.Publish(new Opportunities.Contracts.OpportunityChanged
        {
            Kind = Opportunities.Contracts.ChangeKind.Created, OpportunityId = ids[5], Version = 1, Name = "Secret", AccountId = ids[3], OwnerId = owner, At = DateTimeOffset.UtcNow,
            Stage = "Secret", StageCategory = "open", CloseDate = new DateOnly(2030, 1, 1), Currency = "EUR", Probability = 10,
        });
        await bus.Publish(new Campaigns.Contracts.CampaignChanged { Kind = Campaigns.Contracts.ChangeKind.Created, CampaignId = ids[6], Version = 1, Name = "Secret", Type = "event", Status = "planned", OwnerId = owner, At = DateTimeOffset.UtcNow });

        await Eventually.Is(() => Task.FromResult(stream.Told().Length >= 7), "all seven are told");
        stream.Told().Order().ShouldBe(new[] { $"account {ids[3]}", $"campaign {ids[6]}", $"contact {ids[4]}", $"lead {ids[0]}", $"lead {ids[1]}", $"lead {ids[2]}", $"opportunity {ids[5]}" }.Order());
        stream.Text.ShouldNotContain("Secret");
    }

    [Fact]
    public async Task Members_of_a_queue_are_told_and_whoever_loses_a_record_too()
    {
        await using var gateway = await fixture.Start();
        await using var bus = await TestBus.Connect(fixture.Broker);
        var (queue, owner, lead) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        using var member = await gateway.SignedIn();
        using var former = await gateway.SignedIn();
        fixture.Visible[await UserOf(member)] = new { lead = new { everything = false, ownerIds = Array.Empty<Guid>(), queueIds = new[] { queue } } };
        fixture.Visible[await UserOf(former)] = new { lead = Owned(owner) };
        await using var members = await Follow(gateway, member);
        await using var formers = await Follow(gateway, former);

        await bus.Publish(new LeadChanged { Kind = ChangeKind.Updated, Lead = State(lead, owner), At = DateTimeOffset.UtcNow });
        await formers.Next("changed");
        await bus.Publish(new LeadChanged { Kind = ChangeKind.Updated, Lead = State(lead, null) with { QueueId = queue, Version = 8 }, At = DateTimeOffset.UtcNow });

        ((long)(await members.Next("changed")).Data[0]!["version"]!).ShouldBe(8);
        ((long)(await formers.Next("changed")).Data[0]!["version"]!).ShouldBe(8);
        // From then on it is nothing to who had it.
        await bus.Publish(new LeadChanged { Kind = ChangeKind.Updated, Lead = State(lead, null) with { QueueId = queue, Version = 9 }, At = DateTimeOffset.UtcNow });
        ((long)(await members.Next("changed")).Data[0]!["version"]!).ShouldBe(9);
        formers.Text.ShouldNotContain("\"version\":9");
    }

    [Fact]
    public async Task A_lead_whose_details_changed_is_told_to_who_may_see_it()
    {
        await using var gateway = await fixture.Start();
        await using var bus = await TestBus.Connect(fixture.Broker);
        var (owner, lead) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        using var user = await gateway.SignedIn();
        fixture.Visible[await UserOf(user)] = new { lead = Owned(owner) };
        await using var events = await Follow(gateway, user);

        await bus.Publish(new LeadDetailsChanged { LeadId = Guid.CreateVersion7(), Version = 2, OwnerId = Guid.CreateVersion7(), At = DateTimeOffset.UtcNow });
        await bus.Publish(new LeadDetailsChanged { LeadId = lead, Version = 3, OwnerId = owner, At = DateTimeOffset.UtcNow });

        var told = (await events.Next("changed")).Data[0]!;
        ((string?)told["type"], (Guid)told["id"]!, (long)told["version"]!).ShouldBe(("lead", lead, 3));
    }

    [Fact]
    public async Task Every_gateway_hears_everything()
    {
        await using var one = await fixture.Start();
        await using var two = await fixture.Start();
        await using var bus = await TestBus.Connect(fixture.Broker);
        var owner = Guid.CreateVersion7();
        using var here = await one.SignedIn();
        using var there = await two.SignedIn();
        fixture.Visible[await UserOf(here)] = fixture.Visible[await UserOf(there)] = new { lead = Owned(owner) };
        await using var first = await Follow(one, here);
        await using var second = await Follow(two, there);

        var lead = Lead(owner);
        await bus.Publish(lead);

        foreach (var stream in (Stream[])[first, second]) (await stream.Next("changed")).Data[0]!["id"]!.ToString().ShouldBe(lead.Lead.LeadId.ToString());
    }

    [Fact]
    public async Task Who_comes_back_gets_what_was_missed_and_who_missed_too_much_is_told_to_ask_for_everything()
    {
        await using var gateway = await fixture.Start("Gateway:Events:Kept=2");
        await using var bus = await TestBus.Connect(fixture.Broker);
        var owner = Guid.CreateVersion7();
        using var browser = await gateway.SignedIn();
        using var keeper = await gateway.SignedIn();
        fixture.Visible[await UserOf(browser)] = fixture.Visible[await UserOf(keeper)] = new { lead = Owned(owner) };
        await using var keeps = await Follow(gateway, keeper);   // the broker is listened to all the time
        string last;
        await using (var stream = await Follow(gateway, browser))
        {
            await bus.Publish(Lead(owner));
            last = (await stream.Next("changed")).Id;
        }
        var missed = Lead(owner);
        await bus.Publish(missed);
        await Eventually.Is(() => Task.FromResult(keeps.Text.Contains(missed.Lead.LeadId.ToString(), StringComparison.Ordinal)), "the gateway has heard of it");

        await using (var again = await Stream.Open(browser, last))
        {
            (await again.Next("changed")).Data[0]!["id"]!.ToString().ShouldBe(missed.Lead.LeadId.ToString());
            again.Heard.ShouldNotContain(heard => heard.Name == "refresh");
        }
        foreach (var _ in Enumerable.Range(0, 3)) await bus.Publish(Lead(owner));
        await Eventually.Is(() => Task.FromResult(keeps.Told().Length == 5), "three more");
        foreach (var id in (string[])[last, "0123-5", "nonsense"])
        {
            await using var late = await Stream.Open(browser, id);
            await late.Next("refresh");
        }
    }

    [Fact]
    public async Task When_the_broker_was_away_pages_are_told_to_ask_for_everything_and_hear_what_comes_then()
    {
        await using var gateway = await fixture.Start();
        var owner = Guid.CreateVersion7();
        using var browser = await gateway.SignedIn();
        fixture.Visible[await UserOf(browser)] = new { lead = Owned(owner) };
        await using var stream = await Follow(gateway, browser);

        await fixture.LoseBroker();

        await stream.Next("refresh");
        await using var bus = await TestBus.Connect(fixture.Broker);
        var lead = Lead(owner);
        await bus.Publish(lead);
        (await stream.Next("changed")).Data[0]!["id"]!.ToString().ShouldBe(lead.Lead.LeadId.ToString());
    }

    [Fact]
    public async Task While_nobody_says_what_a_user_may_see_nothing_is_named()
    {
        await using var silent = await Backend.Start();
        silent.On("/internal/visibility", http => { http.Response.StatusCode = 503; return Task.CompletedTask; });
        await using var gateway = await fixture.Start($"services:leads:http:0={silent.Url}");
        await using var bus = await TestBus.Connect(fixture.Broker);
        using var browser = await gateway.SignedIn();
        await using var stream = await Follow(gateway, browser);
        var before = stream.Heard.Count;

        await bus.Publish(Lead(Guid.CreateVersion7()));

        await Eventually.Is(() => Task.FromResult(stream.Heard.Count > before), "something is said");
        stream.Heard.ShouldAllBe(heard => heard.Name == "refresh");
    }

    [Fact]
    public async Task While_nobody_listens_the_gateway_listens_to_nothing()
    {
        await using var gateway = await fixture.Start("Gateway:Events:Linger=00:00:00.2");
        var feed = gateway.Services.GetRequiredService<ChangeFeed>();
        feed.IsListening.ShouldBeFalse();
        using var browser = await gateway.SignedIn();
        await using (await Follow(gateway, browser)) feed.IsListening.ShouldBeTrue();

        await Eventually.Is(() => Task.FromResult(!feed.IsListening && feed.Streams == 0), "the queue is given up");
    }

    [Fact]
    public async Task A_stream_says_that_it_lives_and_ends_when_its_user_signs_out_or_the_session_is_ended_elsewhere()
    {
        await using var gateway = await fixture.Start("Gateway:Events:Heartbeat=00:00:00.2");
        using var browser = await gateway.SignedIn();
        await using var stream = await Follow(gateway, browser);
        await Eventually.Is(() => Task.FromResult(stream.Text.Contains(": still here", StringComparison.Ordinal)), "it lives");

        fixture.Others.Identity.Revoke(await browser.IdentitySession(fixture.Others.Database));

        await stream.Ended.WaitAsync(TimeSpan.FromSeconds(10));
        using var again = await browser.Http.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead);
        again.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task It_takes_a_session_and_one_user_opens_so_many_and_no_more()
    {
        await using var gateway = await fixture.Start("Gateway:Events:MostPerUser=2");
        using var nobody = gateway.Browser();
        (await nobody.Get("/api/events")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var browser = await gateway.SignedIn();
        await using var one = await Stream.Open(browser);
        await using var two = await Stream.Open(browser);

        using var third = await browser.Http.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead);

        third.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        third.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Without_a_broker_the_gateway_works_and_says_that_it_tells_no_events()
    {
        using var browser = await fixture.Others.Gateway.SignedIn();
        (await browser.Get("/api/events")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    private static async Task<Guid> UserOf(Browser browser)
    {
        using var answer = await browser.Get("/api/session");
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["userId"]!.GetValue<Guid>();
    }

    /// <summary>A stream that is open, of a gateway that listens.</summary>
    private static async Task<Stream> Follow(RunningGateway gateway, Browser browser)
    {
        var listens = gateway.Services.GetRequiredService<ChangeFeed>().IsListening;
        var stream = await Stream.Open(browser);
        if (!listens) await stream.Next("refresh");   // it begins to listen for this stream, and says that it did not before
        return stream;
    }

    private static LeadChanged Lead(Guid owner) => new() { Kind = ChangeKind.Created, Lead = State(Guid.CreateVersion7(), owner), At = DateTimeOffset.UtcNow };

    private static LeadState State(Guid id, Guid? owner) => new() { LeadId = id, Version = 7, LastName = "Secret", Company = "Secret", Status = "Secret", StatusCategory = "open", OwnerId = owner };

    /// <summary>An event as it came.</summary>
    private sealed record Heard(string Id, string Name, JsonNode Data);

    /// <summary>A browser's stream, read in the background.</summary>
    private sealed class Stream : IAsyncDisposable
    {
        private readonly HttpResponseMessage answer;
        private readonly ConcurrentQueue<Heard> heard = new();
        private readonly ConcurrentQueue<string> lines = new();
        private readonly Task reading;
        private int taken;

        private Stream(HttpResponseMessage answer)
        {
            this.answer = answer;
            reading = Task.Run(Read);
        }

        public ConcurrentQueue<Heard> Heard => heard;

        public string Text => string.Join('\n', lines);

        public Task Ended => reading;

        public static async Task<Stream> Open(Browser browser, string? lastEventId = null)
        {
            var answer = await browser.Send(HttpMethod.Get, "/api/events", null, lastEventId is null ? [] : [("Last-Event-ID", lastEventId)]);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
            return new Stream(answer);
        }

        /// <summary>The next event of this name that was not asked for yet.</summary>
        public async Task<Heard> Next(string name)
        {
            Heard? found = null;
            await Eventually.Is(() =>
            {
                for (; found is null && taken < heard.Count; taken++)
                    if (heard.ElementAt(taken) is var one && one.Name == name) found = one;
                return Task.FromResult(found is not null);
            }, $"an event called {name}");
            return found!;
        }

        /// <summary>All records that were named so far.</summary>
        public string[] Told() => [.. heard.Where(one => one.Name == "changed").SelectMany(one => one.Data.AsArray()).Select(one => $"{one!["type"]} {one["id"]}")];

        public async ValueTask DisposeAsync()
        {
            answer.Dispose();
            await reading;
        }

        private async Task Read()
        {
            try
            {
                using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
                var (id, name) = ("", "");
                while (await reader.ReadLineAsync() is { } line)
                {
                    lines.Enqueue(line);
                    if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
                    else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
                    else if (line.StartsWith("data: ", StringComparison.Ordinal)) heard.Enqueue(new Heard(id, name, JsonNode.Parse(line[6..])!));
                }
            }
            catch (Exception ex) when (ex is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException)
            {
                // Closed by the test, which is what ends a stream that nobody else ended.
            }
        }
    }
}
