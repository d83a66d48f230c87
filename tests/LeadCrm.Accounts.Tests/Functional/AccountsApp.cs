using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.Testing;
using Shouldly;

namespace LeadCrm.Accounts.Tests.Functional;

/// <summary>The Accounts service on a database and virtual host of its own, and a bus beside it that plays the saga.</summary>
public sealed class AccountsApp() : ServiceFixture("accounts", typeof(Program))
{
    /// <summary>Plays the saga and hears what the service says.</summary>
    public TestBus Bus { get; private set; } = null!;

    public HttpClient Rep => As(TestUser.Rep);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Bus = await TestBus.Connect(
            Broker, typeof(AccountsAndContactsAnswered), typeof(AccountsAndContactsRevealed),
            typeof(AccountChanged), typeof(ContactChanged));
        await Eventually.Is(HasQueues, "the service has its queues", TimeSpan.FromSeconds(60));
    }

    private async Task<bool> HasQueues()
    {
        using var answer = await Anonymous().GetAsync("/health/ready");
        if (!answer.IsSuccessStatusCode) return false;
        var health = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return health.GetProperty("checks").GetProperty("broker").GetProperty("status").GetString() == "healthy";
    }

    public override async ValueTask DisposeAsync()
    {
        if (Bus is not null) await Bus.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>Requests as the tests write them.</summary>
internal static class Requests
{
    public static Task<HttpResponseMessage> Patch(this HttpClient client, string path, object body, long? version) =>
        client.Send(HttpMethod.Patch, path, version, new StringContent(JsonSerializer.Serialize(body, Json.Options), new MediaTypeHeaderValue("application/merge-patch+json")));

    public static Task<HttpResponseMessage> Put(this HttpClient client, string path, object body, long? version) => client.Send(HttpMethod.Put, path, version, JsonContent.Create(body));

    public static Task<HttpResponseMessage> Delete(this HttpClient client, string path, long? version) => client.Send(HttpMethod.Delete, path, version, null);

    public static async Task<T> As<T>(this Task<HttpResponseMessage> sending, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await sending;
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, body);
        return JsonSerializer.Deserialize<T>(body, Json.Options)!;
    }

    /// <summary>The problem of a refused request.</summary>
    public static async Task<JsonElement> Refused(this Task<HttpResponseMessage> sending, HttpStatusCode status, string? type = null)
    {
        using var answer = await sending;
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, body);
        var problem = JsonSerializer.Deserialize<JsonElement>(body);
        if (type is not null) problem.GetProperty("type").GetString().ShouldBe("urn:leadcrm:" + type);
        return problem;
    }

    /// <summary>Names of the fields that the problem complains about.</summary>
    public static IEnumerable<string> Fields(this JsonElement problem) => problem.GetProperty("errors").EnumerateObject().Select(e => e.Name);

    public static Task<AccountResponse> NewAccount(this HttpClient client, object body) => client.PostAsJsonAsync("/api/accounts", body).As<AccountResponse>(HttpStatusCode.Created);

    public static Task<ContactResponse> NewContact(this HttpClient client, object body) => client.PostAsJsonAsync("/api/contacts", body).As<ContactResponse>(HttpStatusCode.Created);

    public static Task<AccountResponse> Account(this HttpClient client, Guid id) => client.GetAsync($"/api/accounts/{id}").As<AccountResponse>();

    public static Task<ContactResponse> Contact(this HttpClient client, Guid id) => client.GetAsync($"/api/contacts/{id}").As<ContactResponse>();

    public static Task<JsonElement> Page(this HttpClient client, string path) => client.GetAsync(path).As<JsonElement>();

    /// <summary>The ids on a page.</summary>
    public static IReadOnlyList<Guid> Ids(this JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid())];

    private static async Task<HttpResponseMessage> Send(this HttpClient client, HttpMethod method, string path, long? version, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (version is not null) request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        return await client.SendAsync(request);
    }
}
