using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using LeadCrm.Security.People;

namespace LeadCrm.Security.Guessing;

/// <summary>
/// Part 4a: somebody guesses passwords. After a few tries the account is locked and the address has to wait; and an address that nobody
/// knows, a wrong password, a locked and a deactivated account take the same time and get the same answer.
/// </summary>
public sealed class Passwords(ProbedSystem system, Cast cast, Report report)
{
    private const int Wrong = 4;   // one fewer than locks
    private const string WrongPassword = "purple-kettle-92-boat";

    public async Task Run(bool isShort)
    {
        var (begin, rows) = (report.Findings.Count, new List<string[]>());
        await OneAddress(rows);
        await ManyAtOnce(rows);
        report.Heading("Guessing passwords");
        report.Table(["what was tried", "tries", "refused (401)", "made to wait (429)", "let in"], rows);
        await Timing(isShort ? 24 : 80);
        report.FindingsSince(begin);
    }

    private static Task<Answer> SignIn(Wire gateway, string email, string password) =>
        gateway.Send("POST", "/api/session", request => request.Content = JsonContent.Create(new { email, password }));

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Fifteen guesses from one address, the right one last, and the right one from elsewhere while the account is locked.</summary>
    private async Task OneAddress(List<string[]> rows)
    {
        using var victim = await cast.New("victim", "Read Only", null);
        using var gateway = new Wire(system.Gateway, manyAddresses: true);
        var answers = new List<Answer>();
        for (var i = 0; i < 14; i++) answers.Add(await SignIn(gateway, victim.Email, WrongPassword + i));
        answers.Add(await SignIn(gateway, victim.Email, victim.Password));
        rows.Add(["one account, one address, the right one at the fifteenth", Number(answers.Count), Number(answers.Count(a => a.Status == 401)), Number(answers.Count(a => a.Status == 429)), Number(answers.Count(a => a.Status == 200))]);
        if (answers.Count(a => a.Status == 401) > 10) report.Finding($"{answers.Count(a => a.Status == 401)} passwords were checked for one account from one address");
        if (answers.Any(a => a.Status == 200)) report.Finding("the right password was accepted although the account is to be locked");
        foreach (var refused in answers.Where(a => a.Status == 429))
            if (refused.Header("Retry-After") is null) { report.Finding($"a 429 says not when to try again: {refused}"); break; }

        using var elsewhere = new Wire(system.Gateway, manyAddresses: true);
        var right = await SignIn(elsewhere, victim.Email, victim.Password);
        rows.Add(["the right password from another address, while locked", "1", Number(right.Status == 401 ? 1 : 0), Number(right.Status == 429 ? 1 : 0), Number(right.Status == 200 ? 1 : 0)]);
        if (right.Status != 401) report.Finding($"a locked account answers another address {right}");
        var other = await SignIn(elsewhere, cast.Colleague.Email, cast.Colleague.Password);
        if (other.Status != 200) report.Finding($"somebody else cannot sign in meanwhile: {other}");
    }

    /// <summary>A hundred guesses at the same moment from twenty addresses, the right one among the last.</summary>
    private async Task ManyAtOnce(List<string[]> rows)
    {
        using var victim = await cast.New("victim of many", "Read Only", null);
        var wires = Enumerable.Range(0, 20).Select(_ => new Wire(system.Gateway, manyAddresses: true)).ToList();
        var answers = new ConcurrentBag<Answer>();
        await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (i, _) => answers.Add(await SignIn(wires[i % 20], victim.Email, i < 95 ? WrongPassword + i : victim.Password)));
        foreach (var wire in wires) wire.Dispose();
        rows.Add(["one account, 20 addresses at once, the right one among the last", Number(answers.Count), Number(answers.Count(a => a.Status == 401)), Number(answers.Count(a => a.Status == 429)), Number(answers.Count(a => a.Status == 200))]);
        if (answers.Any(a => a.Status == 200)) report.Finding("of many guesses at once the right one was accepted after the account was to be locked");
    }

    /// <summary>How long a refusal takes, by why it is refused, measured at Identity itself: nothing before it makes the times alike.</summary>
    private async Task Timing(int each)
    {
        var victims = new List<Person>();
        for (var i = 0; i < each / Wrong; i++) victims.Add(await cast.New("timed", "Read Only", null));
        using var locked = await cast.New("locked", "Read Only", null);
        using var inactive = await cast.New("deactivated", "Read Only", null);
        (await cast.Administrator.Ask("identity", "POST", $"/api/users/{inactive.UserId}/deactivate")).MustSucceed("deactivation");
        using var wire = new Wire(system.Services["identity"]);
        async Task<(double Milliseconds, Answer Answer)> Try(string email, string password)
        {
            var since = System.Diagnostics.Stopwatch.GetTimestamp();
            var answer = await wire.Send("POST", "/internal/sessions", request =>
            {
                request.Headers.Add("X-LeadCrm-Internal", system.InternalKey);
                request.Content = JsonContent.Create(new { email, password });
            });
            return (System.Diagnostics.Stopwatch.GetElapsedTime(since).TotalMilliseconds, answer);
        }
        for (var i = 0; i < 6; i++) await Try(locked.Email, WrongPassword);

        // In turns, so that what else the machine does meets all of them alike.
        var kinds = new (string Name, Func<int, Task<(double, Answer)>> Try)[]
        {
            ("wrong password", i => Try(victims[i / Wrong].Email, WrongPassword)),
            ("unknown address", _ => Try($"{Guid.NewGuid():N}@example.com", WrongPassword)),
            ("locked account, wrong password", _ => Try(locked.Email, WrongPassword)),
            ("locked account, right password", _ => Try(locked.Email, locked.Password)),
            ("deactivated account, right password", _ => Try(inactive.Email, inactive.Password)),
        };
        var times = kinds.ToDictionary(kind => kind.Name, _ => new List<double>(), StringComparer.Ordinal);
        var texts = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < victims.Count * Wrong; i++)
        {
            foreach (var kind in kinds)
            {
                var (milliseconds, answer) = await kind.Try(i);
                times[kind.Name].Add(milliseconds);
                texts.Add($"{answer.Status} {System.Text.RegularExpressions.Regex.Replace(answer.Text, "\"traceId\":\"[^\"]*\"", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))}");
            }
        }
        foreach (var victim in victims) victim.Dispose();
        if (texts.Count != 1) report.Finding($"refused sign-ins differ in what they say: {string.Join(" | ", texts)}");

        var wrong = times["wrong password"];
        report.Text(string.Create(CultureInfo.InvariantCulture, $"""
            How long a refusal takes, in ms, {victims.Count * Wrong} of each in turns, at Identity itself. Told apart: how often one of a kind takes longer than a wrong password; 50 % is a toss of a coin. What they say was {(texts.Count == 1 ? "the same to the letter" : "not the same")}.
            """));
        report.Table(["refused because of", "p5", "p25", "p50", "p75", "p95", "told apart"], times.Select(kind => (string[])
            [kind.Key, .. new[] { .05, .25, .5, .75, .95 }.Select(share => At(kind.Value, share).ToString("0.0", CultureInfo.InvariantCulture)), kind.Key == "wrong password" ? "–" : $"{Apart(kind.Value, wrong) * 100:0} %"]));
        foreach (var (kind, measured) in times.Where(t => t.Key is "unknown address" or "locked account, wrong password"))
            if (Math.Abs(Apart(measured, wrong) - .5) > .25 && Math.Abs(At(measured, .5) - At(wrong, .5)) > .1 * At(wrong, .5)) report.Finding($"'{kind}' can be told from a wrong password by its time");
    }

    private static double At(List<double> values, double share) => values.Order().ElementAt((int)Math.Min(values.Count - 1, values.Count * share));

    private static double Apart(List<double> one, List<double> other) => one.Average(a => other.Average(b => a > b ? 1 : a < b ? 0 : .5));
}
