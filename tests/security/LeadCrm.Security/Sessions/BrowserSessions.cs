using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadCrm.Security.Matrix;
using LeadCrm.Security.People;

namespace LeadCrm.Security.Sessions;

/// <summary>Part 5: what another site can make a browser do, sessions that an attacker has fixed, signing out, and tokens of before.</summary>
public sealed class BrowserSessions(ProbedSystem system, Catalogue catalogue, Cast cast, Report report)
{
    private readonly List<string[]> rows = [];

    public async Task Run()
    {
        var begin = report.Findings.Count;
        await OtherSites();
        await SignInFromElsewhere();
        await Cookies();
        await FixedSessions();
        await SigningOut();
        await TokensOfBefore();
        report.Heading("Browser sessions");
        report.Table(["what was tried", "times", "as it should be"], rows);
        report.FindingsSince(begin);
    }

    private void Row(string what, List<(bool Good, string Told)> tries)
    {
        rows.Add([what, tries.Count.ToString("N0", CultureInfo.InvariantCulture), tries.Count(t => t.Good).ToString("N0", CultureInfo.InvariantCulture)]);
        foreach (var (_, told) in tries.Where(t => !t.Good)) report.Finding($"{what}: {told}");
    }

    /// <summary>Every change of every service with the cookie alone, as a form or script of another site would send it.</summary>
    private async Task OtherSites()
    {
        var victim = cast["administrator"];
        using var stranger = await cast.New("stranger", "Sales Rep", null);
        using var gateway = new Wire(system.Gateway, manyAddresses: true);
        var changes = catalogue.Operations.Where(o => o.Method != "GET" && !o.Line.IsInternal && !o.Line.IsPublic).ToList();
        foreach (var (what, token) in ((string, string?)[])[("change with the cookie, without the anti-forgery token", null), ("… with a wrong token", new string('A', 43)), ("… with another session's token", stranger.AntiForgery)])
        {
            var tries = new List<(bool, string)>();
            foreach (var operation in changes)
            {
                var answer = await gateway.Send(operation.Method, operation.Address(), request =>
                {
                    request.Headers.Add("Cookie", victim.Cookie);
                    request.Headers.Add("Origin", "https://evil.example");
                    if (token is not null) request.Headers.Add("X-CSRF-Token", token);
                    if (operation.SmallestBody() is { } body) request.Content = Wire.Body(body, "text/plain");
                });
                tries.Add((answer.Status == 403 && answer.ProblemType == "urn:leadcrm:anti-forgery" && answer.Header("Access-Control-Allow-Origin") is null, $"{operation}: {answer}"));
            }
            Row(what, tries);
        }

        // A read that changes something would need no token; and a method that hides behind another one.
        var hidden = new List<(bool, string)>();
        var lead = (await cast.Administrator.Ask("leads", "POST", "/api/leads", new { lastName = Words.New(), company = "Stays" })).MustSucceed("lead").Id;
        foreach (var header in (string[])["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
        {
            await gateway.Send("GET", $"/api/leads/{lead}?_method=DELETE", request => { request.Headers.Add("Cookie", victim.Cookie); request.Headers.Add(header, "DELETE"); request.Headers.TryAddWithoutValidation("If-Match", "\"1\""); });
            var after = await cast.Administrator.Ask("leads", "GET", $"/api/leads/{lead}");
            hidden.Add((after.Status == 200 && after.Header("ETag") == "\"1\"", $"{header}: {after}"));
        }
        Row("a method hidden in a header or the query of a GET", hidden);

        var shared = new List<(bool, string)>();
        foreach (var origin in (string[])["https://evil.example", "null", "http://localhost:3000"])
            foreach (var method in (string[])["GET", "OPTIONS"])
            {
                var answer = await gateway.Send(method, "/api/leads?limit=1", request => { request.Headers.Add("Cookie", victim.Cookie); request.Headers.TryAddWithoutValidation("Origin", origin); request.Headers.Add("Access-Control-Request-Method", "POST"); });
                shared.Add((answer.Header("Access-Control-Allow-Origin") is null && answer.Header("Access-Control-Allow-Credentials") is null && answer.Header("Cross-Origin-Resource-Policy") == "same-origin", $"{method} from {origin}: {string.Join("; ", answer.Headers)}"));
            }
        Row("another origin is not told that it may read", shared);
    }

    private async Task SignInFromElsewhere()
    {
        var tries = new List<(bool, string)>();
        using var gateway = new Wire(system.Gateway, manyAddresses: true);
        var who = cast.Colleague;
        foreach (var site in (string[])["cross-site", "same-site"])
        {
            var answer = await gateway.Send("POST", "/api/session", request => { request.Content = JsonContent.Create(new { email = who.Email, password = who.Password }); request.Headers.Add("Sec-Fetch-Site", site); });
            tries.Add((answer.Status == 403 && answer.Header("Set-Cookie") is null, $"{site}: {answer}"));
        }
        foreach (var type in (string[])["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
        {
            var answer = await gateway.Send("POST", "/api/session", request => request.Content = Wire.Body($$"""{"email":"{{who.Email}}","password":"{{who.Password}}"}""", type));
            tries.Add((answer.Status == 415 && answer.Header("Set-Cookie") is null, $"{type}: {answer}"));
        }
        Row("signing a visitor in from another site, or with a form", tries);
    }

    private async Task Cookies()
    {
        var tries = new List<(bool, string)>();
        using var gateway = new Wire(system.Gateway, manyAddresses: true);
        var body = new { email = cast.Colleague.Email, password = cast.Colleague.Password };
        var local = (await gateway.Send("POST", "/api/session", request => request.Content = JsonContent.Create(body))).Header("Set-Cookie") ?? "";
        tries.Add((Has(local, "httponly") && Has(local, "samesite=lax") && Has(local, "path=/") && !Has(local, "domain="), $"on this machine: {local}"));
        var elsewhere = (await gateway.Send("POST", "/api/session", request => { request.Content = JsonContent.Create(body); request.Headers.Host = "crm.example"; })).Header("Set-Cookie") ?? "";
        tries.Add((elsewhere.StartsWith("__Host-", StringComparison.Ordinal) && Has(elsewhere, "secure") && Has(elsewhere, "httponly") && Has(elsewhere, "samesite=lax") && Has(elsewhere, "path=/") && !Has(elsewhere, "domain="), $"elsewhere: {elsewhere}"));
        Row("the cookie: HttpOnly, SameSite, no domain; __Host- and Secure but on this machine", tries);

        static bool Has(string cookie, string attribute) => cookie.Split(';', StringSplitOptions.TrimEntries).Any(part => part.StartsWith(attribute, StringComparison.OrdinalIgnoreCase));
    }

    private async Task FixedSessions()
    {
        using var gateway = new Wire(system.Gateway, manyAddresses: true);
        using var attacker = await cast.New("attacker", "Sales Rep", null);
        var victim = cast.Colleague;
        var tries = new List<(bool, string)>();
        var name = attacker.Cookie.Split('=')[0];
        foreach (var (what, planted) in ((string, string)[])[("a made-up one", $"{name}={new string('A', 43)}"), ("the attacker's own", attacker.Cookie)])
        {
            var signedIn = await gateway.Send("POST", "/api/session", request => { request.Headers.Add("Cookie", planted); request.Content = JsonContent.Create(new { email = victim.Email, password = victim.Password }); });
            var given = signedIn.Header("Set-Cookie")?.Split(';')[0];
            tries.Add((signedIn.Status == 200 && given is not null && given != planted, $"{what} is kept: {signedIn}"));
            var after = await gateway.Send("GET", "/api/session", request => request.Headers.Add("Cookie", planted));
            tries.Add((after.Status == 401, $"{what} is good afterwards: {after}"));
        }
        Row("a session that was there before signing in", tries);
    }

    private async Task SigningOut()
    {
        using var gateway = new Wire(system.Gateway, manyAddresses: true);
        var (refusedAtOnce, times) = (new List<(bool, string)>(), new List<string>());
        using (var person = await cast.New("leaves", "Sales Rep", null))
        {
            var cookie = person.Cookie;
            (await person.Send(Way.Gateway, "gateway", "DELETE", "/api/session")).MustSucceed("sign-out");
            var after = await gateway.Send("GET", "/api/leads?limit=1", request => request.Headers.Add("Cookie", cookie));
            refusedAtOnce.Add((after.Status == 401, $"after sign-out the cookie is answered {after}"));
        }
        Row("the cookie at once after signing out", refusedAtOnce);

        var everywhere = new List<(bool, string)>();
        for (var i = 0; i < 3; i++)
        {
            using var here = await cast.New("here", "Sales Rep", null);
            using var there = await Person.SignIn(system, "there", here.UserId, here.Email, here.Password, here.Role, here.Permissions);
            var token = await there.Token();
            (await here.Send(Way.Gateway, "identity", "DELETE", "/api/users/me/sessions")).MustSucceed("sign-out everywhere");
            var since = Stopwatch.StartNew();
            var atTheGateway = await Refused(since, () => there.Send(Way.Gateway, "leads", "GET", "/api/leads?limit=1"));
            using var leads = new Wire(system.Services["leads"]);
            var atAService = await Refused(since, () => leads.Send("GET", "/api/leads?limit=1", request => request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token)));
            everywhere.Add((atTheGateway < 1_000, $"the gateway served it for {atTheGateway:0} ms more"));
            everywhere.Add((atAService < 5_000, $"a service served its token for {atAService:0} ms more"));
            times.Add(string.Create(CultureInfo.InvariantCulture, $"{atTheGateway:0} / {atAService:0}"));
            everywhere.Add(((await here.Send(Way.Gateway, "leads", "GET", "/api/leads?limit=1")).Status == 200, "the session that asked for it is over too"));
        }
        Row($"signing out everywhere (served for so many ms more at the gateway / at a service: {string.Join(", ", times)})", everywhere);

        var password = new List<(bool, string)>();
        using (var person = await cast.New("changes the password", "Sales Rep", null))
        {
            using var thief = await Person.SignIn(system, "thief", person.UserId, person.Email, person.Password, person.Role, person.Permissions);
            (await person.Send(Way.Gateway, "identity", "POST", "/api/users/me/password", $$"""{"currentPassword":"{{person.Password}}","newPassword":"orange-ladder-17-sun"}""")).MustSucceed("another password");
            var since = Stopwatch.StartNew();
            var served = await Refused(since, () => thief.Send(Way.Gateway, "leads", "GET", "/api/leads?limit=1"));
            password.Add((served < 1_000, $"another session was served for {served:0} ms more"));
            var old = await gateway.Send("POST", "/api/session", request => request.Content = JsonContent.Create(new { email = person.Email, password = person.Password }));
            password.Add((old.Status == 401, $"the old password is answered {old}"));
        }
        Row("another password ends the other sessions, and the old one is refused", password);
    }

    /// <summary>Milliseconds until it was refused, by when it was last asked and served.</summary>
    private static async Task<double> Refused(Stopwatch since, Func<Task<Answer>> ask)
    {
        for (double served = 0; ;)
        {
            var asked = since.Elapsed.TotalMilliseconds;
            if ((await ask()).Status == 401) return served;
            served = asked;
            if (since.Elapsed > TimeSpan.FromSeconds(30)) return double.PositiveInfinity;
            await Task.Delay(20);
        }
    }

    /// <summary>
    /// There is no refresh token that a client could hold: the gateway renews with the session's id, at Identity's internal door. What was renewed is
    /// good until it runs out, minutes later; of a session that is over nothing is renewed.
    /// </summary>
    private async Task TokensOfBefore()
    {
        var tries = new List<(bool, string)>();
        using var identity = new Wire(system.Services["identity"]);
        using var person = await cast.New("renews", "Sales Rep", null);
        Task<Answer> Renew(string? key) => identity.Send("POST", $"/internal/sessions/{person.SessionId}/tokens", request => { if (key is not null) request.Headers.Add("X-LeadCrm-Internal", key); });
        tries.Add(((await Renew(system.InternalKey)).Status == 200, "a session is not renewed"));
        tries.Add(((await Renew(null)).Status == 401, "a session is renewed without the internal key"));
        var before = await person.Token();
        var payload = Tokens.Jws.Read(before).Payload;
        tries.Add(((long)payload["exp"]! - (long)payload["iat"]! <= 300, "an access token lives longer than five minutes"));
        (await person.Ask("identity", "DELETE", "/api/users/me/sessions?current=true")).MustSucceed("sign-out");
        var over = await Renew(system.InternalKey);
        tries.Add((over.Status is 404 or 409 or 410, $"a session that is over is renewed: {over}"));
        await Until.Is("a token of a session that is over is refused",
            async () => (await identity.Send("GET", "/api/users/me", request => request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + before))).Status == 401, TimeSpan.FromSeconds(10));
        tries.Add((true, ""));
        Row("renewing tokens, and tokens of before", tries);
    }
}
