using System.Text;
using LeadCrm.Chaos.Faults;
using LeadCrm.Chaos.Load;
using Npgsql;

namespace LeadCrm.Chaos;

/// <summary>
/// Many clients do the same at the same moment: one request with one Idempotency-Key, ten times, while a copy of Leads is killed; one edit with one ETag,
/// twenty times. Each takes effect once.
/// </summary>
public sealed class Races(DisturbedSystem system, TextWriter log, string? report = null)
{
    private const int Keys = 500, AgedKeys = 100, TriesPerKey = 10, Leads = 200, EditsPerLead = 20, AtOnce = 10;
    private readonly Marks marks = new();
    private readonly string run = Guid.NewGuid().ToString("N")[..6];   // it may run again on the same system
    private readonly Journal journal = new();

    public async Task<bool> Run(CancellationToken ct)
    {
        using var client = await system.SignIn("rita.rep@example.com");
        var keys = await SameKey(client, ct);
        var edits = await SameETag(client, keys.Ids, ct);
        var aged = await Aged(client, keys.Words.Take(AgedKeys).ToArray(), ct);
        var page = new StringBuilder();
        void Line(string text = "") => page.Append(text).Append('\n');
        Line($"Run {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC on {Environment.ProcessorCount} cores, everything on the one machine, the clients included. Requests that got no answer and were made again: {journal.Unanswered}.");
        Line();
        Line("| race | attempted | exactly one effect | lost | doubled | answered otherwise |");
        Line("| --- | ---: | ---: | ---: | ---: | ---: |");
        Line($"| one POST with one key, {TriesPerKey} times at once, a copy of Leads killed halfway | {Keys} | {keys.Once} | {keys.Lost} | {keys.Doubled} | {keys.Otherwise} |");
        Line($"| the same key with another body: 422 | {Keys} | {keys.Changed} | 0 | 0 | {Keys - keys.Changed} |");
        Line($"| one POST with a key that is past its 24 hours, {TriesPerKey} times at once while it is forgotten, and again: the answer of then, after that one new effect | {AgedKeys} | {aged.Once} | {aged.Lost} | {aged.Doubled} | {aged.Otherwise} |");
        Line($"| one PATCH with one ETag, {EditsPerLead} times at once: one 200, the others 412 | {Leads} | {edits.One} | {edits.None} | {edits.Several} | {edits.Otherwise} |");
        Line($"| PATCH without If-Match: 428 | {Leads} | {edits.Demanded} | 0 | 0 | {Leads - edits.Demanded} |");
        await log.WriteLineAsync(page.ToString());
        if (report is not null) await File.WriteAllTextAsync(report, page.ToString(), CancellationToken.None);
        return keys.Once == Keys && keys.Changed == Keys && keys.Otherwise == 0 && edits.One == Leads && edits.Demanded == Leads && edits.Otherwise == 0 && aged.Once == AgedKeys && aged.Otherwise == 0;
    }

    private async Task<(int Once, int Lost, int Doubled, int Otherwise, int Changed, List<Guid> Ids, string[] Words)> SameKey(CarefulClient client, CancellationToken ct)
    {
        await log.WriteLineAsync($"{Keys} keys, each {TriesPerKey} times at once");
        var (words, otherwise, changed, told) = (Enumerable.Range(0, Keys).Select(_ => marks.Word() + run).ToArray(), 0, 0, new Dictionary<string, Guid>());
        var disturbance = new Disturbance(system, log);
        var kill = Task.CompletedTask;
        foreach (var (some, number) in words.Chunk(AtOnce).Select((some, i) => (some, i)))
        {
            if (number == Keys / AtOnce / 2) kill = disturbance.Do(FaultKind.Kill, system.Processes().Keys.First(process => process.StartsWith("leads", StringComparison.Ordinal)), ct);
            var answers = await Task.WhenAll(some.SelectMany(word => Enumerable.Range(0, TriesPerKey).Select(async _ => (word, Answer: await client.Post(journal, "/api/leads", Lead(word), $"race {word}", ct)))));
            foreach (var of in answers.GroupBy(answer => answer.word))
            {
                var ids = of.Where(one => one.Answer.IsSuccess).Select(one => one.Answer.Body!["id"]!.GetValue<Guid>()).ToList();
                if (ids.Count != TriesPerKey || ids.Distinct().Count() != 1) otherwise++;
                if (ids.Count > 0) told[of.Key] = ids[0];
            }
            var others = await Task.WhenAll(some.Select(word => client.Post(journal, "/api/leads", Lead(word + "other"), $"race {word}", ct)));
            changed += others.Count(answer => answer.Status == 422);
        }
        await kill;

        var found = (await system.Read("leads-db", "select email from leads where email = any($1)", row => row.GetString(0), (object)words.Select(Marks.Email).ToArray())).ToLookup(email => email, StringComparer.Ordinal);
        int Count(Func<int, bool> which) => words.Count(word => which(found[Marks.Email(word)].Count()));
        return (Count(n => n == 1), Count(n => n == 0), Count(n => n > 1), otherwise, changed, [.. told.Values], words);
    }

    /// <summary>
    /// All keys are made older than what is kept, and a copy of Leads is restarted, which forgets old keys when it starts. Who asks before that gets the answer of then, who asks at
    /// that very moment is told that the key has expired, who asks later makes a new lead, all of them the same one.
    /// </summary>
    private async Task<(int Once, int Lost, int Doubled, int Otherwise)> Aged(CarefulClient client, string[] words, CancellationToken ct)
    {
        await log.WriteLineAsync($"{words.Length} keys past their time, each {TriesPerKey} times at once");
        await using (var connection = await system.Connect("leads-db"))
        await using (var age = new NpgsqlCommand("update platform.idempotency_keys set created_at = created_at - interval '25 hours'", connection)) await age.ExecuteNonQueryAsync(ct);
        var restart = new Disturbance(system, log).Do(FaultKind.Restart, system.Processes().Keys.First(process => process.StartsWith("leads", StringComparison.Ordinal)), ct);
        var otherwise = 0;
        do otherwise += await Ask(isLast: false);
        while (!restart.IsCompleted);
        otherwise += await Ask(isLast: true);

        var found = (await system.Read("leads-db", "select email from leads where email = any($1)", row => row.GetString(0), (object)words.Select(Marks.Email).ToArray())).ToLookup(email => email, StringComparer.Ordinal);
        int Count(Func<int, bool> which) => words.Count(word => which(found[Marks.Email(word)].Count()));
        return (Count(n => n == 2), Count(n => n < 2), Count(n => n > 2), otherwise);

        async Task<int> Ask(bool isLast)
        {
            var wrong = 0;
            foreach (var some in words.Chunk(AtOnce))
            {
                var answers = await Task.WhenAll(some.SelectMany(word => Enumerable.Range(0, TriesPerKey).Select(async _ => (word, Answer: await client.Post(journal, "/api/leads", Lead(word), $"race {word}", ct)))));
                foreach (var of in answers.GroupBy(answer => answer.word))
                {
                    var ids = of.Where(one => one.Answer.IsSuccess).Select(one => one.Answer.Body!["id"]!.GetValue<Guid>()).Distinct().Count();
                    var expired = of.Count(one => one.Answer.Status == 409);
                    if (of.Any(one => !one.Answer.IsSuccess && one.Answer.Status != 409) || ids > 2 || (isLast && (ids != 1 || expired > 0))) wrong++;
                }
            }
            return wrong;
        }
    }

    private async Task<(int One, int None, int Several, int Otherwise, int Demanded)> SameETag(CarefulClient client, List<Guid> ids, CancellationToken ct)
    {
        await log.WriteLineAsync($"{Leads} leads, each edited {EditsPerLead} times at once");
        var (one, none, several, otherwise, demanded) = (0, 0, 0, 0, 0);
        foreach (var lead in ids.Take(Leads))
        {
            var etag = (await client.Get(journal, $"/api/leads/{lead}", ct)).ETag!;
            var answers = await Task.WhenAll(Enumerable.Range(0, EditsPerLead).Select(i =>
                client.Insist(journal, HttpMethod.Patch, $"/api/leads/{lead}", new { title = $"Editor {i}" }, new Dictionary<string, string> { ["If-Match"] = etag }, ct)));
            var won = answers.Count(answer => answer.IsSuccess);
            if (won == 1) one++;
            else if (won == 0) none++;
            else several++;
            if (answers.Any(answer => !answer.IsSuccess && answer.Status != 412)) otherwise++;
            var bare = await client.Insist(journal, HttpMethod.Patch, $"/api/leads/{lead}", new { title = "Nobody" }, new Dictionary<string, string>(), ct);
            if (bare.Status == 428) demanded++;
        }
        return (one, none, several, otherwise, demanded);
    }

    private static object Lead(string word) => new { firstName = "Race", lastName = word, company = word + " Works", email = Marks.Email(word), source = "Web" };
}
