using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using LeadCrm.Security.People;
using LeadCrm.Security.Tokens;

namespace LeadCrm.Security.Matrix;

/// <summary>
/// Part 1: every operation with everything that is no valid token, through the gateway and straight at the service. Each is answered 401;
/// none is let in, and nobody asks where a token says that its key can be had.
/// </summary>
public sealed class Credentials(ProbedSystem system, Catalogue catalogue, Cast cast, Report report)
{
    /// <summary>In the short run these are tried on every operation, the first two through the gateway as well; all others on one.</summary>
    private static readonly string[] Short = ["no token", "permissions raised", "wrong audience (well signed)", "alg none"];

    private readonly ConcurrentDictionary<(string Kind, Way Way), (int Asked, int Refused)> counts = new();

    public async Task Run(bool isShort)
    {
        var (begin, clock) = (report.Findings.Count, System.Diagnostics.Stopwatch.StartNew());
        using var trap = new Trap();
        var kinds = await Kinds(trap.Address);
        var tried = isShort ? [.. kinds.Where(kind => Short.Contains(kind.Kind, StringComparer.Ordinal))] : kinds;

        var wires = system.Services.ToDictionary(s => s.Key, s => new Wire(s.Value), StringComparer.Ordinal);
        using var gateway = new Wire(system.Gateway, manyAddresses: true);
        wires["gateway"] = gateway;
        var operations = catalogue.Operations.Where(o => !o.Line.IsPublic).ToList();
        var work = from operation in operations
                   from kind in tried
                   from way in Ways(operation)
                   where !isShort || way == Way.Straight || operation.Service == "gateway" || Array.IndexOf(Short, kind.Kind) < 2
                   where !(operation.Line.IsInternal && kind.Kind == "the internal key on a user's call")
                   select (operation, kind, way);
        await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (one, _) => await Try(one.operation, one.kind, one.way, one.way == Way.Gateway ? gateway : wires[one.operation.Service]));
        // On one operation all of them, also in the short run.
        if (isShort)
            foreach (var kind in kinds.Except(tried))
                await Try(operations.Single(o => o.Line is { Service: "leads", Name: "GET /api/leads" }), kind, Way.Straight, wires["leads"]);
        foreach (var wire in wires.Values) wire.Dispose();
        if (trap.Visits > 0) report.Finding($"{trap.Visits} requests came to the address where forged tokens say that their key is");

        report.Heading("Without a valid token");
        report.Text(string.Create(CultureInfo.InvariantCulture, $"""
            {operations.Count} operations that are not public ({catalogue.Operations.Count} in all) × {tried.Count} kinds of bad credentials ({kinds.Count} are known), through the gateway and straight at
            the service's own port; internal operations straight only, the gateway's own there only. {counts.Values.Sum(c => c.Asked):N0} requests in {clock.Elapsed.TotalSeconds:N0} s. Well signed means: with Identity's own key.
            Visits at the address that forged tokens name for their key: {trap.Visits}.
            """));
        report.Table(["credentials", "gateway: asked", "refused (401)", "straight: asked", "refused (401)"], kinds.Where(kind => counts.Keys.Any(key => key.Kind == kind.Kind)).Select(kind =>
        {
            var (through, straight) = (counts.GetValueOrDefault((kind.Kind, Way.Gateway)), counts.GetValueOrDefault((kind.Kind, Way.Straight)));
            return new[] { kind.Kind, Number(through.Asked), Number(through.Refused), Number(straight.Asked), Number(straight.Refused) };
        }));
        report.FindingsSince(begin);
    }

    private static string Number(int number) => number == 0 ? "–" : number.ToString("N0", CultureInfo.InvariantCulture);

    private static Way[] Ways(Operation operation) => operation.Service == "gateway" ? [Way.Gateway] : operation.Line.IsInternal ? [Way.Straight] : [Way.Gateway, Way.Straight];

    private async Task Try(Operation operation, BadCredential kind, Way way, Wire wire)
    {
        var query = Bodies.Query(operation);
        var address = operation.Address() + query + (kind.Query is null ? "" : (query.Length == 0 ? "?" : "&") + kind.Query);
        var body = operation.SmallestBody();
        Answer answer;
        if (kind.IsPlain)
        {
            answer = await wire.Send(operation.Method, address, request =>
            {
                if (kind.Authorization is { } authorization) request.Headers.TryAddWithoutValidation("Authorization", authorization);
                if (body is not null) request.Content = Wire.Body(body, Type(operation));
                if (operation.TakesIfMatch) request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
            });
        }
        else
        {
            string[] more = [.. body is null ? [] : new[] { $"Content-Type: {Type(operation)}" }, .. operation.TakesIfMatch ? ["If-Match: \"1\""] : Array.Empty<string>()];
            answer = await RawHttp.Send(way == Way.Gateway ? system.Gateway : system.Services[operation.Service], operation.Method, address, [.. kind.HeaderLines, .. more], body);
        }
        // A header that stands twice may as well be called malformed.
        var refused = answer.Status == 401 || (answer.Status == 400 && kind.HeaderLines.Count > 1 && answer.ProblemType is null);
        counts.AddOrUpdate((kind.Kind, way), _ => (1, refused ? 1 : 0), (_, count) => (count.Asked + 1, count.Refused + (refused ? 1 : 0)));
        if (!refused) report.Finding($"{operation} {(way == Way.Gateway ? "through the gateway" : "straight")} with '{kind.Kind}' answers {answer}");
    }

    private static string Type(Operation operation) => operation.BodyType is { } type && !type.StartsWith("multipart", StringComparison.Ordinal) ? type : "application/octet-stream";

    private async Task<IReadOnlyList<BadCredential>> Kinds(Uri trap)
    {
        var rep = cast["rep"];
        var genuine = await rep.Token();
        using var signing = await StolenKey.Take(system, (string)Jws.Read(genuine).Header["kid"]!);

        using var leaver = await cast.New("leaver", "Administrator", null);
        var left = await leaver.Token();
        (await leaver.Ask("identity", "DELETE", "/api/users/me/sessions?current=true")).MustSucceed("sign-out everywhere");
        using var client = await cast.NewClient("revoked client", cast.OfOtherTeam, cast.OfOtherTeam.Permissions);
        var revoked = await client.Token();
        (await cast.Administrator.Ask("identity", "DELETE", $"/api/clients/{client.ClientId}")).MustSucceed("revocation");
        var personal = (await rep.Ask("identity", "POST", "/api/users/me/tokens", new { name = "probe", scopes = new[] { "leads.read" }, expiresAt = DateTimeOffset.UtcNow.AddDays(1) })).MustSucceed("personal token").Json!;
        (await rep.Ask("identity", "DELETE", $"/api/users/me/tokens/{personal["details"]!["id"]}")).MustSucceed("revocation");

        var kinds = Forgeries.All(genuine, cast["administrator"].UserId, signing, trap, system.InternalKey,
        [
            ("session that was signed out", left),
            ("token of a revoked API client", revoked),
            ("what keeps a session (the cookie) as access token", rep.Cookie.Split('=', 2)[1]),
            ("what renews a token (the session's id) as access token", rep.SessionId.ToString()),
            ("an API client's secret as access token", cast["client with scope"].ClientSecret!),
            ("a revoked personal access token", (string)personal["token"]!),
            ("a made-up personal access token", "lcp_" + new string('a', 43)),
        ]);
        // Every service hears of the end of a session or a client in its own time, and the gateway of a personal token's: from then on all of these are refused.
        var asked = catalogue.Operations.Where(o => o is { Method: "GET", HasPlaces: false, Line: { IsPublic: false, IsInternal: false, IsCookie: false } }).DistinctBy(o => o.Service).ToList();
        await Until.Is("every service and the gateway have heard of what was ended", () => Refused(asked, [left, revoked, (string)personal["token"]!]));
        return kinds;
    }

    /// <summary>Whether none of the tokens is let in anywhere any more.</summary>
    private async Task<bool> Refused(IEnumerable<Operation> asked, string[] tokens)
    {
        foreach (var (operation, way) in asked.SelectMany(operation => Ways(operation).Select(way => (operation, way))))
        {
            using var wire = way == Way.Gateway ? new Wire(system.Gateway, manyAddresses: true) : new Wire(system.Services[operation.Service]);
            foreach (var token in tokens)
            {
                var answer = await wire.Send("GET", operation.Address() + Bodies.Query(operation), request => request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token));
                if (answer.Status != 401) return false;
            }
        }
        return true;
    }

    /// <summary>Where forged tokens say that their key is: counts who comes.</summary>
    private sealed class Trap : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private int visits;

        public Trap()
        {
            listener.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
            _ = Count();
        }

        public Uri Address { get; }

        public int Visits => visits;

        public void Dispose() => listener.Dispose();

        private async Task Count()
        {
            try
            {
                while (true)
                {
                    using var visitor = await listener.AcceptSocketAsync();
                    Interlocked.Increment(ref visits);
                }
            }
            catch (Exception over) when (over is ObjectDisposedException or SocketException)
            {
                // The part is over.
            }
        }
    }
}
