using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeadCrm.Testing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace LeadCrm.Identity.Tests.Functional;

[Collection(typeof(SharedInstallation))]
public sealed class ClientTests(IdentityApp app)
{
    private const string TokenPath = "/api/connect/token";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PF3_a_client_gets_a_token_for_its_secret_as_the_user_it_acts_as(bool inHeader)
    {
        var (client, user) = await NewClient(["leads.read", "leads.create"]);

        using var answer = inHeader ? await Ask(("grant_type", "client_credentials"), client) : await Ask([("grant_type", "client_credentials"), ("client_id", client.Id), ("client_secret", client.Secret)]);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var body = await answer.Json();
        body.GetProperty("token_type").GetString().ShouldBe("Bearer");
        body.GetProperty("expires_in").GetInt32().ShouldBeInRange(298, 300);
        body.GetProperty("scope").GetString().ShouldBe("leads.create leads.read");
        var token = new JsonWebToken(body.GetProperty("access_token").GetString());
        token.Alg.ShouldBe("ES256");
        token.Subject.ShouldBe(user.ToString());
        token.GetClaim("client_id").Value.ShouldBe(client.Id);
        token.GetClaim("perm").Value.ShouldBe("leads.create leads.read");
    }

    [Fact]
    public async Task PF3_a_client_may_ask_for_less_and_never_gets_more_than_its_scopes_and_its_user_allow()
    {
        var (client, user) = await NewClient(["leads.read", "leads.create"]);
        using (var less = await Ask([("grant_type", "client_credentials"), ("scope", "leads.read")], client)) (await less.Json()).GetProperty("scope").GetString().ShouldBe("leads.read");
        using (var more = await Ask([("grant_type", "client_credentials"), ("scope", "leads.read leads.import")], client)) await ShouldBe(more, 400, "invalid_scope");

        var (_, version) = await app.Admin.Read($"/api/users/{user}");
        using var changed = await app.Admin.Patch($"/api/users/{user}", new { roles = new[] { "Read Only" } }, version);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var now = await Ask(("grant_type", "client_credentials"), client);
        (await now.Json()).GetProperty("scope").GetString().ShouldBe("leads.read");
        using var nothingLeft = await Ask([("grant_type", "client_credentials"), ("scope", "leads.create")], client);
        await ShouldBe(nothingLeft, 400, "invalid_scope");
    }

    [Fact]
    public async Task Whoever_is_no_client_hears_the_same_whatever_is_wrong()
    {
        var (client, _) = await NewClient(["leads.read"]);
        var (revoked, _) = await NewClient(["leads.read"]);
        using (await app.Admin.DeleteAsync($"/api/clients/{revoked.Id}")) { }
        Credentials[] wrong = [client with { Secret = client.Secret[..^1] + "x" }, client with { Id = Guid.NewGuid().ToString() }, client with { Id = "nobody" }, revoked, client with { Secret = "" }];

        var answers = new List<string>();
        foreach (var credentials in wrong)
        {
            using var answer = await Ask(("grant_type", "client_credentials"), credentials);
            await ShouldBe(answer, 401, "invalid_client");
            answer.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("Basic");
            answers.Add(await answer.Content.ReadAsStringAsync());
        }
        answers.Distinct().ShouldHaveSingleItem();
        using var nothing = await Ask([("grant_type", "client_credentials")]);
        await ShouldBe(nothing, 401, "invalid_client");
    }

    [Fact]
    public async Task What_is_asked_for_in_the_wrong_way_is_told_in_the_words_of_the_standard()
    {
        var (client, _) = await NewClient(["leads.read"]);
        using var password = await Ask(("grant_type", "password"), client);
        await ShouldBe(password, 400, "unsupported_grant_type");
        using var without = await Ask([], client);
        await ShouldBe(without, 400, "invalid_request");
        using var twice = await Ask([("grant_type", "client_credentials"), ("grant_type", "client_credentials")], client);
        await ShouldBe(twice, 400, "invalid_request");
        using var both = await Ask([("grant_type", "client_credentials"), ("client_secret", client.Secret)], client);
        await ShouldBe(both, 400, "invalid_request");
    }

    [Fact]
    public async Task Secrets_are_stored_as_hashes_and_shown_in_no_list_or_history()
    {
        var (client, _) = await NewClient(["leads.read"]);
        var random = client.Secret[4..];

        (await app.Database.Scalar<string>("select string_agg(s::text, '') from client_secrets s")).ShouldNotContain(random);
        (await app.Admin.GetStringAsync("/api/clients")).ShouldNotContain(random);
        var history = await app.Admin.GetStringAsync($"/api/clients/{client.Id}/history");
        history.ShouldContain("\"scopes\"");
        history.ShouldNotContain(random);
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_work_and_without_an_overlap_only_the_new_one()
    {
        var (client, _) = await NewClient(["leads.read"]);
        var second = await Rotate(client, 24);
        (await Status(client)).ShouldBe(HttpStatusCode.OK);
        (await Status(second)).ShouldBe(HttpStatusCode.OK);
        (await app.Admin.Read($"/api/clients/{client.Id}")).Body.GetProperty("secrets").GetArrayLength().ShouldBe(2);

        var third = await Rotate(client, 0);

        (await Status(client)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Status(second)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Status(third)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_revoked_clients_tokens_are_among_what_gateways_and_services_refuse()
    {
        var (client, _) = await NewClient(["leads.read"]);
        var sid = await SessionOf(client);
        using (var revoked = await app.Admin.DeleteAsync($"/api/clients/{client.Id}")) revoked.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        using var gateway = app.Internal();
        (await gateway.Read("/internal/revocations")).Body.GetProperty("sessions").Strings().ShouldContain(sid);
        await Eventually.Is(() => app.Database.Scalar<bool>("select exists (select from platform.revoked_sessions where id = $1)", Guid.Parse(sid)), "services know");
        using var rotated = await app.Admin.PostAsync($"/api/clients/{client.Id}/secrets", new { });
        (await rotated.Problem()).ShouldBe("client-revoked");
    }

    [Fact]
    public async Task A_deactivated_users_clients_stop()
    {
        var (client, user) = await NewClient(["leads.read"]);
        var sid = await SessionOf(client);

        using (await app.Admin.Do($"/api/users/{user}/deactivate")) { }

        (await Status(client)).ShouldBe(HttpStatusCode.Unauthorized);
        using var gateway = app.Internal();
        (await gateway.Read("/internal/revocations")).Body.GetProperty("sessions").Strings().ShouldContain(sid);
    }

    [Fact]
    public async Task PF3_the_last_use_of_a_client_is_shown()
    {
        var (client, _) = await NewClient(["leads.read"]);
        (await app.Admin.Read($"/api/clients/{client.Id}")).Body.GetProperty("lastUsedAt").ValueKind.ShouldBe(JsonValueKind.Null);

        (await Status(client)).ShouldBe(HttpStatusCode.OK);

        (await app.Admin.Read($"/api/clients/{client.Id}")).Body.GetProperty("lastUsedAt").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Only_who_manages_users_makes_clients_and_none_may_do_what_its_user_may_not()
    {
        var rep = await app.SignIn((await app.NewUser()).Email, IdentityApp.SamplePassword);
        using var refused = await rep.Client.PostAsync("/api/clients", new { name = "Mine", userId = rep.UserId, scopes = new[] { "leads.read" } });
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var tooMuch = await app.Admin.PostAsync("/api/clients", new { name = "Too much", userId = rep.UserId, scopes = new[] { "users.manage" } });
        (await tooMuch.WrongFields()).ShouldBe(["scopes"]);
        using var nobody = await app.Admin.PostAsync("/api/clients", new { name = "", userId = Guid.NewGuid(), scopes = new[] { "leads.read" }, expiresAt = DateTimeOffset.UtcNow.AddDays(-1) });
        (await nobody.WrongFields()).ShouldBe(["expiresAt", "name", "userId"]);
    }

    [Fact]
    public async Task Discovery_names_the_token_endpoint()
    {
        using var anonymous = app.Anonymous();
        var document = (await anonymous.Read("/.well-known/openid-configuration")).Body;
        document.GetProperty("token_endpoint").GetString().ShouldEndWith(TokenPath);
        document.GetProperty("token_endpoint_auth_methods_supported").Strings().ShouldBe(["client_secret_basic", "client_secret_post"]);
    }

    private sealed record Credentials(string Id, string Secret);

    private async Task<(Credentials Client, Guid User)> NewClient(string[] scopes)
    {
        var user = await app.NewUser("Integration", withPassword: false);
        using var made = await app.Admin.PostAsync("/api/clients", new { name = "Website", userId = user.Id, scopes });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var body = await made.Json();
        return (new Credentials(body.GetProperty("clientId").GetString()!, body.GetProperty("clientSecret").GetString()!), user.Id);
    }

    private async Task<Credentials> Rotate(Credentials client, int overlapHours)
    {
        using var rotated = await app.Admin.PostAsync($"/api/clients/{client.Id}/secrets", new { overlapHours });
        rotated.StatusCode.ShouldBe(HttpStatusCode.OK, await rotated.Content.ReadAsStringAsync());
        return client with { Secret = (await rotated.Json()).GetProperty("clientSecret").GetString()! };
    }

    private Task<HttpResponseMessage> Ask((string, string) field, Credentials client) => Ask([field], client);

    private async Task<HttpResponseMessage> Ask((string Name, string Value)[] fields, Credentials? client = null)
    {
        using var http = app.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, TokenPath)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        if (client is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(client.Id)}:{Uri.EscapeDataString(client.Secret)}")));
        return await http.SendAsync(request);
    }

    private async Task<HttpStatusCode> Status(Credentials client)
    {
        using var answer = await Ask(("grant_type", "client_credentials"), client);
        return answer.StatusCode;
    }

    private async Task<string> SessionOf(Credentials client)
    {
        using var answer = await Ask(("grant_type", "client_credentials"), client);
        return new JsonWebToken((await answer.Json()).GetProperty("access_token").GetString()).GetClaim("sid").Value;
    }

    private static async Task ShouldBe(HttpResponseMessage answer, int status, string error)
    {
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
        var body = await answer.Json();
        body.GetProperty("error").GetString().ShouldBe(error);
        body.GetProperty("error_description").GetString().ShouldNotBeNullOrEmpty();
    }
}
