using System.Globalization;
using LeadCrm.Security.Matrix;
using LeadCrm.Security.People;

namespace LeadCrm.Security.Doors;

/// <summary>Part 6: what services tell only each other is neither there through the gateway, however its address is written, nor told without the internal key.</summary>
public sealed class InternalDoors(ProbedSystem system, Catalogue catalogue, Cast cast, Report report)
{
    public async Task Run()
    {
        var begin = report.Findings.Count;
        var doors = catalogue.Operations.Where(o => o.Line.IsInternal).ToList();
        var rows = new List<string[]>();
        await Through(doors, rows);
        await Straight(doors, rows);
        report.Heading("Internal doors");
        report.Text(string.Create(CultureInfo.InvariantCulture, $"{doors.Count} internal operations in {doors.Select(d => d.Service).Distinct(StringComparer.Ordinal).Count()} services."));
        report.Table(["how", "asked", "not told"], rows);
        report.FindingsSince(begin);
    }

    /// <summary>Ways to write an address that something on the way might put in order differently.</summary>
    private static IEnumerable<string> Spellings(string service, string path)
    {
        var rest = path["/internal/".Length..];
        var own = service switch { "identity" => "users", "capture" => "capture", _ => service };
        yield return path;
        yield return "//internal/" + rest;
        yield return "/INTERNAL/" + rest;
        yield return "/./internal/" + rest;
        yield return "/%69nternal/" + rest;
        yield return "/internal%2f" + rest;
        yield return "/internal;x=1/" + rest;
        yield return "\\internal\\" + rest;
        yield return "/api/internal/" + rest;
        yield return $"/api/{own}/../../internal/{rest}";
        yield return $"/api/{own}/..%2f..%2finternal/{rest}";
        yield return $"/api/{own}/%2e%2e/%2e%2e/internal/{rest}";
        yield return $"/api/{own}/%252e%252e/%252e%252e/internal/{rest}";
        yield return $"/api/{own}/..;/..;/internal/{rest}";
        yield return $"/api/{own}/..\\..\\internal\\{rest}";
        yield return $"/api/{own}//../../internal/{rest}";
        yield return $"/forms/../internal/{rest}";
        yield return $"/api/{own}/internal/{rest}";
        yield return $"http://{service}/internal/{rest}";
    }

    private async Task Through(IReadOnlyList<Operation> doors, List<string[]> rows)
    {
        var token = await cast["administrator"].Token();
        foreach (var (who, headers) in ((string, string[])[])
            [
                ("through the gateway, with the internal key", [$"X-LeadCrm-Internal: {system.InternalKey}"]),
                ("through the gateway, with the internal key and an administrator's token", [$"X-LeadCrm-Internal: {system.InternalKey}", $"Authorization: Bearer {token}"]),
                ("through the gateway, with headers that point elsewhere", [$"X-LeadCrm-Internal: {system.InternalKey}", "X-Original-URL: /internal/directory/changes", "X-Rewrite-URL: /internal/directory/changes", "X-Forwarded-Host: identity", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Prefix: /internal"]),
                ("through the gateway, the key in other writings of its name", [$"x-leadcrm-INTERNAL: {system.InternalKey}", $"X_LeadCrm_Internal: {system.InternalKey}", $"Connection: X-LeadCrm-Other", $"X-LeadCrm-Internal : {system.InternalKey}"]),
            ])
        {
            var (asked, untold) = (0, 0);
            foreach (var door in doors)
            {
                foreach (var spelling in Spellings(door.Service, door.Address()))
                {
                    asked++;
                    var body = door.SmallestBody();
                    var answer = await RawHttp.Send(system.Gateway, door.Method, spelling, body is null ? headers : [.. headers, "Content-Type: application/json"], body);
                    // Nothing there, malformed, or a service's ordinary refusal; never an answer of a door.
                    if (answer.Status is 400 or 401 or 403 or 404 or 405) untold++;
                    else report.Finding($"{who}: {door.Method} {spelling} is answered {answer}");
                }
            }
            rows.Add([who, asked.ToString("N0", CultureInfo.InvariantCulture), untold.ToString("N0", CultureInfo.InvariantCulture)]);
        }
    }

    private async Task Straight(IReadOnlyList<Operation> doors, List<string[]> rows)
    {
        var (administrator, wrong) = (await cast["administrator"].Token(), new string(system.InternalKey.Reverse().ToArray()));
        foreach (var (how, key, token, isRight) in ((string, string?, string?, bool)[])
            [
                ("straight, without a key", null, null, false), ("straight, with an empty key", "", null, false), ("straight, with a wrong key", wrong, null, false), ("straight, with the beginning of the key", system.InternalKey[..^1], null, false),
                ("straight, with the key and more", system.InternalKey + "x", null, false), ("straight, with an administrator's token", null, administrator, false), ("straight, with the key (let in, to show that the doors are there)", system.InternalKey, null, true),
            ])
        {
            var (asked, good) = (0, 0);
            foreach (var door in doors)
            {
                using var wire = new Wire(system.Services[door.Service]);
                var answer = await wire.Send(door.Method, door.Address(), request =>
                {
                    if (key is not null) request.Headers.TryAddWithoutValidation("X-LeadCrm-Internal", key);
                    if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
                    if ((isRight ? door.UnreadableBody() : door.SmallestBody()) is { } body) request.Content = Wire.Body(body, "application/json");
                    if (door.TakesIfMatch) request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
                });
                asked++;
                if (isRight ? answer.Status is not (401 or 403) and < 500 : answer.Status is 401 or 403) good++;
                else report.Finding($"{how}: {door} is answered {answer}");
            }
            rows.Add([how, asked.ToString("N0", CultureInfo.InvariantCulture), isRight ? $"{good} let in" : good.ToString("N0", CultureInfo.InvariantCulture)]);
        }
    }
}
