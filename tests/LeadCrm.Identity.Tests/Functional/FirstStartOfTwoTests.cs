namespace LeadCrm.Identity.Tests.Functional;

/// <summary>Two copies of the service that start on an empty database at the same moment.</summary>
public sealed class FirstStartOfTwoTests(FirstStartOfTwoTests.OwnApp app) : IClassFixture<FirstStartOfTwoTests.OwnApp>
{
    [Fact]
    public async Task They_make_one_of_everything_and_both_know_everybody()
    {
        var before = await Counts();
        await app.Stop();
        await app.Database.Execute("truncate known_permissions, users, roles, teams, organisation, signing_keys, platform.key_set, platform.directory_users, platform.directory_teams cascade");

        var replicas = await Task.WhenAll(app.StartReplica(), app.StartReplica());

        (await Counts()).ShouldBe(before);
        (await app.Database.Scalar<long>("select count(*) from signing_keys")).ShouldBe(1);
        foreach (var replica in replicas)
        {
            using var http = replica.Anonymous();
            (await http.GetStringAsync(new Uri("/.well-known/jwks.json", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldContain(await app.Database.Scalar<string>("select id from signing_keys"));
            await replica.DisposeAsync();
        }
    }

    private async Task<string> Counts() => await app.Database.Scalar<string>("""
        select concat_ws(' ', (select count(*) from users), (select count(*) from roles), (select count(*) from teams), (select count(*) from organisation))
        """);

    public sealed class OwnApp : IdentityApp;
}
