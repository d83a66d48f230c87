using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>One for all test classes that name the collection: each test brings data of its own.</summary>
[CollectionDefinition(nameof(OneApp))]
public sealed class OneApp : ICollectionFixture<OpportunitiesApp>;

/// <summary>The service on its own database and virtual host, with a stand-in for Accounts.</summary>
public class OpportunitiesApp() : ServiceFixture("opportunities", typeof(LeadCrm.Opportunities.Data.OpportunitiesDb))
{
    internal AccountsStub Accounts { get; } = new();

    internal Caller Rep => new(As(TestUser.Rep), this);

    internal Caller Admin => new(As(TestUser.Admin), this);

    internal Caller Reader => new(As(TestUser.Reader), this);

    internal Caller By(TestUser user) => new(As(user), this);

    public override async ValueTask InitializeAsync()
    {
        await Accounts.Start();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Accounts.DisposeAsync();
    }

    /// <summary>An account that the service has heard of.</summary>
    internal async Task<Guid> Account(string name = "Pumps Ltd")
    {
        var id = Guid.CreateVersion7();
        await Database.Execute("insert into account_refs (id, version, name, is_deleted) values ($1, 1, $2, false)", id, name);
        return id;
    }

    /// <summary>A contact that the service has heard of.</summary>
    internal async Task<Guid> Contact(string name = "Kim Doe")
    {
        var id = Guid.CreateVersion7();
        await Database.Execute("insert into contact_refs (id, version, name, is_deleted) values ($1, 1, $2, false)", id, name);
        return id;
    }

    /// <summary>An open deal of the rep, as the API answers it.</summary>
    internal async Task<Answer> Deal(object? values = null, Guid? accountId = null) =>
        (await Rep.Post("/api/opportunities", Json.With(new { name = "Ten pumps", accountId = accountId ?? await Account() }, values))).ShouldBe(HttpStatusCode.Created);

    internal async Task<Guid> StageId(string name) => await Database.Scalar<Guid>("select id from stages where name = $1", name);

    protected override void ConfigureHost(IWebHostBuilder builder) => builder.UseSetting("services:accounts:http:0", Accounts.Url);
}

/// <summary>An answer with what tests look at.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Body, string? ETag, HttpResponseHeaders Headers, string Log)
{
    internal Guid Id => Body.GetProperty("id").GetGuid();

    internal JsonElement this[string name] => Body.GetProperty(name);

    /// <summary>Fields with errors of a 422.</summary>
    internal string[] Errors => [.. Body.GetProperty("errors").EnumerateObject().Select(e => e.Name)];

    internal string? Type => Body.GetProperty("type").GetString();

    internal Answer ShouldBe(HttpStatusCode expected)
    {
        Status.ShouldBe(expected, $"{Body}\n{Log}");
        return this;
    }
}

/// <summary>Somebody who calls the API.</summary>
internal sealed class Caller(HttpClient client, OpportunitiesApp app)
{
    internal Task<Answer> Get(string path) => Send(HttpMethod.Get, path, null);

    internal Task<Answer> Post(string path, object? body = null, string? ifMatch = null, string? idempotencyKey = null) => Send(HttpMethod.Post, path, body, ifMatch, idempotencyKey);

    internal Task<Answer> Put(string path, object body, string? ifMatch) => Send(HttpMethod.Put, path, body, ifMatch);

    internal Task<Answer> Patch(string path, object body, string? ifMatch) => Send(HttpMethod.Patch, path, body, ifMatch);

    internal Task<Answer> Delete(string path, string? ifMatch) => Send(HttpMethod.Delete, path, null, ifMatch);

    private async Task<Answer> Send(HttpMethod method, string path, object? body, string? ifMatch = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body, method == HttpMethod.Patch ? new MediaTypeHeaderValue("application/merge-patch+json") : null);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = text.Length > 0 ? JsonSerializer.Deserialize<JsonElement>(text) : default;
        return new Answer(response.StatusCode, json, response.Headers.ETag?.ToString(), response.Headers, app.Log);
    }
}

internal static class Json
{
    /// <summary>The members of both, the second one's first.</summary>
    internal static Dictionary<string, object?> With(object body, object? changes)
    {
        var members = body.GetType().GetProperties().ToDictionary(p => p.Name, p => p.GetValue(body));
        foreach (var change in changes?.GetType().GetProperties() ?? []) members[change.Name] = change.GetValue(changes);
        return members;
    }

    internal static string?[] Strings(this JsonElement array, string member) => [.. array.EnumerateArray().Select(e => e.GetProperty(member).GetString())];

    internal static JsonElement[] Items(this JsonElement array) => [.. array.EnumerateArray()];
}
