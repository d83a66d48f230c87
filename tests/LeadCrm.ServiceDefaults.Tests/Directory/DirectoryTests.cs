using System.Net;
using System.Net.Http.Json;
using LeadCrm.Identity.Contracts;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Tests.Messaging;
using LeadCrm.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Directory;

public sealed class DirectoryTests
{
    private static UserChanged User(Guid id, long version, params string[] permissions) => new()
    {
        UserId = id, Version = version, Name = $"Name {version}", Email = $"v{version}@example.org", IsActive = version % 5 != 0, Roles = ["Sales Rep"], Permissions = permissions,
    };

    private static IDirectory DirectoryOf(TestService service) => service.Services.GetRequiredService<IDirectory>();

    [Fact]
    public async Task Events_in_any_order_and_more_than_once_end_at_the_newest_version()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground);
        await using var replica = await TestService.Start(ground);
        var (user, team) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var random = new Random(4711);
        var users = Enumerable.Range(1, 20).SelectMany(v => Enumerable.Repeat(User(user, v, $"p{v}"), 2)).OrderBy(_ => random.Next()).ToArray();
        var teams = Enumerable.Range(1, 10).Select(v => new TeamChanged { TeamId = team, Version = v, Name = $"Team {v}", ParentId = v == 10 ? user : null }).OrderBy(_ => random.Next()).ToArray();

        await service.Publish(users);
        await service.Publish(teams);

        foreach (var directory in new[] { DirectoryOf(service), DirectoryOf(replica) })
        {
            await Eventually.Is(() => directory.FindUser(user) is { Version: 20 });
            await Eventually.Is(() => directory.FindTeam(team) is { Version: 10 });
            var known = directory.FindUser(user).ShouldNotBeNull();
            (known.Name, known.Email, known.IsActive).ShouldBe(("Name 20", "v20@example.org", false));
            known.Permissions.ShouldBe(["p20"]);
            directory.FindTeam(team)!.ParentId.ShouldBe(user);
        }
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.inbox") == 50);
        (await service.Scalar<long>("select version from platform.directory_users")).ShouldBe(20);
    }

    [Fact]
    public async Task Ten_thousand_events_shuffled_and_a_third_of_them_twice_end_where_events_in_order_end()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground);
        var store = service.Services.GetRequiredService<DirectoryStore>();
        var random = new Random(20261122);
        var users = Enumerable.Range(0, 800).SelectMany(_ => Lives(8, (id, v) => new DirectoryNews { Users = [User(id, v, $"p{v}")] }));
        var teams = Enumerable.Range(0, 300).SelectMany(_ => Lives(8, (id, v) => new DirectoryNews { Teams = [new TeamChanged { TeamId = id, Version = v, Name = $"Team {v}", IsDeleted = v == 8 && id.GetHashCode() % 3 == 0 }] }));
        var rules = Enumerable.Range(0, 149).SelectMany(_ => Lives(8, (id, v) => new DirectoryNews { SharingRules = [new SharingRuleChanged { RuleId = id, Version = v, RecordType = "lead", OwnedByTeamId = id, SharedWithTeamId = id, Access = v % 2 == 0 ? "read" : "readWrite", IsDeleted = v == 8 && id.GetHashCode() % 3 == 0 }] }));
        var settings = Lives(8, (_, v) => new DirectoryNews { Organisation = Settings(v) });
        DirectoryNews[] events = [.. users.Concat(teams).Concat(rules).Concat(settings)];
        events.Length.ShouldBe(10_000);

        await store.Apply(Together(events), repair: false, CancellationToken.None);
        var inOrder = await Snapshot(service);
        await Empty(service);
        var shuffled = events.Concat(events.Where(_ => random.Next(100) < 30)).OrderBy(_ => random.Next()).Chunk(100).ToArray();
        await Parallel.ForEachAsync(shuffled, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (chunk, ct) =>
        {
            // Many at once, so that they meet.
            await using var connection = await service.Database.OpenConnectionAsync(ct);
            await DirectoryStore.Apply(connection, new DirectoryNews
            {
                Users = [.. chunk.SelectMany(e => e.Users)], Teams = [.. chunk.SelectMany(e => e.Teams)], SharingRules = [.. chunk.SelectMany(e => e.SharingRules)],
            }, repair: false, ct);
            foreach (var news in chunk.Where(e => e.Organisation is not null)) await DirectoryStore.Apply(connection, news, repair: false, ct);
        });

        (await Snapshot(service)).ShouldBe(inOrder);
    }

    [Fact]
    public async Task Thrown_away_and_rebuilt_while_events_go_on_arriving_it_equals_the_one_before()
    {
        var identity = new FakeIdentity([.. Enumerable.Range(1, 1_200).Select(v => User(Guid.CreateVersion7(), v))]) { IsAway = false };
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(
            ground,
            settings: new() { ["services:identity:http:0"] = "http://identity", ["LEADCRM_INTERNAL_KEY"] = "secret" },
            services: services => services.AddHttpClient(DirectoryFeed.Client).ConfigurePrimaryHttpMessageHandler(() => identity));
        await Eventually.Is(() => DirectoryOf(service).Users.Count == 1_200);
        var store = service.Services.GetRequiredService<DirectoryStore>();
        var nobody = Guid.CreateVersion7();
        // A pass over the feed that is still under way throws out whom Identity does not know: then once more.
        await Eventually.Is(async () =>
        {
            await store.Apply(new DirectoryNews { Users = [User(nobody, 3)] }, repair: false, CancellationToken.None);
            return DirectoryOf(service).FindUser(nobody) is not null;
        });
        await service.Execute($"delete from platform.directory_users where id <> '{nobody}'");
        await service.Execute($"update platform.directory_users set name = 'Damaged' where id <> '{nobody}'");

        using var stop = new CancellationTokenSource();
        var events = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await store.Apply(new DirectoryNews { Users = [identity.Change()] }, repair: false, CancellationToken.None);
        });
        (await service.Operator().PostAsync("/api/test/read-models/directory/rebuild", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.Is(async () => await service.Scalar<bool>("select finished_at > requested_at from platform.read_models where name = 'directory'"));
        await stop.CancelAsync();
        await events;

        identity.Changes.ShouldBeGreaterThan(0, "events arrived meanwhile");
        (await service.Scalar<long>("select count(*) from platform.directory_users")).ShouldBe(1_200);
        var stored = System.Text.Json.JsonSerializer.Deserialize<Dictionary<Guid, string>>(await service.Scalar<string>("select jsonb_object_agg(id, name || version)::text from platform.directory_users"))!;
        stored.ShouldBe(identity.Users.ToDictionary(user => user.UserId, user => user.Name + user.Version), ignoreOrder: true);
        await Eventually.Is(() => DirectoryOf(service).FindUser(nobody) is null && identity.Users.All(user => DirectoryOf(service).FindUser(user.UserId)?.Version == user.Version));
    }

    [Fact]
    public async Task Who_is_added_before_the_service_has_queues_is_known_although_the_event_reached_nobody()
    {
        var identity = new FakeIdentity([User(Guid.CreateVersion7(), 1), User(Guid.CreateVersion7(), 2)]) { IsAway = false };
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(
            ground,
            settings: new() { ["services:identity:http:0"] = "http://identity", ["LEADCRM_INTERNAL_KEY"] = "secret" },
            services: services => services.AddHttpClient(DirectoryFeed.Client).ConfigurePrimaryHttpMessageHandler(() => identity));
        await Eventually.Is(() => DirectoryOf(service).Users.Count == 2);

        var changed = identity.Change();

        await Eventually.Is(() => DirectoryOf(service).FindUser(changed.UserId) is { Version: 3 });
    }

    private static OrganisationChanged Settings(long version) => new()
    {
        Version = version, Name = $"Org {version}", TimeZone = "UTC", Currency = "EUR", FirstFiscalMonth = 1, SharingDefaults = new Dictionary<string, string> { ["lead"] = $"{version}" },
    };

    private static IEnumerable<DirectoryNews> Lives(int versions, Func<Guid, long, DirectoryNews> state)
    {
        var id = Guid.CreateVersion7();
        return Enumerable.Range(1, versions).Select(version => state(id, version));
    }

    /// <summary>The last states, as events in order leave them.</summary>
    private static DirectoryNews Together(DirectoryNews[] events) => new()
    {
        Users = [.. events.SelectMany(e => e.Users).GroupBy(u => u.UserId).Select(u => u.Last())],
        Teams = [.. events.SelectMany(e => e.Teams).GroupBy(t => t.TeamId).Select(t => t.Last())],
        SharingRules = [.. events.SelectMany(e => e.SharingRules).GroupBy(r => r.RuleId).Select(r => r.Last())],
        Organisation = events.Last(e => e.Organisation is not null).Organisation,
    };

    private static Task Empty(TestService service) =>
        service.Execute("truncate platform.directory_users, platform.directory_teams, platform.directory_sharing_rules, platform.directory_organisation");

    private static async Task<string> Snapshot(TestService service) => string.Join('\n', await Task.WhenAll(new[] { "users", "teams", "sharing_rules", "organisation" }
        .Select(table => service.Scalar<string>($"select string_agg((to_jsonb(t) - 'changed_at')::text, ';' order by t.id) from platform.directory_{table} t"))));

    [Fact]
    public async Task A_tombstone_hides_a_team_and_a_late_event_does_not_bring_it_back()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        await using var service = await TestService.Start(ground);
        var store = service.Services.GetRequiredService<DirectoryStore>();
        var team = Guid.CreateVersion7();
        await store.Apply(new DirectoryNews { Teams = [new TeamChanged { TeamId = team, Version = 1, Name = "Team" }] }, repair: false, CancellationToken.None);
        await Eventually.Is(() => DirectoryOf(service).FindTeam(team) is not null);

        await store.Apply(new DirectoryNews { Teams = [new TeamChanged { TeamId = team, Version = 3, Name = "Team", IsDeleted = true }] }, repair: false, CancellationToken.None);
        await store.Apply(new DirectoryNews { Teams = [new TeamChanged { TeamId = team, Version = 2, Name = "Late" }] }, repair: false, CancellationToken.None);

        await Eventually.Is(() => DirectoryOf(service).FindTeam(team) is null);
        (await service.Scalar<bool>("select is_deleted from platform.directory_teams")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_revoked_session_is_refused_by_every_replica_and_forgotten_when_its_tokens_have_run_out()
    {
        await using var ground = await Ground.Create();
        await using var service = await TestService.Start(ground);
        await using var replica = await TestService.Start(ground);
        var (lasting, over) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await service.Publish(
            new SessionRevoked { SessionId = lasting, ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(5) },
            new SessionRevoked { SessionId = over, ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(-5) });

        await Eventually.Is(() => DirectoryOf(service).IsRevoked(lasting) && DirectoryOf(replica).IsRevoked(lasting));
        await Eventually.Is(async () => await service.Scalar<long>("select count(*) from platform.revoked_sessions") == 2);
        await service.Services.GetRequiredService<DirectoryStore>().Forget(CancellationToken.None);
        (await service.Scalar<Guid>("select id from platform.revoked_sessions")).ShouldBe(lasting);
        DirectoryOf(service).IsRevoked(over).ShouldBeFalse();
    }

    [Fact]
    public async Task An_empty_directory_fills_from_the_feed_page_by_page_also_when_Identity_comes_late()
    {
        await using var ground = await Ground.Create(brokerAway: true);
        var identity = new FakeIdentity(Enumerable.Range(1, 1_200).Select(v => User(Guid.CreateVersion7(), v)).ToArray());
        await using var service = await TestService.Start(
            ground,
            settings: new() { ["services:identity:http:0"] = "http://identity", ["LEADCRM_INTERNAL_KEY"] = "secret" },
            services: services => services.AddHttpClient(DirectoryFeed.Client).ConfigurePrimaryHttpMessageHandler(() => identity));
        await Eventually.Is(() => identity.Refused > 0);
        DirectoryOf(service).Users.ShouldBeEmpty();

        identity.IsAway = false;

        await Eventually.Is(() => DirectoryOf(service).Users.Count == 1_200);
        identity.Keys.Distinct().ShouldBe(["secret"]);
    }

    /// <summary>Answers the feed as Identity does, in pages of what the caller asks for.</summary>
    private sealed class FakeIdentity(UserChanged[] users) : HttpMessageHandler
    {
        private readonly Lock writing = new();
        private long version = users.Length;

        public int Changes { get; private set; }

        public UserChanged[] Users => users;

        /// <summary>Changes somebody and returns the event about it.</summary>
        public UserChanged Change()
        {
            lock (writing)
            {
                var at = Random.Shared.Next(users.Length);
                Changes++;
                return users[at] = User(users[at].UserId, ++version);
            }
        }

        public volatile bool IsAway = true;
        public int Refused;
        public List<string> Keys { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath != "/internal/directory/changes") return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
            if (IsAway)
            {
                Interlocked.Increment(ref Refused);
                throw new HttpRequestException("away");
            }
            Keys.AddRange(request.Headers.GetValues("X-LeadCrm-Internal"));
            var query = System.Web.HttpUtility.ParseQueryString(request.RequestUri.Query);
            var since = long.Parse(query["since"]!);
            UserChanged[] page;
            lock (writing) page = [.. users.Where(user => user.Version > since).OrderBy(user => user.Version).Take(int.Parse(query["limit"]!))];
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = JsonContent.Create(new { users = page, teams = Array.Empty<TeamChanged>(), next = page.Length == 0 ? since : page[^1].Version }),
            });
        }
    }
}
