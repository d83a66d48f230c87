using System.Collections.Concurrent;
using System.Globalization;
using LeadCrm.Security.People;

namespace LeadCrm.Security.Matrix;

/// <summary>
/// Part 2: every operation as everybody, on one's own record, a colleague's and one of another team, through the gateway and straight at the
/// service. What is to be refused is asked for in earnest, with the right version and a good body, so that a gap would do harm here; what is to
/// be allowed is asked for with a stale version or a body that changes nothing.
/// </summary>
public sealed class Access(Catalogue catalogue, Cast cast, Report report)
{
    /// <summary>Ends the very sessions that the others of this part go by: tried by somebody else in the same place.</summary>
    private static readonly string[] EndsSessions = ["DELETE /api/users/me/sessions", "DELETE /api/session"];

    private readonly ConcurrentDictionary<(string Who, string What), int> counts = new();
    private readonly ConcurrentDictionary<string, int> answers = new(StringComparer.Ordinal);
    private int asked;
    private int right;

    private static readonly string[] Kinds = ["lead", "account", "contact", "opportunity", "campaign", "activity", "note", "file", "import"];
    private IReadOnlyDictionary<Person, Records> own = null!;
    private Records colleagues = null!;
    private Records others = null!;

    /// <summary>Runs for every step of sharing that is named; without conversions, what is about one is left out.</summary>
    public async Task Run(ProbedSystem system, IReadOnlyList<string> steps, IReadOnlyList<Way> ways, bool withConversions = true)
    {
        var (begin, clock) = (report.Findings.Count, System.Diagnostics.Stopwatch.StartNew());
        var owners = new ConcurrentDictionary<Person, Records>();
        await Parallel.ForEachAsync(cast.All.Append(cast.Colleague).Append(cast.OfOtherTeam), new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (owner, _) => owners[owner] = await Records.Make(system, cast.Administrator, owner, withConversions));
        (own, colleagues, others) = (owners, owners[cast.Colleague], owners[cast.OfOtherTeam]);
        report.Text(string.Create(CultureInfo.InvariantCulture, $"Records made in {clock.Elapsed.TotalSeconds:N0} s."));

        var before = await cast.Sharing();
        var made = clock.Elapsed;
        try
        {
            foreach (var step in steps)
            {
                await cast.Share(step, () => GoBy(step));
                var work = from person in cast.All
                           from operation in catalogue.Operations
                           where !operation.Line.IsPublic && !operation.Line.IsInternal && (withConversions || operation.Line.Record is not ("conversion" or "undo"))
                           from cell in Cells(person, operation, step)
                           from way in ways
                           where operation.Service == "gateway" ? way == Way.Gateway : true
                           select (person, operation, cell, way);
                // What does not depend on sharing is tried under the first step only.
                if (step != steps[0]) work = work.Where(w => w.operation.Line.Record is not null);
                await Parallel.ForEachAsync(work.OrderBy(w => w.operation.ToString(), StringComparer.Ordinal), new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (one, _) => await Try(one.person, one.operation, one.cell, one.way));
                await Unchanged(step);
            }
        }
        finally
        {
            await cast.PutBack(before);
        }

        report.Heading("With a valid token");
        report.Text(string.Create(CultureInfo.InvariantCulture, $"""
            {catalogue.Operations.Count(o => !o.Line.IsPublic && !o.Line.IsInternal)} operations × {cast.All.Count} callers × own, colleague's and other team's record, {string.Join(" and ", ways.Select(w => w == Way.Gateway ? "through the gateway (session cookie, API clients with their token)" : "straight at the service (token)"))};
            the sharing of every kind of record set to {string.Join(", then ", steps)}. {asked:N0} requests in {(clock.Elapsed - made).TotalSeconds:N0} s, {right:N0} answered as declared, {asked - right:N0} not.
            """));
        string[] columns = ["caller", "own: allowed", "own: 403", "colleague's: allowed", "colleague's: 403", "colleague's: 404", "other team's: allowed", "other team's: 403", "other team's: 404", "no record: allowed", "no record: 401, 403"];
        report.Table(columns, cast.All.Select(person => columns.Select((column, i) => i == 0 ? person.Label : Number(counts.GetValueOrDefault((person.Label, column)))).ToArray()));
        report.Text("Answers: " + string.Join(", ", answers.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Key} {a.Value:N0}"))) + ".");
        report.FindingsSince(begin);
    }

    private static string Number(int number) => number == 0 ? "–" : number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>What a caller is to be answered, on which record.</summary>
    private sealed record Cell(string Whose, Records? Records, string Expected);

    private IEnumerable<Cell> Cells(Person person, Operation operation, string step)
    {
        var line = operation.Line;
        var may = line.IsCookie ? !person.IsClient : line.IsSession ? !person.IsClient : line.Permissions.All(person.Permissions.Contains);
        var refused = line.IsCookie ? "401" : "403";
        if (line.Record is null) return [new Cell("no record", null, may ? line.Own : refused)];

        var relation = person.Team == Cast.South ? (Colleague: others, Other: colleagues) : (Colleague: colleagues, Other: others);
        return
        [
            new("own", own[person], may ? line.Own : refused),
            new("colleague's", relation.Colleague, may ? Another(person, relation.Colleague.Owner, line, line.Colleague, step) : refused),
            new("other team's", relation.Other, may ? Another(person, relation.Other.Owner, line, line.OtherTeam, step) : refused),
        ];
    }

    private static string Another(Person person, Person owner, Line line, string whenPrivate, string step) =>
        person.Permissions.Contains("data.editAll") || (owner.Team is { } team && person.Leads.Contains(team, StringComparer.Ordinal)) ? line.Own
        : step switch { "read" => line.WhenAllRead, "readWrite" => line.WhenAllChange, _ => whenPrivate };

    private async Task Try(Person person, Operation operation, Cell cell, Way way)
    {
        if (EndsSessions.Contains(operation.Line.Name, StringComparer.Ordinal) && cell.Expected == "allowed")
        {
            var twin = await cast.Twin(person);
            Judge(twin, operation, cell, way, await Ask(twin, operation, cell, way));
            return;
        }
        Judge(person, operation, cell, way, await Ask(person, operation, cell, way));
    }

    private Task<Answer> Ask(Person person, Operation operation, Cell cell, Way way)
    {
        var inEarnest = cell.Expected != "allowed";
        var body = inEarnest || operation.Line.Record is not null ? Bodies.Of(operation, cell.Records, cast) : operation.UnreadableBody();
        var type = operation.BodyType is { } known && !known.StartsWith("multipart", StringComparison.Ordinal) ? known : "application/octet-stream";
        var address = operation.Address(operation.Line.Record is { } kind ? cell.Records!.Places(kind) : null) + Bodies.Query(operation);
        return person.Send(way, operation.Service, operation.Method, address, body, type, request =>
        {
            if (operation.TakesIfMatch) request.Headers.TryAddWithoutValidation("If-Match", inEarnest ? "\"1\"" : "\"999999\"");
        });
    }

    private void Judge(Person person, Operation operation, Cell cell, Way way, Answer answer)
    {
        var status = answer.Status.ToString(CultureInfo.InvariantCulture);
        var good = cell.Expected switch
        {
            "allowed" when operation.Line.Record is not null => answer.Status is (>= 200 and < 300) or 400 or 409 or 412 or 415 or 422,
            "allowed" => answer.Status is (>= 200 and < 300) or 400 or 409 or 412 or 415 or 422 || (answer.Status == 404 && operation.HasPlaces && !answer.Text.Contains("nothing at this address", StringComparison.Ordinal)),
            var expected => status == expected,
        };
        Interlocked.Increment(ref asked);
        answers.AddOrUpdate(status, 1, (_, count) => count + 1);
        if (good)
        {
            Interlocked.Increment(ref right);
            var column = cell.Whose == "no record" ? (cell.Expected == "allowed" ? "no record: allowed" : "no record: 401, 403") : $"{cell.Whose}: {cell.Expected}";
            counts.AddOrUpdate((person.Label, column), 1, (_, count) => count + 1);
        }
        else report.Finding($"{operation} {(way == Way.Gateway ? "through the gateway" : "straight")} as {person.Label} on {cell.Whose}: {cell.Expected} is declared, the answer is {answer}");
    }

    /// <summary>Whether every service goes by a step already, told by what a manager, who may change every kind, sees of the other team.</summary>
    private async Task<bool> GoBy(string step)
    {
        var manager = cast["manager"];
        foreach (var (service, kind, path) in ((string, string, string)[])[("leads", "lead", "leads"), ("accounts", "account", "accounts"), ("accounts", "contact", "contacts"), ("opportunities", "opportunity", "opportunities"), ("campaigns", "campaign", "campaigns"), ("activities", "activity", "activities")])
        {
            var id = others.Id(kind);
            var sees = (await manager.Ask(service, "GET", $"/api/{path}/{id}")).Status;
            if (step == "private" ? sees != 404 : sees != 200) return false;
            var changes = (await manager.Ask(service, "PATCH", $"/api/{path}/{id}", new { }, "\"999999\"")).Status;
            if (step == "read" && changes != 403) return false;
            if (step == "readWrite" && changes != 412) return false;
        }
        return true;
    }

    /// <summary>After all of it nobody has changed what is another's.</summary>
    private async Task Unchanged(string step)
    {
        foreach (var records in (Records[])[colleagues, others])
        {
            foreach (var kind in Kinds.Except(["import"], StringComparer.Ordinal))
            {
                var (service, path) = kind switch { "account" => ("accounts", "accounts"), "contact" => ("accounts", "contacts"), "opportunity" => ("opportunities", "opportunities"), "campaign" => ("campaigns", "campaigns"), "activity" => ("activities", "activities"), "note" => ("activities", "notes"), "file" => ("activities", "files"), _ => ("leads", "leads") };
                var answer = await cast.Administrator.Ask(service, "GET", $"/api/{path}/{records.Id(kind)}");
                if (answer.Status != 200 || answer.Header("ETag") != "\"1\"") report.Finding($"after '{step}' the {kind} of {records.Owner.Label} is not what it was: {answer}");
            }
        }
    }
}
