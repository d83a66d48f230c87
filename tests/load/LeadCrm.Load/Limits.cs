using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using LeadCrm.Load.Traffic;
using Npgsql;

namespace LeadCrm.Load;

/// <summary>What this machine can do at most, measured in the same run: the yardstick for what ours do.</summary>
internal static partial class Limits
{
    public static async Task Run(MeasuredSystem system, Report report, Uri? bare, int concurrency, TimeSpan duration)
    {
        report.Heading("What the machine can do at most");
        var rows = new List<(string What, double PerSecond)>();
        var leads = system.Database("leads-db");
        if (await PgBench(leads, concurrency, duration) is var (select, insert))
        {
            rows.Add(("PostgreSQL: SELECT by primary key (pgbench, prepared)", select));
            rows.Add(("PostgreSQL: INSERT of a row, durable (pgbench, prepared)", insert));
        }
        rows.Add(("PostgreSQL: COPY of rows, no index", await Copy(leads)));

        if (bare is not null)
        {
            var sample = await Sample.Take(leads, 5_000);
            byte[] Get(Uri at, string path) => System.Text.Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\nHost: {at.Authority}\r\n\r\n");
            async Task Measure(string what, Uri at, Func<int, string> path)
            {
                var kind = new Kind(what, i => Get(at, path(i)), 200);
                await Generator.Closed(at, kind, concurrency, duration * 2);   // code is compiled for good
                var outcome = await Generator.Closed(at, kind, concurrency, duration);
                rows.Add((what + (outcome.Errors.Count > 0 ? $" ({outcome.ErrorText} errors)" : ""), outcome.PerSecond));
            }
            await Measure("an empty endpoint", bare, _ => "/api/bare/empty");
            await Measure("an empty endpoint behind the gateway", system.Gateway, _ => "/api/bare/empty");
            await Measure("a bare endpoint that reads one row", bare, i => $"/api/bare/row/{sample.Lead(i)}");
            await Measure("a bare endpoint that reads one row, behind the gateway", system.Gateway, i => $"/api/bare/row/{sample.Lead(i)}");
            await Measure("a bare endpoint that lists 50", bare, _ => "/api/bare/list");
            await Measure("a bare endpoint that lists 50, behind the gateway", system.Gateway, _ => "/api/bare/list");
        }
        report.Table(["what", "per second"], rows.Select(row => new[] { row.What, row.PerSecond.ToString("#,0", CultureInfo.InvariantCulture) }));
    }

    private static async Task<(double Select, double Insert)?> PgBench(string database, int clients, TimeSpan duration)
    {
        if (!File.Exists("/usr/bin/pgbench")) return null;
        var to = new NpgsqlConnectionStringBuilder(database);
        await Execute(database, "create table if not exists load_bench (id int primary key, filler text); truncate load_bench; insert into load_bench select i, repeat('x', 200) from generate_series(1, 100000) i; create table if not exists load_insert (id bigserial primary key, filler text)");
        try
        {
            return (await PgBench(to, "\\set id random(1, 100000)\nselect * from load_bench where id = :id;", clients, duration),
                await PgBench(to, "insert into load_insert (filler) values ('one row of two hundred bytes');", clients, duration));
        }
        finally
        {
            await Execute(database, "drop table load_bench; drop table load_insert");
        }
    }

    private static async Task<double> PgBench(NpgsqlConnectionStringBuilder to, string script, int clients, TimeSpan duration)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, script);
        var start = new ProcessStartInfo("/usr/bin/pgbench", ["-n", "-M", "prepared", "-c", $"{clients}", "-j", "2", "-T", $"{duration.TotalSeconds:0}", "-f", file, "-h", to.Host!, "-p", $"{to.Port}", "-U", to.Username!, to.Database!])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PGPASSWORD"] = to.Password },
        };
        using var bench = Process.Start(start)!;
        var errors = bench.StandardError.ReadToEndAsync();
        var output = await bench.StandardOutput.ReadToEndAsync();
        await bench.WaitForExitAsync();
        File.Delete(file);
        var found = PerSecond().Match(output);
        return found.Success ? double.Parse(found.Groups["tps"].Value, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"pgbench: {output}{await errors}");
    }

    private static async Task<double> Copy(string database)
    {
        const int count = 200_000;
        await Execute(database, "create table if not exists load_copy (id uuid, name text, at timestamptz)");
        try
        {
            var clock = Stopwatch.StartNew();
            await using var rows = await Seeding.CopyTable.Open(database, "load_copy (id, name, at)");
            for (var i = 0; i < count; i++) rows.Row(Guid.CreateVersion7(), "one of two hundred thousand", DateTimeOffset.UnixEpoch);
            await rows.Complete();
            return count / clock.Elapsed.TotalSeconds;
        }
        finally
        {
            await Execute(database, "drop table load_copy");
        }
    }

    private static async Task Execute(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex(@"^tps = (?<tps>[0-9.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex PerSecond();
}
