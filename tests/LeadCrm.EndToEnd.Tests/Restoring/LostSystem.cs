using System.Collections.Concurrent;
using System.Net;
using System.Runtime.InteropServices;
using LeadCrm.EndToEnd.Tests.Scenarios;
using Npgsql;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Restoring;

/// <summary>A system on a data folder of somebody else's choice, started with options of its own.</summary>
internal sealed class RestoredSystem(string data, params string[] options) : RunningSystem(data)
{
    protected override IReadOnlyList<string> Options => options;

    /// <summary>What the reconciliation found; null while it runs.</summary>
    public async Task<System.Text.Json.Nodes.JsonNode> Reconciled()
    {
        await Eventually("the services agree again\n" + Tail(), () => Task.FromResult(!File.Exists(Path.Combine(DataFolder, "restored.json"))), TimeSpan.FromMinutes(3));
        return System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(DataFolder, "reconciled.json")))!;
    }
}

/// <summary>
/// A system that was backed up under writes, went on writing, and then was killed altogether while the broker alone knew of what had been
/// said last: those who should have heard it were frozen.
/// </summary>
public sealed class LostSystem : IAsyncLifetime
{
    private const int SigStop = 19;
    private static readonly string[] Frozen = ["accounts", "activities", "campaigns"];
    private readonly RunningSystem original = new();
    private readonly ConcurrentQueue<Guid> acknowledged = [];
    private int made;

    public string DataFolder => original.DataFolder;

    public string Backup { get; } = Path.Combine(Path.GetTempPath(), "leadcrm-e2e-backup-" + Guid.NewGuid().ToString("N")[..8]);

    /// <summary>What the back-up said of itself.</summary>
    public string Said { get; private set; } = "";

    /// <summary>A moment when nobody wrote, and the leads that had been acknowledged by then.</summary>
    public DateTime Mark { get; private set; }

    public IReadOnlyCollection<Guid> BeforeMark { get; private set; } = [];

    /// <summary>All leads that were acknowledged before the end.</summary>
    public IReadOnlyCollection<Guid> All => acknowledged;

    /// <summary>Conversions that had been accepted and could not go on.</summary>
    public List<Guid> Conversions { get; } = [];

    public async ValueTask InitializeAsync()
    {
        await original.InitializeAsync();
        using var rep = await original.SignIn();
        using (var writing = new CancellationTokenSource())
        {
            var writers = Enumerable.Range(0, 4).Select(_ => Write(rep, writing.Token)).ToArray();
            await Acknowledged(20);
            var (code, said) = await original.Command(["--backup", Backup], CancellationToken.None);
            code.ShouldBe(0, said);
            Said = said;
            await Acknowledged(acknowledged.Count + 20);
            await writing.CancelAsync();
            await Task.WhenAll(writers);
        }

        BeforeMark = [.. acknowledged];
        Mark = await original.Scalar<DateTime>("leads-db", "select clock_timestamp()");
        await WriteSome(rep, 20);
        await Archive();

        // From here on the archive alone would not do, nor would the databases without the broker.
        foreach (var service in Frozen) Signal(original.Pid(service)!.Value, SigStop).ShouldBe(0);
        await WriteSome(rep, 20);
        foreach (var lead in BeforeMark.Take(3))
        {
            var (status, body, _) = await rep.Send(HttpMethod.Post, $"/api/leads/{lead}/conversions", new { opportunity = new { mode = "create" } });
            status.ShouldBe(HttpStatusCode.Accepted, body?.ToString());
            Conversions.Add(body!["conversionId"]!.GetValue<Guid>());
        }
        await RunningSystem.Eventually("the broker has what Leads said", async () => await original.Scalar<long>("leads-db", "select count(*) from platform.outbox") == 0, TimeSpan.FromSeconds(30));
        original.KillEverything();
    }

    public async ValueTask DisposeAsync()
    {
        await original.DisposeAsync();
        if (Directory.Exists(DataFolder)) Directory.Delete(DataFolder, recursive: true);
        Directory.Delete(Backup, recursive: true);
    }

    private Task Acknowledged(int count) => RunningSystem.Eventually($"{count} leads are acknowledged", () => Task.FromResult(acknowledged.Count >= count), TimeSpan.FromMinutes(1));

    private async Task Write(GatewayClient rep, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested) await WriteSome(rep, 1);
    }

    private async Task WriteSome(GatewayClient rep, int count)
    {
        for (var i = 0; i < count; i++)
            acknowledged.Enqueue((await rep.Post("/api/leads", Samples.Lead("restore", Interlocked.Increment(ref made))))["id"]!.GetValue<Guid>());
    }

    /// <summary>What the server does by itself after a minute.</summary>
    private async Task Archive()
    {
        await using var connection = new NpgsqlConnection(original.ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select pg_walfile_name(pg_switch_wal())", connection);
        var segment = (string)(await command.ExecuteScalarAsync())!;
        await RunningSystem.Eventually("the log is archived", () => Task.FromResult(File.Exists(Path.Combine(Backup, "wal", $"{segment}.gz"))), TimeSpan.FromSeconds(30));
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int pid, int signal);
}

/// <summary>It starts whole systems one after the other: nothing else runs beside it.</summary>
[CollectionDefinition(nameof(SystemThatWasLost), DisableParallelization = true)]
public sealed class SystemThatWasLost : ICollectionFixture<LostSystem>;
