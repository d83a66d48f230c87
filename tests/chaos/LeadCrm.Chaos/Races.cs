using System.Text;
using LeadCrm.Chaos.Faults;
using LeadCrm.Chaos.Load;

namespace LeadCrm.Chaos;

/// <summary>
/// Many clients do the same at the same moment: one request with one Idempotency-Key, ten times, while a copy of Leads is killed; one edit with one ETag,
/// twenty times. Each takes effect once.
/// </summary>
public sealed class Races(DisturbedSystem system, TextWriter log, string? report = null)
{
    private const int Keys = 500, TriesPerKey = 10, Leads = 200, EditsPerLead = 20, AtOnce = 10;
    private readonly Marks marks = new();
    private readonly string run = Guid.NewGuid().ToString("N")[..6];   // it may run again on the same system
    private readonly Journal journal = new();

    public async Task<bool> Run(CancellationToken ct)
    {
        using var client = await system.SignIn("rita.rep@example.com");
        var keys = await SameKey(client, ct);
        var edits = await SameETag(client, keys.Ids, ct);
        var page = new StringBuilder();
        void Line(string text = "") => page.Append(text).Append('\n');
        Line($"Run {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC on {Environment.ProcessorCount} cores, everything on the one machine, the clients included. Requests that got no answer and were made again: {journal.Unanswered}.");
        Line();
        Line("| race | attempted | exactly one effect | lost | doubled | answered otherwise |");
        Line("| --- | ---: | ---: | ---: | ---: | ---: |");
        Line($"| one POST with one key, {TriesPerKey} times at once, a copy of Leads killed halfway | {Keys} | {keys.Once} | {keys.Lost} | {keys.Doubled} | {keys.Otherwise} |");
        Line($"| the same key with another body: 422 | {Keys} | {keys.Changed} | 0 | 0 | {Keys - keys.Changed} |");
        Line($"| one PATCH with one ETag, {EditsPerLead} times at once: one 200, the others 412 | {Leads} | {edits.One} | {edits.None} | {edits.Several} | {edits.Otherwise} |");
        Line($"| PATCH without If-Match: 428 | {Leads} | {edits.Demanded} | 0 | 0 | {Leads - edits.Demanded} |");
        await log.WriteLineAsync(page.ToString());
        if (report is not null) await File.WriteAllTextAsync(report, page.ToString(), CancellationToken.None);
        return keys.Once == Keys && keys.Changed == Keys && keys.Otherwise == 0 && edits.One == Leads && edits.Demanded == Leads && edits.Otherwise == 0;
    }

    private async Task<(int Once, int Lost, int Doubled, int Otherwise, int Changed, List<Guid> Ids)> SameKey(CarefulClient client, CancellationToken ct)
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
        return (Count(n => n == 1), Count(n => n == 0), Count(n => n > 1), otherwise, changed, [.. told.Values]);
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
