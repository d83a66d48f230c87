using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using LeadCrm.Security.Matrix;
using LeadCrm.Security.People;

namespace LeadCrm.Security.Leaks;

/// <summary>
/// Part 3: whether anything tells of a record that one may not see. Records of every kind that hold a word of their own are planted in another
/// team, private; whatever can be asked by text is asked before and after, whatever takes an id is asked with theirs and with one of nothing.
/// Every answer must be the same. An administrator asks too: a question that would tell nobody shows nothing.
/// </summary>
public sealed class Leak(ProbedSystem system, Catalogue catalogue, Cast cast, Report report)
{
    private readonly ConcurrentDictionary<(string Area, string Who), (int Asked, int Different)> counts = new();
    private readonly ConcurrentDictionary<string, int> telling = new(StringComparer.Ordinal);

    public async Task Run(bool isShort)
    {
        var (begin, clock) = (report.Findings.Count, System.Diagnostics.Stopwatch.StartNew());
        Person[] strangers = isShort ? [cast["marketing"]] : [cast["rep"], cast["marketing"], cast["manager"]];
        var before = await cast.Sharing();
        try
        {
            var own = new Dictionary<Person, Records>();
            foreach (var stranger in strangers) own[stranger] = await Records.Make(system, cast.Administrator, stranger, withConversions: false);
            await cast.Share("private", async () => await IsPrivate(own[strangers[0]]));

            // Known before they are there.
            var (present, deleted) = (Words.New(), Words.New());
            var words = new[] { new Planted(present, Planted.Nowhere().Ids), new Planted(deleted, Planted.Nowhere().Ids) };
            var byText = new Dictionary<Person, IReadOnlyList<Question>>();
            foreach (var stranger in strangers) byText[stranger] = [.. (await Questions.ByText(catalogue, stranger)).Where(q => q.Area != Questions.FilterById)];
            var earlier = await AskAll(strangers, byText, words);

            var planted = Planted.Of(await Records.Make(system, cast.Administrator, cast.OfOtherTeam, withConversions: false, present));
            var inTheBin = await Records.Make(system, cast.Administrator, cast.OfOtherTeam, withConversions: false, deleted);
            await Delete(inTheBin);
            await Until.Is("the owner finds them everywhere", () => OwnerFinds(planted));

            var later = await AskAll(strangers, byText, words);
            foreach (var (key, now) in later) Compare(key.Question.Area, key.Person, key.Word == 0 ? planted : Planted.Of(inTheBin), now.Sent, Same.Form(earlier[key].Answer), Same.Form(now.Answer), now.Answer);
            await SeenByAdministrator(await Questions.ByText(catalogue, cast["administrator"]), [words[0] with { Ids = planted.Ids }, words[1] with { Ids = Planted.Of(inTheBin).Ids }]);

            foreach (var stranger in strangers)
            {
                // New ones for each: what one has made with their words the next one may see.
                var hidden = Planted.Of(await Records.Make(system, cast.Administrator, cast.OfOtherTeam, withConversions: false));
                await Until.Is("the owner finds them everywhere", () => OwnerFinds(hidden));
                var nothing = Planted.Nowhere();
                var byId = Questions.ById(catalogue, stranger, own[stranger], cast).Concat((await Questions.ByText(catalogue, stranger)).Where(q => q.Area == Questions.FilterById));
                await Parallel.ForEachAsync(byId, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (question, _) => await Compare(question, stranger, nothing, hidden));
                foreach (var question in ByContent(own[stranger])) await Compare(question, stranger, nothing, hidden);
                await Pointing(stranger, Planted.Of(await Records.Make(system, cast.Administrator, cast.OfOtherTeam, withConversions: false)));
            }
        }
        finally
        {
            await cast.PutBack(before);
        }

        report.Heading("What tells of a record that one may not see");
        report.Text(string.Create(CultureInfo.InvariantCulture, $"""
            Records of nine kinds with a word of their own planted in another team, private, and again in the recycle bin. By text (q, filters, orders, counts, searches, files): asked before and after the planting.
            By id (addresses, parameters, members of bodies) and by content (duplicates, previews, bulk lines): asked with theirs and with one that nothing has. Last, records of one's own
            that point to hidden ones: what they show, and whether the hidden words find them. Every difference counts, ids and clocks set aside.
            {counts.Values.Sum(c => c.Asked):N0} comparisons in {clock.Elapsed.TotalSeconds:N0} s.
            """));
        report.Table(["what is asked", .. strangers.Select(s => $"{s.Label}: compared"), .. strangers.Select(s => $"{s.Label}: different"), "tell the administrator"],
            counts.Keys.Select(key => key.Area).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(area => (string[])
            [
                area, .. strangers.Select(s => counts.GetValueOrDefault((area, s.Label)).Asked.ToString("N0", CultureInfo.InvariantCulture)),
                .. strangers.Select(s => counts.GetValueOrDefault((area, s.Label)).Different.ToString("N0", CultureInfo.InvariantCulture)),
                telling.TryGetValue(area, out var told) ? told.ToString("N0", CultureInfo.InvariantCulture) : "–",
            ]));
        report.FindingsSince(begin);
    }

    private static readonly string[] Deletable = ["lead:leads:leads", "account:accounts:accounts", "contact:accounts:contacts", "opportunity:opportunities:opportunities", "campaign:campaigns:campaigns", "activity:activities:activities", "note:activities:notes", "file:activities:files"];

    /// <summary>Questions whose content is what is looked for: duplicates, previews, lines of a bulk call, files.</summary>
    private IEnumerable<Question> ByContent(Records own)
    {
        static string Json(object value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
        Question Ask(string area, string service, string method, string address, Func<Planted, object> body) => new(area, Way.Straight, service, method, _ => address, planted => Json(body(planted)));
        Question Bulk(string service, string path, Func<Planted, object> line) => new("bulk", Way.Straight, service, "POST", _ => path + "/bulk", planted => Json(line(planted)) + "\n", "application/x-ndjson");

        yield return Ask("duplicates", "accounts", "POST", "/api/accounts/duplicates", p => new { name = $"{p.Word} Holding" });
        yield return Ask("duplicates", "accounts", "POST", "/api/accounts/duplicates", p => new { website = p.Website });
        yield return Ask("duplicates", "accounts", "POST", "/api/accounts/duplicates", p => new { email = $"contact@{p.Lower}.example" });
        yield return Ask("duplicates", "accounts", "POST", "/api/accounts/duplicates", p => new { firstName = "Probe", lastName = p.Word });
        yield return Ask("duplicates", "accounts", "POST", "/api/accounts/duplicates", p => new { name = $"{p.Word} Holding", accountId = p.Ids["account"] });
        yield return Ask("same values", "leads", "POST", "/api/leads", p => new { lastName = p.Word, company = $"{p.Word} Works", email = p.Email, phone = "+49 30 " + p.Digits });
        yield return Ask("same values", "accounts", "POST", "/api/accounts", p => new { name = $"{p.Word} Holding", website = p.Website });
        yield return Ask("same values", "accounts", "POST", "/api/contacts", p => new { lastName = p.Word, email = $"contact@{p.Lower}.example" });
        yield return Ask("same values", "opportunities", "POST", "/api/opportunities", p => new { name = $"{p.Word} deal", accountId = own.Id("account"), amount = 1, currency = "EUR", closeDate = "2027-03-31" });
        yield return Ask("same values", "campaigns", "POST", "/api/campaigns", p => new { name = $"{p.Word} fair", type = "Trade show" });
        yield return Ask("conversion preview", "leads", "POST", $"/api/leads/{own.Id("lead")}/conversions", p => new { dryRun = true, account = new { name = $"{p.Word} Holding" } });
        yield return Ask("conversion preview", "leads", "POST", $"/api/leads/{own.Id("lead")}/conversions", p => new { dryRun = true, account = new { mode = "existing", id = p.Ids["account"] } });
        yield return Ask("conversion preview", "leads", "POST", $"/api/leads/{own.Id("lead")}/conversions", p => new { dryRun = true, contact = new { mode = "existing", id = p.Ids["contact"] } });
        yield return Ask("conversion preview", "leads", "POST", $"/api/leads/{own.Id("lead")}/conversions", p => new { dryRun = true, opportunity = new { mode = "existing", id = p.Ids["opportunity"] } });
        foreach (var (service, path, kind, change) in ((string, string, string, string)[])
            [("leads", "/api/leads", "lead", "lastName"), ("accounts", "/api/accounts", "account", "name"), ("accounts", "/api/contacts", "contact", "lastName"), ("opportunities", "/api/opportunities", "opportunity", "name"), ("campaigns", "/api/campaigns", "campaign", "name"), ("activities", "/api/activities", "activity", "subject")])
            foreach (var op in (string[])["update", "delete", "restore", "transfer"])
            {
                yield return Bulk(service, path, p => new { op, id = p.Ids[kind], version = 1, record = new Dictionary<string, object> { [op == "transfer" ? "ownerId" : change] = op == "transfer" ? own.Owner.UserId : "Changed" } });
                yield return Bulk(service, path, p => new { op, externalId = p.Key, version = 1, record = new Dictionary<string, object> { [op == "transfer" ? "ownerId" : change] = op == "transfer" ? own.Owner.UserId : "Changed" } });
            }
        if (own.Owner.Permissions.Contains("campaigns.edit"))
        {
            var members = $"/api/campaigns/{own.Id("campaign")}/members";
            yield return new Question("members from files and lists", Way.Straight, "campaigns", "POST", _ => members + "/from-file", p => $"Email\n{p.Email}\ncontact@{p.Lower}.example\n", "text/csv");
            yield return Ask("members from files and lists", "campaigns", "POST", members + "/from-list", p => new { leadIds = new[] { p.Ids["lead"] }, contactIds = new[] { p.Ids["contact"] } });
            yield return Ask("members from files and lists", "campaigns", "POST", members + "/from-leads", p => new { query = $"q={p.Word}" });
            yield return Ask("members from files and lists", "campaigns", "POST", members + "/from-leads", p => new { query = $"company[contains]={p.Word}" });
        }
    }

    /// <summary>The same with one that nothing has, then with theirs.</summary>
    private async Task Compare(Question question, Person stranger, Planted nothing, Planted hidden)
    {
        var (control, hit) = (await question.Ask(stranger, nothing), await question.Ask(stranger, hidden));
        Compare(question.Area, stranger, hidden, hit.Sent, Same.Form(control.Answer, nothing), Same.Form(hit.Answer, hidden), hit.Answer);
    }

    /// <summary>One's own records that point to hidden ones show no word of them, and are not found by it.</summary>
    private async Task Pointing(Person stranger, Planted hidden)
    {
        var made = await Pointers.Make(system, cast.Administrator, stranger, hidden);
        await Until.Is("the lead has joined the campaign", async () => (await cast.Administrator.Ask("campaigns", "GET", $"/api/campaigns/{hidden.Ids["campaign"]}/members")).Text.Contains(made.First(m => m.Kind == "lead").Places["id"], StringComparison.Ordinal));
        foreach (var question in Pointers.Questions(catalogue, stranger, made))
        {
            var (sent, answer) = await question.Ask(stranger, hidden);
            var text = Pointers.WithoutDeclared(question, answer.Text, hidden);
            var shows = text.Contains(hidden.Word, StringComparison.OrdinalIgnoreCase);
            Count(question.Area, stranger, shows || answer.Status >= 500);
            if (shows) report.Finding($"{question.Area}, as {stranger.Label}: {sent}shows the word of a hidden record: …{Around(text, hidden.Word)}…");
            else if (answer.Status >= 500) report.Finding($"{question.Area}, as {stranger.Label}: {sent}answers {answer}");
        }
        // What compares by order finds others for another word; a deal is found by its account's name, as declared.
        var nothing = Planted.Nowhere();
        var byWord = (await Questions.ByText(catalogue, stranger)).Where(q => q.Area is "search" or "list: q" or "list: filter" && q.Service is not ("opportunities" or "gateway" or "identity") && !q.Address(nothing).Contains("[gte]", StringComparison.Ordinal));
        foreach (var question in byWord) await Compare(question with { Area = "own record found by it" }, stranger, nothing, hidden);
    }

    private static string Around(string text, string word)
    {
        var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
        return text[Math.Max(0, at - 120)..Math.Min(text.Length, at + 60)].ReplaceLineEndings(" ");
    }

    private void Count(string area, Person stranger, bool different) =>
        counts.AddOrUpdate((area, stranger.Label), _ => (1, different ? 1 : 0), (_, count) => (count.Asked + 1, count.Different + (different ? 1 : 0)));

    private async Task<Dictionary<(Person Person, Question Question, int Word), (string Sent, Answer Answer)>> AskAll(Person[] strangers, Dictionary<Person, IReadOnlyList<Question>> questions, Planted[] words)
    {
        var answers = new ConcurrentDictionary<(Person, Question, int), (string, Answer)>();
        var work = from stranger in strangers from question in questions[stranger] from word in Enumerable.Range(0, words.Length) where word == 0 || question.Area == "recycle bin" select (stranger, question, word);
        await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (one, _) => answers[one] = await one.question.Ask(one.stranger, words[one.word]));
        return answers.ToDictionary();
    }

    private void Compare(string area, Person stranger, Planted planted, string sent, string control, string hit, Answer answer)
    {
        var found = planted.FoundIn(answer.Text, sent);
        var different = control != hit || found is not null || answer.Status >= 500;
        Count(area, stranger, different);
        if (different) report.Finding($"{area}, as {stranger.Label}: {sent} {(found is null ? "is answered differently" : $"shows {found}")}: {hit[..Math.Min(hit.Length, 400)]} instead of {control[..Math.Min(control.Length, 400)]}");
    }

    /// <summary>How many of the questions by text tell somebody who sees all.</summary>
    private async Task SeenByAdministrator(IReadOnlyList<Question> questions, Planted[] words) =>
        await Parallel.ForEachAsync(questions, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (question, _) =>
        {
            var word = words[question.Area == "recycle bin" ? 1 : 0];
            var (_, answer) = await question.Ask(cast["administrator"], word);
            telling.AddOrUpdate(question.Area, 0, (_, count) => count);
            if (answer.Status == 200 && answer.Text.Contains(word.Word, StringComparison.OrdinalIgnoreCase)) telling.AddOrUpdate(question.Area, 1, (_, count) => count + 1);
        });

    private async Task Delete(Records records)
    {
        foreach (var what in Deletable)
        {
            if (what.Split(':') is not [var kind, var service, var path]) continue;
            var address = $"/api/{path}/{records.Id(kind)}";
            var version = (await cast.Administrator.Ask(service, "GET", address)).Header("ETag");
            (await cast.Administrator.Ask(service, "DELETE", address, ifMatch: version)).MustSucceed(address);
        }
    }

    private async Task<bool> OwnerFinds(Planted planted)
    {
        foreach (var what in Deletable.Take(6))
            if (what.Split(':') is [var kind, var service, var path] && !(await cast.OfOtherTeam.Ask(service, "GET", $"/api/{path}?q={planted.Word}")).Text.Contains(planted.Ids[kind], StringComparison.Ordinal)) return false;
        return true;
    }

    /// <summary>Whether every service goes by the private sharing: told by what the other team sees of somebody's records.</summary>
    private async Task<bool> IsPrivate(Records records)
    {
        foreach (var what in Deletable.Take(6))
            if (what.Split(':') is [var kind, var service, var path] && (await cast.OfOtherTeam.Ask(service, "GET", $"/api/{path}/{records.Id(kind)}")).Status != 404) return false;
        return true;
    }
}
