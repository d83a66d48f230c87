using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Scenarios;

/// <summary>The three ways in, through the gateway to the real services: a session, a personal access token, an API client.</summary>
[Collection(nameof(SharedSystem))]
public sealed class CredentialScenarioTests(RunningSystem system)
{
    private const string Password = "purple-kettle-91-boat";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task PF3_a_personal_token_reads_leads_does_no_more_than_its_scopes_and_is_refused_within_a_second_of_its_revocation()
    {
        var ct = TestContext.Current.CancellationToken;
        using var person = await system.SignIn(ct: ct);
        var made = await person.Post("/api/users/me/tokens", new { name = "A script", scopes = new[] { "leads.read" }, expiresAt = DateTimeOffset.UtcNow.AddDays(1) }, ct);
        using var script = Bearer(made["token"]!.GetValue<string>());

        (await Status(script, "/api/leads?limit=1")).ShouldBe(200);
        (await Status(script, "/api/search?q=byron")).ShouldBe(200);
        using (var refused = await script.PostAsJsonAsync("/api/leads", new { lastName = "Byron", company = "Analytical Engines" }, ct)) refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Status(script, "/api/accounts?limit=1")).ShouldBe(403);

        var details = made["details"]!;
        (await person.Send(HttpMethod.Delete, $"/api/users/me/tokens/{details["id"]}", ct: ct)).Status.ShouldBe(HttpStatusCode.NoContent);
        await RefusedWithin(Second, () => Status(script, "/api/leads?limit=1"));
        var token = (await person.Get("/api/users/me/tokens", ct))["items"]!.AsArray().Single(item => item!["id"]!.ToString() == details["id"]!.ToString())!;
        token["lastUsedAt"]!.GetValue<DateTimeOffset>().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task PF3_an_api_client_reads_leads_and_its_token_is_refused_within_a_second_of_its_revocation()
    {
        var ct = TestContext.Current.CancellationToken;
        using var admin = await system.SignIn("admin@leadcrm.local", ct);
        var user = (await admin.Get("/api/users?email=import.integration@example.com", ct))["items"]![0]!["id"]!.GetValue<string>();
        var made = await admin.Post("/api/clients", new { name = "Website", userId = user, scopes = new[] { "leads.read", "data.viewAll" } }, ct);
        var id = made["clientId"]!.GetValue<string>();

        var granted = await Grant(id, made["clientSecret"]!.GetValue<string>());
        granted["token_type"]!.GetValue<string>().ShouldBe("Bearer");
        using var program = Bearer(granted["access_token"]!.GetValue<string>());
        using (var answer = await program.GetAsync("/api/leads?limit=1", ct))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(ct));
            answer.Headers.GetValues("RateLimit").Single().ShouldStartWith("\"reads\"");
        }

        (await admin.Send(HttpMethod.Delete, $"/api/clients/{id}", ct: ct)).Status.ShouldBe(HttpStatusCode.NoContent);
        await RefusedWithin(Second, () => Status(program, "/api/leads?limit=1"));
    }

    [Fact]
    public async Task Signing_out_everywhere_in_one_browser_refuses_the_other_within_a_second()
    {
        var ct = TestContext.Current.CancellationToken;
        var email = await NewUser(ct);
        using var here = await GatewayClient.SignIn(system.Gateway, email, Password, ct: ct);
        using var there = await GatewayClient.SignIn(system.Gateway, email, Password, ct: ct);
        await there.Get("/api/leads?limit=1", ct);
        (await here.Get("/api/users/me/sessions", ct))["items"]!.AsArray().Count.ShouldBe(2);

        (await here.Send(HttpMethod.Delete, "/api/users/me/sessions", ct: ct)).Status.ShouldBe(HttpStatusCode.NoContent);

        await RefusedWithin(Second, async () => (int)(await there.Send(HttpMethod.Get, "/api/leads?limit=1", ct: ct)).Status);
        await here.Get("/api/leads?limit=1", ct);
    }

    [Fact]
    public async Task With_a_second_factor_signing_in_takes_the_code_as_well()
    {
        var ct = TestContext.Current.CancellationToken;
        var email = await NewUser(ct);
        using var person = await GatewayClient.SignIn(system.Gateway, email, Password, ct: ct);
        var secret = (await person.Post("/api/users/me/second-factor", new { password = Password }, ct))["secret"]!.GetValue<string>();
        var confirmed = await person.Post("/api/users/me/second-factor/confirm", new { code = Code(secret) }, ct);
        var recovery = confirmed["recoveryCodes"]!.AsArray();
        recovery.Count.ShouldBe(10);

        using var browser = new HttpClient { BaseAddress = system.Gateway };
        using var first = await browser.PostAsJsonAsync("/api/session", new { email, password = Password }, ct);
        first.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var challenge = JsonNode.Parse(await first.Content.ReadAsStringAsync(ct))!["challenge"]!.GetValue<string>();
        using var wrong = await browser.PostAsJsonAsync("/api/session/second-factor", new { challenge, code = "000000" }, ct);
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var right = await browser.PostAsJsonAsync("/api/session/second-factor", new { challenge, code = recovery[0]!.GetValue<string>() }, ct);

        right.StatusCode.ShouldBe(HttpStatusCode.OK, await right.Content.ReadAsStringAsync(ct));
        (await Status(browser, "/api/leads?limit=1")).ShouldBe(200);
    }

    private async Task<string> NewUser(CancellationToken ct)
    {
        using var admin = await system.SignIn("admin@leadcrm.local", ct);
        var email = $"{Guid.NewGuid():N}@example.com";
        var made = await admin.Post("/api/users", new { name = "Somebody", email, roles = new[] { "Sales Rep" } }, ct);
        (await admin.Send(HttpMethod.Post, $"/api/users/{made["id"]}/password", new { password = Password }, ct: ct)).Status.ShouldBe(HttpStatusCode.NoContent);
        return email;
    }

    private HttpClient Bearer(string token)
    {
        var client = new HttpClient { BaseAddress = system.Gateway };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private async Task<JsonNode> Grant(string id, string secret)
    {
        using var client = new HttpClient { BaseAddress = system.Gateway };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials"), KeyValuePair.Create("scope", "leads.read data.viewAll")]);
        using var answer = await client.PostAsync("/api/connect/token", form);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private static async Task<int> Status(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    private static async Task RefusedWithin(TimeSpan limit, Func<Task<int>> status)
    {
        var since = Stopwatch.GetTimestamp();
        var lastServed = TimeSpan.Zero;
        await RunningSystem.Eventually("it is refused", async () =>
        {
            var asked = Stopwatch.GetElapsedTime(since);   // when it was asked, not when a busy machine got round to the answer
            if (await status() == 401) return true;
            lastServed = asked;
            return false;
        }, TimeSpan.FromSeconds(30));
        lastServed.ShouldBeLessThan(limit);
    }

    /// <summary>What the app on a telephone shows now (RFC 6238).</summary>
    private static string Code(string secret)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(secret.Select(letter => Convert.ToString(Alphabet.IndexOf(letter), 2).PadLeft(5, '0')));
        var key = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // The standard says SHA-1.
        var mac = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(mac.AsSpan(mac[^1] & 0xF)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }
}
