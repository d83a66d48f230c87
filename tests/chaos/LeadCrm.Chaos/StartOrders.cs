using System.Diagnostics;
using System.Globalization;
using System.Text;
using LeadCrm.Chaos.Faults;
using Npgsql;

namespace LeadCrm.Chaos;

/// <summary>All services start while database and broker are away, and one of these comes back after the other: whatever the order, everything is well soon after the last.</summary>
public sealed class StartOrders(DisturbedSystem system, TextWriter log, string? report = null)
{
    private const string Database = "postgres", Broker = "rabbitmq";
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(90), Between = TimeSpan.FromSeconds(10);
    private static readonly string[] Servers = [Database, Broker, "rabbitmq-epmd"];

    /// <returns>Whether everything was well within 90 s of the last start, in every order.</returns>
    public async Task<bool> Run(CancellationToken ct)
    {
        var services = system.Processes().Keys.Where(process => !Servers.Contains(process)).Order(StringComparer.Ordinal).ToList();
        var page = new StringBuilder($"All services started while database and broker were away. Run {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC on {Environment.ProcessorCount} cores.\n\n| order | everything healthy after the last start |\n| --- | ---: |\n");
        var good = true;
        foreach (var (order, last) in new[] { (services, Broker), (services.AsEnumerable().Reverse().ToList(), Broker), (services, Database), (services.AsEnumerable().Reverse().ToList(), Database) })
        {
            var took = await Start(order, last, ct);
            good &= took < Allowed;
            page.Append(CultureInfo.InvariantCulture, $"| {string.Join(", ", order)}, then {(last == Broker ? Database : Broker)}, then {last} | {(took is { } time ? time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s" : "not within 180 s: " + string.Join(", ", system.Unhealthy()))} |\n");
        }
        await log.WriteLineAsync(page.ToString());
        if (report is not null) await File.WriteAllTextAsync(report, page.ToString(), CancellationToken.None);
        return good;
    }

    private async Task<TimeSpan?> Start(IReadOnlyList<string> services, string last, CancellationToken ct)
    {
        await log.WriteLineAsync($"{string.Join(", ", services)}, and {last} last");
        var database = new NpgsqlConnectionStringBuilder(system.ConnectionString("leads-db")).Port;
        using var broker = new Absence(system, Broker, system.BrokerUrl.Port);
        using var postgres = new Absence(system, Database, database);
        await broker.Begin(ct);
        await postgres.Begin(ct);
        foreach (var service in services)
            if (system.Processes()[service] is { } pid) Signals.EndAtOnce(pid);
        await Task.Delay(Between, ct);   // they have started by then, and found neither

        var (first, second) = last == Broker ? (postgres, broker) : (broker, postgres);
        first.End();
        await Task.Delay(Between, ct);
        second.End();
        var clock = Stopwatch.StartNew();
        while (!Servers.All(system.IsHealthyNow) && clock.Elapsed < TimeSpan.FromMinutes(3)) await Task.Delay(100, ct);
        return await Settling.Healthy(system) is null ? null : clock.Elapsed;
    }
}
