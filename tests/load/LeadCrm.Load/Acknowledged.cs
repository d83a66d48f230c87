using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using LeadCrm.Load.Traffic;
using Npgsql;

namespace LeadCrm.Load;

/// <summary>Clients that note at once what they were told is done; later, how much of it a system has that was restored after everything had died.</summary>
internal static class Acknowledged
{
    private const int Clients = 8;

    /// <summary>Creates leads at a constant rate until the time is over or nobody answers any more. Each line of the file is a lead that was acknowledged: when, and its address.</summary>
    public static async Task Write(MeasuredSystem system, string file, double perSecond, TimeSpan duration)
    {
        var (caller, run, number, gate) = (await system.SignInToCall(), Guid.NewGuid().ToString("N")[..8], 0, new Lock());
        await using var notes = new StreamWriter(file, append: true) { AutoFlush = true };
        using var over = new CancellationTokenSource(duration);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            using var wire = new Wire(system.Gateway);
            using var pace = new PeriodicTimer(TimeSpan.FromSeconds(Clients / perSecond));
            try
            {
                while (await pace.WaitForNextTickAsync(over.Token))
                {
                    var email = $"kept{Interlocked.Increment(ref number)}@{run}.example";
                    var lead = new JsonObject { ["firstName"] = "Kept", ["lastName"] = email, ["company"] = email, ["email"] = email, ["source"] = "Web" };
                    if (await wire.Send(caller.Post("/api/leads", lead, $"Idempotency-Key: {email}"), null, CancellationToken.None) != 201) continue;
                    lock (gate) notes.WriteLine($"{DateTime.UtcNow:O} {email}");
                }
            }
            catch (Exception end) when (end is IOException or SocketException or OperationCanceledException)
            {
                // Everything has died, or the time is over.
            }
        })));
    }

    /// <summary>Says how much of it is there, and how much older than the newest write that was acknowledged the newest one is that came back.</summary>
    /// <param name="system">The restored system.</param>
    /// <param name="file">What was acknowledged.</param>
    /// <param name="until">The point in time that was restored; null: all there was.</param>
    /// <returns>Whether there are no gaps: everything older than the newest write that came back is there, or older than the point in time.</returns>
    public static async Task<bool> Compare(MeasuredSystem system, string file, DateTime? until)
    {
        var told = (await File.ReadAllLinesAsync(file)).Select(line => line.Split(' ')).Where(words => words.Length == 2)
            .Select(words => (At: DateTime.Parse(words[0], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind), Email: words[1])).OrderBy(one => one.At).ToList();
        await using var connection = new NpgsqlConnection(system.Database("leads-db") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select email from leads where first_name = 'Kept'", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var there = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync()) there.Add(reader.GetString(0));

        var back = told.Where(one => there.Contains(one.Email)).ToList();
        var newest = back.Count == 0 ? (DateTime?)null : back[^1].At;
        // What is committed in one order may be acknowledged in another, within moments.
        var before = told.Where(one => one.At < (until ?? newest?.AddSeconds(-1) ?? DateTime.MinValue)).ToList();
        var gaps = before.Count(one => !there.Contains(one.Email));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{back.Count} of {told.Count} acknowledged are there, {gaps} missing of {before.Count} before {(until is null ? "the newest of these, by a second or more" : "the point in time")}; ")
            + (newest is { } at ? string.Create(CultureInfo.InvariantCulture, $"the newest that came back is {(told[^1].At - at).TotalSeconds:0.0} s older than the newest acknowledged") : "none came back"));
        return newest is not null && gaps == 0;
    }
}
