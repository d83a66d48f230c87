using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace LeadCrm.AppHost.Embedded.Backup;

/// <summary>What a reconciliation found and did.</summary>
/// <param name="Before">Copies that differed from their owners at the beginning.</param>
/// <param name="SentAgain">Messages that were sent again, by sender and kind.</param>
/// <param name="TookEffect">Those of them that had not taken effect before, by receiver and kind.</param>
/// <param name="After">Copies that differ at the end.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record ReconcileReport(
    IReadOnlyList<CopyDifference> Before, SortedDictionary<string, int> SentAgain, SortedDictionary<string, int> TookEffect, IReadOnlyList<CopyDifference> After, double Seconds)
{
    public const string FileName = "reconciled.json";
}

/// <summary>
/// Makes services agree after the broker has lost what it held. Each sends again what it had sent lately: the inboxes let through what had not taken
/// effect, whatever it was, and nothing else. And each reads its copies of other services' records from their owners, which helps for longer
/// than messages are kept. Doing it twice does no harm; the system runs meanwhile.
/// </summary>
internal sealed class Reconciler(IReadOnlyDictionary<string, string> urls, IReadOnlyDictionary<string, string> connectionStrings, string internalKey, Action<string> say) : IDisposable
{
    private const string DatabaseSuffix = "-db";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15), LookEvery = TimeSpan.FromMilliseconds(500), OnItsWay = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(2), DefaultRequestHeaders = { { "X-LeadCrm-Internal", internalKey } } };

    public void Dispose() => _http.Dispose();

    public async Task<ReconcileReport> Run(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var before = await Compare(ct);
        var services = await Services("select to_regclass('platform.outbox_sent') is not null", ct);
        var beganAt = await Scalar<DateTime>(services[0], "select clock_timestamp()", ct);   // one server, one clock

        Dictionary<Guid, string> sent = [];
        SortedDictionary<string, int> sentAgain = new(StringComparer.Ordinal);
        foreach (var service in services)
        {
            foreach (var (id, types) in await Rows(service, "select sent_id, sent_types from platform.send_again()", row => (row.GetGuid(0), row.GetString(1)), ct).ToListAsync(ct))
            {
                sent[id] = KindOf(types);
                Add(sentAgain, $"{service}: {sent[id]}");
            }
        }

        say($"{sentAgain.Values.Sum():N0} messages are sent again{Listed(sentAgain)}");
        foreach (var service in services)
        {
            await RebuildCopies(service, ct);
        }

        await Until("every service has sent what it had to say", async () => await Sum(services, "select count(*) from platform.outbox where not_before is null", ct) == 0, ct);
        await Until("every copy was read from its owner", async () => await Sum(services, "select count(*) from platform.read_models where requested_at >= $1 and (finished_at is null or finished_at < requested_at)", ct, beganAt) == 0, ct);

        var tookEffect = await TookEffect(services, sent, beganAt, ct);
        say($"{tookEffect.Values.Sum():N0} effects that had been missing{Listed(tookEffect)}");
        var after = await Compare(ct);
        say($"reconciled in {clock.Elapsed.TotalSeconds:0.0} s: {Differing(after)}");
        return new ReconcileReport(before, sentAgain, tookEffect, after, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Only looks: how each copy differs from its owner. What differs at the first look and not at the second was on its way.</summary>
    public async Task<IReadOnlyList<CopyDifference>> Compare(CancellationToken ct)
    {
        List<CopyDifference> differences = [];
        var readers = await Services("select to_regclass('platform.read_models') is not null", ct);
        foreach (var kind in CopiedKind.All.Where(kind => urls.ContainsKey(kind.Owner)))
        {
            List<string> copies = [];
            foreach (var service in readers.Where(service => service != kind.Owner))
            {
                if (await Scalar<bool>(service, "select exists (select from platform.read_models where name = $1)", ct, kind.Part))
                {
                    copies.Add(service);
                }
            }

            if (copies.Count == 0)
            {
                continue;
            }

            var first = await Differing(kind, copies, ct);
            if (first.Values.Any(ids => ids.Count > 0))
            {
                await Task.Delay(OnItsWay, ct);
                var second = await Differing(kind, copies, ct);
                foreach (var (copy, ids) in second)
                {
                    first[copy] = ids.Where(id => first[copy].ContainsKey(id.Key)).ToDictionary();
                }
            }

            differences.AddRange(first.Where(copy => copy.Value.Count > 0).Select(copy => new CopyDifference(
                copy.Key.Service, kind.Kind, copy.Key.Records,
                copy.Value.Values.Count(how => how == Difference.Missing), copy.Value.Values.Count(how => how == Difference.SaysOther), copy.Value.Values.Count(how => how == Difference.TooMany))));
        }

        say($"copies of other services' records compared with their owners: {Differing(differences)}");
        return differences;
    }

    private async Task<Dictionary<(string Service, int Records), Dictionary<Guid, Difference>>> Differing(CopiedKind kind, IReadOnlyList<string> copies, CancellationToken ct)
    {
        var owner = await OwnersRecords(kind, ct);
        Dictionary<(string, int), Dictionary<Guid, Difference>> found = [];
        foreach (var service in copies)
        {
            var unseen = new Dictionary<Guid, long>(owner);
            var differing = found[(service, owner.Count)] = [];
            await foreach (var (id, said) in Rows(service, kind.Copy, reader => (reader.GetGuid(0), kind.Said(reader)), ct))
            {
                if (!unseen.Remove(id, out var told))
                {
                    differing[id] = Difference.TooMany;
                }
                else if (told != said)
                {
                    differing[id] = Difference.SaysOther;
                }
            }

            foreach (var id in unseen.Keys)
            {
                differing[id] = Difference.Missing;
            }
        }

        return found;
    }

    private async Task<Dictionary<Guid, long>> OwnersRecords(CopiedKind kind, CancellationToken ct)
    {
        Dictionary<Guid, long> records = [];
        for (var cursor = kind.First; cursor is not null;)
        {
            using var page = JsonDocument.Parse(await _http.GetByteArrayAsync(new Uri($"{urls[kind.Owner]}{kind.Feed}&{kind.Cursor}={cursor}"), ct));
            foreach (var item in page.RootElement.GetProperty(kind.Items).EnumerateArray())
            {
                records[item.GetProperty(kind.Id).GetGuid()] = kind.Told(item);
            }

            var next = page.RootElement.GetProperty("next").ValueKind == JsonValueKind.Null ? null : page.RootElement.GetProperty("next").ToString();
            cursor = next == cursor || next == "0" ? null : next;
        }

        return records;
    }

    private async Task RebuildCopies(string service, CancellationToken ct)
    {
        foreach (var model in CopiedKind.All.GroupBy(kind => kind.ReadModel).Where(model => model.Any(kind => kind.Owner != service)))
        {
            using var answer = await _http.PostAsync(new Uri($"{urls[service]}/internal/read-models/{model.Key}/rebuild"), content: null, ct);
            if (answer.StatusCode != System.Net.HttpStatusCode.NotFound)
            {
                answer.EnsureSuccessStatusCode();
            }
        }
    }

    /// <summary>Messages made before the reconciliation and taken down in an inbox since; asked until no more come.</summary>
    private async Task<SortedDictionary<string, int>> TookEffect(IReadOnlyList<string> services, Dictionary<Guid, string> sent, DateTime beganAt, CancellationToken ct)
    {
        SortedDictionary<string, int> effects = new(StringComparer.Ordinal);
        for (var known = -1; known < effects.Values.Sum();)
        {
            known = effects.Values.Sum();
            await Task.Delay(OnItsWay, ct);
            effects.Clear();
            foreach (var service in services)
            {
                await foreach (var id in Rows(service, "select message_id from platform.inbox where received_at >= $1", reader => reader.GetGuid(0), ct, beganAt))
                {
                    if (sent.TryGetValue(id, out var kind))
                    {
                        Add(effects, $"{service}: {kind}");
                    }
                }
            }
        }

        return effects;
    }

    private async Task<IReadOnlyList<string>> Services(string condition, CancellationToken ct)
    {
        List<string> services = [];
        foreach (var name in connectionStrings.Keys.Where(name => name.EndsWith(DatabaseSuffix, StringComparison.Ordinal)).Select(name => name[..^DatabaseSuffix.Length]).Where(urls.ContainsKey).Order(StringComparer.Ordinal))
        {
            if (await Scalar<bool>(name, condition, ct))
            {
                services.Add(name);
            }
        }

        return services;
    }

    private async Task<long> Sum(IReadOnlyList<string> services, string sql, CancellationToken ct, params object[] parameters)
    {
        var sum = 0L;
        foreach (var service in services)
        {
            sum += await Scalar<long>(service, sql, ct, parameters);
        }

        return sum;
    }

    private async Task<T> Scalar<T>(string service, string sql, CancellationToken ct, params object[] parameters) =>
        await Rows(service, sql, reader => reader.GetFieldValue<T>(0), ct, parameters).SingleAsync(ct);

    private async IAsyncEnumerable<T> Rows<T>(
        string service, string sql, Func<NpgsqlDataReader, T> read, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(connectionStrings[service + DatabaseSuffix]);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            yield return read(reader);
        }
    }

    private static async Task Until(string what, Func<Task<bool>> done, CancellationToken ct)
    {
        for (var clock = Stopwatch.StartNew(); !await done(); await Task.Delay(LookEvery, ct))
        {
            if (clock.Elapsed > Patience)
            {
                throw new HostException($"Not within {Patience.TotalMinutes:0} minutes: {what}. Look at GET /api/operations/SERVICE/messages and at logs/, then say  ./run.sh --reconcile");
            }
        }
    }

    private static void Add(SortedDictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;

    private static string KindOf(string types) => types.Split(';')[0].Split(':')[^1];

    private static string Listed(SortedDictionary<string, int> counts) => string.Concat(counts.Select(count => $"\n    {count.Value,8:N0} {count.Key}"));

    private static string Differing(IReadOnlyList<CopyDifference> differences) => differences.Count == 0 ? "none differs" : string.Concat(differences.Select(d =>
        $"\n    {d.Service}: {d.Count:N0} of {d.Records:N0} {d.Kind} ({d.Missing:N0} missing, {d.SaysOther:N0} say something else, {d.TooMany:N0} too many)"));

    private enum Difference { Missing, SaysOther, TooMany }
}
