using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace LeadCrm.Identity.Tests.Functional;

[Collection(typeof(SharedInstallation))]
public sealed class PersonalTokenTests(IdentityApp app)
{
    private const string Password = IdentityApp.SamplePassword;

    [Fact]
    public async Task PF3_a_token_is_shown_once_and_stored_as_its_hash()
    {
        var session = await NewSession();
        var (token, id) = await NewToken(session.Client, "leads.read");

        token.ShouldStartWith("lcp_");
        (await session.Client.GetStringAsync("/api/users/me/tokens")).ShouldNotContain(token[4..]);
        var stored = await app.Database.Scalar<string>("select t::text from personal_tokens t where id = $1", id);
        stored.ShouldNotContain(token[4..]);
        stored.ShouldContain(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(token))));
        (await app.Database.Scalar<string>("select string_agg(changes::text, '') from platform.field_history where record_id = $1", id)).ShouldNotContain("hash");
    }

    [Fact]
    public async Task PF3_a_token_is_exchanged_for_a_short_access_token_of_the_same_user()
    {
        var session = await NewSession();
        var (token, id) = await NewToken(session.Client, "leads.read", "leads.edit");

        var access = await Exchange(token);

        var jwt = new JsonWebToken(access);
        jwt.Subject.ShouldBe(session.UserId.ToString());
        jwt.GetClaim("perm").Value.ShouldBe("leads.edit leads.read");
        jwt.GetClaim("client_id").Value.ShouldBe(id.ToString());
        (jwt.ValidTo - jwt.ValidFrom).ShouldBe(TimeSpan.FromMinutes(5));
        using var client = Bearer(access);
        (await client.GetAsync("/api/users/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task PF3_a_token_cannot_be_given_what_its_user_does_not_hold()
    {
        var session = await NewSession("Read Only");

        using var refused = await Create(session.Client, ["leads.read", "users.manage", "no.such"]);

        (await refused.WrongFields()).ShouldBe(["scopes"]);
    }

    [Fact]
    public async Task PF3_a_token_never_does_more_than_its_user_may_do_now()
    {
        var user = await app.NewUser("Sales Manager");
        var session = await app.SignIn(user.Email, Password);
        var (token, _) = await NewToken(session.Client, "leads.read", "leads.delete");
        new JsonWebToken(await Exchange(token)).GetClaim("perm").Value.ShouldBe("leads.delete leads.read");

        var (_, version) = await app.Admin.Read($"/api/users/{user.Id}");
        using var changed = await app.Admin.Patch($"/api/users/{user.Id}", new { roles = new[] { "Read Only" } }, version);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);

        new JsonWebToken(await Exchange(token)).GetClaim("perm").Value.ShouldBe("leads.read");
    }

    [Fact]
    public async Task PF3_a_revoked_token_is_refused_and_so_is_the_access_token_that_it_had()
    {
        var session = await NewSession();
        var (token, id) = await NewToken(session.Client, "leads.read");
        using var client = Bearer(await Exchange(token));
        (await client.GetAsync("/api/users/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var revoked = await session.Client.DeleteAsync($"/api/users/me/tokens/{id}");

        revoked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var refused = await TryExchange(token);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await refused.Problem()).ShouldBe("token-refused");
        await Eventually.Is(async () => (await client.GetAsync("/api/users/me")).StatusCode == HttpStatusCode.Unauthorized, "the service refuses the access token");
    }

    [Fact]
    public async Task PF3_the_last_use_is_shown_and_not_written_each_time()
    {
        var session = await NewSession();
        var (token, id) = await NewToken(session.Client, "leads.read");
        (await session.Client.Read("/api/users/me/tokens")).Body.GetProperty("items")[0].GetProperty("lastUsedAt").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);

        await Exchange(token);
        var first = await LastUse(id);
        await Exchange(token);

        (await LastUse(id)).ShouldBe(first);
        (await session.Client.Read("/api/users/me/tokens")).Body.GetProperty("items")[0].GetProperty("lastUsedAt").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_deactivated_users_tokens_stop_and_work_again_when_it_comes_back()
    {
        var user = await app.NewUser();
        var session = await app.SignIn(user.Email, Password);
        var (token, _) = await NewToken(session.Client, "leads.read");
        var before = new JsonWebToken(await Exchange(token)).GetClaim("sid").Value;

        using (await app.Admin.Do($"/api/users/{user.Id}/deactivate"))
        using (var refused = await TryExchange(token)) refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await Eventually.Is(() => Task.FromResult(app.Services.GetRequiredService<IDirectory>().IsRevoked(Guid.Parse(before))), "services refuse the access token");
        using (await app.Admin.Do($"/api/users/{user.Id}/reactivate"))
        {
            var sid = Guid.Parse(new JsonWebToken(await Exchange(token)).GetClaim("sid").Value);
            app.Services.GetRequiredService<IDirectory>().IsRevoked(sid).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_token_cannot_make_tokens_or_touch_the_users_way_in()
    {
        var session = await NewSession();
        using var client = Bearer(await Exchange((await NewToken(session.Client, "leads.read")).Token));

        foreach (var answer in new[]
        {
            await Create(client, ["leads.read"]), await client.GetAsync("/api/users/me/tokens"), await client.GetAsync("/api/users/me/sessions"),
            await client.PostAsync("/api/users/me/second-factor", new { password = Password }), await client.PostAsync("/api/users/me/password", new { currentPassword = Password, newPassword = "x" }),
        })
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await answer.Problem()).ShouldBe("session-required");
            answer.Dispose();
        }
    }

    [Theory]
    [InlineData("lcp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("lcp_")]
    [InlineData("")]
    public async Task A_made_up_token_gets_nothing(string token)
    {
        using var refused = await TryExchange(token);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_says_what_it_is_for_and_ends_within_a_year()
    {
        var session = await NewSession();
        using var refused = await session.Client.PostAsync("/api/users/me/tokens", new { name = " ", scopes = Array.Empty<string>(), expiresAt = DateTimeOffset.UtcNow.AddYears(2) });
        (await refused.WrongFields()).ShouldBe(["expiresAt", "name", "scopes"]);
    }

    [Fact]
    public async Task An_administrator_sees_and_revokes_the_tokens_of_others()
    {
        var session = await NewSession();
        var (token, id) = await NewToken(session.Client, "leads.read");

        (await app.Admin.Read($"/api/users/{session.UserId}/tokens")).Body.GetProperty("items")[0].GetProperty("id").GetGuid().ShouldBe(id);
        using var revoked = await app.Admin.DeleteAsync($"/api/users/{session.UserId}/tokens/{id}");

        revoked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var refused = await TryExchange(token);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var other = await NewSession();
        using var notMine = await other.Client.DeleteAsync($"/api/users/me/tokens/{id}");
        notMine.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<SignedIn> NewSession(string role = "Sales Rep") => await app.SignIn((await app.NewUser(role)).Email, Password);

    private static Task<HttpResponseMessage> Create(HttpClient client, string[] scopes) =>
        client.PostAsync("/api/users/me/tokens", new { name = "A script", scopes, expiresAt = DateTimeOffset.UtcNow.AddDays(30) });

    private static async Task<(string Token, Guid Id)> NewToken(HttpClient client, params string[] scopes)
    {
        using var made = await Create(client, scopes);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var body = await made.Json();
        return (body.GetProperty("token").GetString()!, body.GetProperty("details").GetProperty("id").GetGuid());
    }

    private async Task<HttpResponseMessage> TryExchange(string token)
    {
        using var gateway = app.Internal();
        return await gateway.PostAsJsonAsync("/internal/personal-tokens/exchange", new { token });
    }

    private async Task<string> Exchange(string token)
    {
        using var answer = await TryExchange(token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Json()).GetProperty("accessToken").GetString()!;
    }

    private HttpClient Bearer(string access)
    {
        var client = app.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access);
        return client;
    }

    private Task<DateTime> LastUse(Guid id) => app.Database.Scalar<DateTime>("select last_used_at from personal_tokens where id = $1", id);
}
