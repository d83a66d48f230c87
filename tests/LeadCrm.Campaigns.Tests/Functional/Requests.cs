using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Shouldly;

namespace LeadCrm.Campaigns.Tests.Functional;

/// <summary>A campaign as the tests read it.</summary>
public sealed record Campaign(Guid Id, long Version, string Name, string Status, IReadOnlyList<MemberStatus> MemberStatuses)
{
    /// <summary>The status of this name.</summary>
    public Guid this[string status] => MemberStatuses.Single(s => s.Name == status).Id;
}

/// <summary>A member status as the tests read it.</summary>
public sealed record MemberStatus(Guid Id, string Name, bool IsDefault, bool IsResponded);

/// <summary>A member as the tests read it.</summary>
public sealed record Member(
    Guid Id, long Version, string Type, Guid? LeadId, Guid? ContactId, string Name, string Status, bool Responded, DateTimeOffset? FirstRespondedAt, DateTimeOffset CreatedAt);

/// <summary>What adding many came to.</summary>
public sealed record Added(int AddedCount, int AlreadyMembers, int NotFound, int Invalid, IReadOnlyList<Skipped> NotAdded);

/// <summary>Somebody who was not added.</summary>
public sealed record Skipped(long Line, string Person, string Reason, string Message);

/// <summary>Requests as the tests write them.</summary>
internal static class Requests
{
    public static JsonSerializerOptions Form { get; } = new(JsonSerializerDefaults.Web);

    public static async Task<T> As<T>(this Task<HttpResponseMessage> sending, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await sending;
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, body);
        return JsonSerializer.Deserialize<T>(body, Form)!;
    }

    /// <summary>The problem of a refused request.</summary>
    public static async Task<JsonElement> Refused(this Task<HttpResponseMessage> sending, HttpStatusCode status, string? type = null)
    {
        var problem = await sending.As<JsonElement>(status);
        if (type is not null) problem.GetProperty("type").GetString().ShouldBe("urn:leadcrm:" + type);
        return problem;
    }

    /// <summary>Names of the fields that the problem complains about.</summary>
    public static IEnumerable<string> Fields(this JsonElement problem) => problem.GetProperty("errors").EnumerateObject().Select(e => e.Name);

    public static Task<HttpResponseMessage> Patch(this HttpClient client, string path, object body, long? version) => client.Send(HttpMethod.Patch, path, version,
        new StringContent(JsonSerializer.Serialize(body, Form), new MediaTypeHeaderValue("application/merge-patch+json")));

    public static Task<HttpResponseMessage> Put(this HttpClient client, string path, object body, long? version) => client.Send(HttpMethod.Put, path, version, JsonContent.Create(body));

    public static Task<HttpResponseMessage> Delete(this HttpClient client, string path, long? version) => client.Send(HttpMethod.Delete, path, version, null);

    public static Task<JsonElement> Page(this HttpClient client, string path) => client.GetAsync(path).As<JsonElement>();

    public static async Task<IReadOnlyList<T>> Items<T>(this HttpClient client, string path) =>
        (await client.Page(path)).GetProperty("items").Deserialize<List<T>>(Form)!;

    public static Task<Campaign> Campaign(this HttpClient client, Guid id) => client.GetAsync($"/api/campaigns/{id}").As<Campaign>();

    public static Task<IReadOnlyList<Member>> Members(this HttpClient client, Guid campaignId, string query = "") => client.Items<Member>($"/api/campaigns/{campaignId}/members?{query}");

    public static Task<Member> Join(this HttpClient client, Guid campaignId, Guid? leadId = null, Guid? contactId = null, Guid? statusId = null) =>
        client.PostAsJsonAsync($"/api/campaigns/{campaignId}/members", new { leadId, contactId, statusId }).As<Member>(HttpStatusCode.Created);

    public static Task<Member> Move(this HttpClient client, Guid campaignId, Member member, Guid statusId) =>
        client.Patch($"/api/campaigns/{campaignId}/members/{member.Id}", new { statusId }, member.Version).As<Member>();

    public static Task<Added> JoinAll(this HttpClient client, Guid campaignId, IEnumerable<Guid>? leadIds = null, IEnumerable<Guid>? contactIds = null, Guid? statusId = null) =>
        client.PostAsJsonAsync($"/api/campaigns/{campaignId}/members/from-list", new { leadIds = leadIds ?? [], contactIds = contactIds ?? [], statusId }).Outcome();

    public static Task<HttpResponseMessage> SendFile(this HttpClient client, Guid campaignId, string csv) =>
        client.PostAsync($"/api/campaigns/{campaignId}/members/from-file", new StringContent(csv, Encoding.UTF8, "text/csv"));

    public static async Task<Added> Outcome(this Task<HttpResponseMessage> sending)
    {
        var body = await sending.As<JsonElement>();
        return new Added(body.GetProperty("added").GetInt32(), body.GetProperty("alreadyMembers").GetInt32(), body.GetProperty("notFound").GetInt32(),
            body.GetProperty("invalid").GetInt32(), body.GetProperty("notAdded").Deserialize<List<Skipped>>(Form)!);
    }

    /// <summary>Replaces the statuses by these; those that exist keep their ids.</summary>
    public static Task<HttpResponseMessage> SetStatuses(this HttpClient client, Campaign campaign, IEnumerable<object> statuses, object[]? replacements = null) =>
        client.Put($"/api/campaigns/{campaign.Id}/member-statuses", new { statuses, replacements = replacements ?? [] }, campaign.Version);

    private static async Task<HttpResponseMessage> Send(this HttpClient client, HttpMethod method, string path, long? version, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (version is not null) request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        return await client.SendAsync(request);
    }
}
