using LeadCrm.AppHost.Embedded;
using LeadCrm.AppHost.Embedded.Processes;
using LeadCrm.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace LeadCrm.AppHost.Tests.Functional;

/// <summary>Real PostgreSQL and RabbitMQ under the real host, durable, as root and as an ordinary user.</summary>
public sealed class NativeServersTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Killed_servers_come_back_with_what_was_committed()
    {
        using var host = new HostProcess(_scratch["data"]);
        var before = await host.Ready();
        await Execute(before, "create table kept (n int); insert into kept values (42)");

        Libc.Signal(before.Resources["postgres"].Pid!.Value, Libc.SigKill);
        Libc.Signal(before.Resources["rabbitmq"].Pid!.Value, Libc.SigKill);

        await Eventually.Is(
            () => Task.FromResult(host.State() is { Ready: true } s && s.Resources["postgres"].Restarts >= 1 && s.Resources["rabbitmq"].Restarts >= 1),
            "both are healthy again", TimeSpan.FromMinutes(2));
        var after = host.State()!;
        after.ConnectionStrings.ShouldBe(before.ConnectionStrings);
        (await Scalar(after, "select n from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task A_killed_host_is_recovered_from_by_the_next_start()
    {
        HostState before;
        using (var host = new HostProcess(_scratch["data"]))
        {
            before = await host.Ready();
            await Execute(before, "create table kept (n int); insert into kept values (42)");
            host.Kill();
        }

        Directory.Exists($"/proc/{before.Resources["postgres"].Pid}").ShouldBeTrue("a killed host cannot stop its children");

        using var next = new HostProcess(_scratch["data"]);
        var after = await next.Ready();

        foreach (var (name, resource) in before.Resources)
        {
            after.Resources[name].Pid.ShouldNotBe(resource.Pid);
            Orphans.Find(before.Instance).ShouldNotContain(resource.Pid!.Value);
        }

        after.ConnectionStrings.ShouldBe(before.ConnectionStrings);
        (await Scalar(after, "select n from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task Two_instances_run_side_by_side_and_stop_without_leaving_anything()
    {
        using var one = new HostProcess(_scratch["one"]);
        using var two = new HostProcess(_scratch["two"]);
        var (first, second) = (await one.Ready(), await two.Ready());

        first.ConnectionStrings["postgres"].ShouldNotBe(second.ConnectionStrings["postgres"]);
        first.ConnectionStrings["rabbitmq"].ShouldNotBe(second.ConnectionStrings["rabbitmq"]);
        first.Urls["rabbitmq-management"].ShouldNotBe(second.Urls["rabbitmq-management"]);
        await Execute(first, "create table only_in_one (n int)");
        await Should.ThrowAsync<PostgresException>(() => Scalar(second, "select count(*)::int from only_in_one"));

        one.Stop(Libc.SigInt).ShouldBe(0);
        two.Stop(Libc.SigTerm).ShouldBe(0);
        Orphans.Find(first.Instance).ShouldBeEmpty();
        Orphans.Find(second.Instance).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_ordinary_user_can_run_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "The other tests run as an ordinary user already.");
        var account = Account.ForUnprivilegedServers()!;
        await account.TakeOver(_scratch.Path, TestContext.Current.CancellationToken);
        Assert.SkipUnless(await account.CanEnter(Path.GetDirectoryName(Checkout.Host)!, TestContext.Current.CancellationToken), $"{account.Name} may not enter {Checkout.Root}.");

        using var host = new HostProcess(_scratch["data"], account);
        var state = await host.Ready();

        (await Scalar(state, "select 1")).ShouldBe(1);
        File.GetUnixFileMode(_scratch["data/secrets.json"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        host.Stop(Libc.SigTerm).ShouldBe(0);
    }

    [Fact]
    public async Task Root_can_run_it_from_a_place_that_postgresqls_account_may_not_enter()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root runs PostgreSQL as another account.");
        var closed = Directory.CreateDirectory(_scratch["closed"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;

        using (var host = new HostProcess(Path.Combine(closed, "data")))
        {
            var state = await host.Ready();
            (await Scalar(state, "select 1")).ShouldBe(1);
            var own = Path.Combine("/var/lib/leadcrm", state.Instance);
            Directory.Exists(Path.Combine(own, "postgres", "base")).ShouldBeTrue();
            host.Stop(Libc.SigTerm).ShouldBe(0);
            Directory.Delete(own, recursive: true);
        }
    }

    private static async Task<int> Scalar(HostState state, string sql)
    {
        await using var connection = new NpgsqlConnection(state.ConnectionStrings["postgres"]);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private static async Task Execute(HostState state, string sql)
    {
        await using var connection = new NpgsqlConnection(state.ConnectionStrings["postgres"]);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
