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
            var page = users.Where(user => user.Version > since).Take(int.Parse(query["limit"]!)).ToArray();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = JsonContent.Create(new { users = page, teams = Array.Empty<TeamChanged>(), next = page.Length == 0 ? since : page[^1].Version }),
            });
        }
    }
}
