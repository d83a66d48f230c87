using System.Globalization;
using System.Text.Json.Nodes;
using LeadCrm.Security.Doors;
using LeadCrm.Security.Guessing;
using LeadCrm.Security.Leaks;
using LeadCrm.Security.Matrix;
using LeadCrm.Security.People;
using LeadCrm.Security.Sessions;

namespace LeadCrm.Security;

/// <summary>All parts, one after the other, on one system.</summary>
public sealed class Probe(ProbedSystem system, Report report)
{
    private static readonly string[] Parts = ["credentials", "access", "leaks", "guessing", "flood", "sessions", "doors"];

    /// <summary>Runs the named parts, all of them when none is named.</summary>
    public async Task Run(IReadOnlyCollection<string> parts, bool isShort)
    {
        if (parts.FirstOrDefault(part => !Parts.Contains(part, StringComparer.Ordinal)) is { } unknown) throw new ArgumentException($"'{unknown}' is no part; see --help.", nameof(parts));
        bool Wanted(string part) => parts.Count == 0 || parts.Contains(part);

        report.Text(string.Create(CultureInfo.InvariantCulture, $"Run {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC on {Environment.ProcessorCount} cores, everything on the one machine, loopback only{(isShort ? ", the short version" : "")}."));
        var expected = Expected.Read();
        var catalogue = await Catalogue.Read(system, expected, report);
        using var cast = await Cast.Make(system, expected.Roles);
        await Roles(expected, cast);
        report.FindingsSince(0);

        if (Wanted("credentials")) await new Credentials(system, catalogue, cast, report).Run(isShort);
        if (Wanted("access")) await new Access(catalogue, cast, report).Run(system, isShort ? ["private"] : ["private", "read", "readWrite"], isShort ? [Way.Straight] : [Way.Gateway, Way.Straight], withConversions: !isShort);
        if (Wanted("leaks")) await new Leak(system, catalogue, cast, report).Run(isShort);
        if (Wanted("guessing")) await new Passwords(system, cast, report).Run(isShort);
        if (Wanted("flood") && !isShort) await new Flood(cast, report).Run(TimeSpan.FromSeconds(30));
        if (Wanted("sessions")) await new BrowserSessions(system, catalogue, cast, report).Run();
        if (Wanted("doors")) await new InternalDoors(system, catalogue, cast, report).Run();
    }

    /// <summary>The roles as shipped hold what is declared, and nothing else.</summary>
    private async Task Roles(Expected expected, Cast cast)
    {
        var roles = (await cast.Administrator.Ask("identity", "GET", "/api/roles")).MustSucceed("roles").Json!["items"]!.AsArray();
        foreach (var role in roles)
        {
            var (name, holds) = ((string)role!["name"]!, role["permissions"]!.AsArray().Select(p => (string)p!).ToHashSet(StringComparer.Ordinal));
            if (!expected.Roles.TryGetValue(name, out var declared)) report.Finding($"the role {name} is not declared");
            else if (!holds.SetEquals(declared)) report.Finding($"the role {name} holds {string.Join(", ", holds.Except(declared))} beyond and lacks {string.Join(", ", declared.Except(holds))} of what is declared");
        }
        var known = (await cast.Administrator.Ask("identity", "GET", "/api/permissions")).MustSucceed("permissions").Json!["items"]!.AsArray().Select(p => (string)p!["name"]!).ToHashSet(StringComparer.Ordinal);
        if (!known.SetEquals(expected.Roles["Administrator"])) report.Finding("the permissions that exist are not those that are declared");
    }
}
