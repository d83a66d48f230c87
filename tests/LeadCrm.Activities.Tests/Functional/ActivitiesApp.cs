using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Activities.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Shouldly;
using Xunit;

namespace LeadCrm.Activities.Tests.Functional;

/// <summary>One for all test classes that name the collection: each test brings data of its own.</summary>
[CollectionDefinition(nameof(OneApp))]
public sealed class OneApp : ICollectionFixture<ActivitiesApp>;

/// <summary>The service on its own database, virtual host and folder for files; the tests play the services whose records things hang on.</summary>
public class ActivitiesApp() : ServiceFixture("activities", typeof(LeadCrm.Activities.Data.ActivitiesDb))
{
    internal string FilesFolder { get; } = Path.Combine(Path.GetTempPath(), $"leadcrm-activities-{Guid.NewGuid():N}");

    /// <summary>Plays the other services.</summary>
    internal TestBus Bus { get; private set; } = null!;

    internal Caller Rep => By(TestUser.Rep);

    internal Caller Other => By(TestUser.OtherRep);

    internal Caller Admin => By(TestUser.Admin);

    internal Caller Reader => By(TestUser.Reader);

    internal Caller By(TestUser user) => new(As(user), this);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Bus = await TestBus.Connect(Broker, typeof(ActivitiesOfLeadsCarriedOver), typeof(RecordActivityChanged), typeof(RecordActivitiesChanged));
    }

    public override async ValueTask DisposeAsync()
    {
        if (Bus is not null) await Bus.DisposeAsync();
        await base.DisposeAsync();
        if (Directory.Exists(FilesFolder)) Directory.Delete(FilesFolder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A lead that the service has heard of.</summary>
    internal Task<Guid> Lead(TestUser? owner = null, string name = "Kim Doe") => Record("lead", owner, name);

    /// <summary>A record that the service has heard of.</summary>
    internal async Task<Guid> Record(string type, TestUser? owner = null, string name = "Kim Doe")
    {
        var id = Guid.CreateVersion7();
        await Database.Execute(
            "insert into platform.record_access (record_type, record_id, owner_id, name, version, is_deleted, seen_at) values ($1, $2, $3, $4, 1, false, now())",
            type, id, (owner ?? TestUser.Rep).Id, name);
        return id;
    }

    /// <summary>Has the organisation's defaults closed for one kind of record, so that who owns it decides.</summary>
    internal async Task ClosedFor(string type)
    {
        await Database.Execute("""
            insert into platform.directory_organisation (id, version, name, time_zone, currency, first_fiscal_month, sharing)
            values (1, 1, 'Test', 'UTC', 'EUR', 1, jsonb_build_object($1, 'private'))
            on conflict (id) do update set version = platform.directory_organisation.version + 1, sharing = platform.directory_organisation.sharing || excluded.sharing, changed_at = now()
            """, type);
    }

    /// <summary>An activity of the rep, as the API answers it.</summary>
    internal async Task<Answer> Activity(object values, string recordType, Guid recordId, Caller? by = null) =>
        (await (by ?? Rep).Post("/api/activities", Json.With(values, new { related = new[] { new { type = recordType, id = recordId } } }))).ShouldBe(HttpStatusCode.Created);

    internal Task<Answer> OpenTask(Guid lead, string subject = "Send the offer", Caller? by = null) => Activity(new { kind = "task", subject, dueOn = Today.AddDays(3) }, "lead", lead, by);

    internal static DateOnly Today => DateOnly.FromDateTime(DateTime.UtcNow);

    /// <summary>A state of a lead, as its service tells it.</summary>
    internal static LeadState State(Guid id, long version, Guid? owner = null, bool deleted = false, string category = "open", string? reason = null, DateOnly? followUpOn = null) => new()
    {
        LeadId = id, Version = version, FirstName = "Kim", LastName = "Doe", Company = "Pumps Ltd", Status = category, StatusCategory = category,
        NotQualifiedReason = reason, FollowUpOn = followUpOn, OwnerId = owner ?? TestUser.Rep.Id, IsDeleted = deleted,
    };

    internal Task Tell(LeadState lead, LeadCrm.Leads.Contracts.ChangeKind kind = LeadCrm.Leads.Contracts.ChangeKind.Updated) =>
        Bus.Publish(new LeadChanged { Kind = kind, Lead = lead, ActorId = TestUser.Rep.Id, At = DateTimeOffset.UtcNow }, TestUser.Rep);

    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Files:Folder", FilesFolder);
        builder.UseSetting("Touches:LookEvery", "00:00:00.200");
    }
}

/// <summary>An answer with what tests look at.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Body, byte[] Bytes, string? ETag, HttpResponseHeaders Headers, HttpContentHeaders Content, string Log)
{
    internal Guid Id => Body.GetProperty("id").GetGuid();

    internal JsonElement this[string name] => Body.GetProperty(name);

    internal JsonElement[] Items => [.. Body.GetProperty("items").EnumerateArray()];

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
internal sealed class Caller(HttpClient client, ActivitiesApp app)
{
    internal Task<Answer> Get(string path) => Send(HttpMethod.Get, path, null);

    internal Task<Answer> Post(string path, object? body = null, string? ifMatch = null, string? idempotencyKey = null) => Send(HttpMethod.Post, path, Of(body), ifMatch, idempotencyKey);

    internal Task<Answer> Put(string path, object? body = null) => Send(HttpMethod.Put, path, Of(body));

    internal Task<Answer> Patch(string path, object body, string? ifMatch) =>
        Send(HttpMethod.Patch, path, JsonContent.Create(body, new MediaTypeHeaderValue("application/merge-patch+json")), ifMatch);

    internal Task<Answer> Delete(string path, string? ifMatch = null) => Send(HttpMethod.Delete, path, null, ifMatch);

    /// <summary>Uploads as the file of a form.</summary>
    internal Task<Answer> Upload(string path, byte[] content, string name, string? ifMatch = null, string? idempotencyKey = null)
    {
        var file = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-claimed") } };
        return Send(HttpMethod.Post, path, new MultipartFormDataContent { { file, "file", name } }, ifMatch, idempotencyKey);
    }

    internal async Task<Answer> Send(HttpMethod method, string path, HttpContent? content, string? ifMatch = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await client.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType is { } media && (media == "application/json" || media.EndsWith("+json", StringComparison.Ordinal)) && bytes.Length > 0;
        var json = isJson ? JsonSerializer.Deserialize<JsonElement>(bytes) : default;
        return new Answer(response.StatusCode, json, bytes, response.Headers.ETag?.ToString(), response.Headers, response.Content.Headers, app.Log);
    }

    private static JsonContent? Of(object? body) => body is null ? null : JsonContent.Create(body);
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

    internal static string?[] Strings(this IEnumerable<JsonElement> items, string member) => [.. items.Select(e => e.GetProperty(member).GetString())];
}
