using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadCrm.Testing;
using Shouldly;

namespace LeadCrm.Capture.Tests.Functional;

/// <summary>An answer with its body read.</summary>
public sealed record Answer(HttpStatusCode Status, string Text, HttpResponseHeaders Headers, string? ContentType, string? ETag)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public Guid ReceiptId => Json["receiptId"]!.GetValue<Guid>();

    public Answer ShouldBe(HttpStatusCode status, string? problem = null)
    {
        Status.ShouldBe(status, Text);
        if (problem is not null) Json["type"]!.GetValue<string>().ShouldBe("urn:leadcrm:" + problem);
        return this;
    }

    /// <summary>A header's value; empty when it is not there.</summary>
    public string Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}

/// <summary>A form as the tests know it.</summary>
public sealed record Form(Guid Id, string Key, long Version)
{
    public string Path => "/forms/" + Key;
}

/// <summary>What people set up and the public sends, as the tests write it.</summary>
internal static partial class Requests
{
    private static int senders;

    /// <summary>The fields of most tests.</summary>
    public static object[] UsualFields { get; } =
    [
        new { name = "firstName" }, new { name = "lastName", required = true }, new { name = "email" }, new { name = "company" }, new { name = "phone" }, new { name = "description" },
    ];

    /// <summary>A form with the usual fields, and what the test says of it.</summary>
    public static async Task<Form> Form(this CaptureApp app, object? values = null)
    {
        var body = new JsonObject { ["name"] = "Contact " + Guid.NewGuid().ToString("N")[..6], ["fields"] = JsonSerializer.SerializeToNode(UsualFields), ["minimumSeconds"] = 0, ["perAddressLimit"] = 1_000 };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(values ?? new { })!.AsObject()) body[name] = value?.DeepClone();
        var created = (await app.Admin.Send(HttpMethod.Post, "/api/capture/forms", JsonContent.Create(body))).ShouldBe(HttpStatusCode.Created);
        return new Form(created.Json["id"]!.GetValue<Guid>(), created.Json["key"]!.GetValue<string>(), 1);
    }

    /// <summary>Changes the form.</summary>
    public static Task<Answer> Change(this CaptureApp app, Form form, object patch, long version = 1) =>
        app.Admin.Send(HttpMethod.Patch, $"/api/capture/forms/{form.Id}", JsonContent.Create(patch, new MediaTypeHeaderValue("application/merge-patch+json")), ifMatch: $"\"{version}\"");

    /// <summary>Sends the form as a program would: JSON in, JSON out.</summary>
    public static Task<Answer> SendJson(this CaptureApp app, Form form, object values, string? from = null) => app.Anonymous().Send(HttpMethod.Post, form.Path, JsonContent.Create(values), from: from);

    /// <summary>Sends it as a browser would.</summary>
    public static Task<Answer> SendForm(this CaptureApp app, Form form, Dictionary<string, string> values, string? from = null, string rest = "") =>
        app.Anonymous().Send(HttpMethod.Post, form.Path + rest, new FormUrlEncodedContent(values), from: from);

    public static async Task<Answer> Send(this HttpClient client, HttpMethod method, string path, HttpContent? content = null, string? ifMatch = null, string? from = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        if (ifMatch is not null) request.Headers.IfMatch.Add(new EntityTagHeaderValue(ifMatch));
        request.Headers.Add("X-Forwarded-For", from ?? $"198.51.100.{Interlocked.Increment(ref senders) % 250}");
        using var response = await client.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType?.ToString(), response.Headers.ETag?.Tag);
    }

    public static Task<Answer> Get(this HttpClient client, string path) => client.Send(HttpMethod.Get, path);

    /// <summary>The submission as it is kept.</summary>
    public static async Task<JsonNode> Submission(this CaptureApp app, Guid id) => (await app.Admin.Get($"/api/capture/submissions/{id}")).ShouldBe(HttpStatusCode.OK).Json;

    /// <summary>The submission once it has the status.</summary>
    public static Task<JsonNode> Submission(this CaptureApp app, Guid id, string status, TimeSpan? deadline = null) => Eventually.Get(async () =>
        await app.Submission(id) is var submission && submission["status"]!.GetValue<string>() == status ? submission : null, $"submission {id} is {status}", deadline);

    /// <summary>The lead that it became, at Leads.</summary>
    public static async Task<JsonNode> Lead(this CaptureApp app, Guid submissionId)
    {
        var submission = await app.Submission(submissionId, "captured");
        return (await app.Leads.Admin.Get($"/api/leads/{submission["leadId"]}")).ShouldBe(HttpStatusCode.OK).Json;
    }

    /// <summary>The submissions of a form with a status, by the list.</summary>
    public static async Task<IReadOnlyList<JsonNode>> Listed(this CaptureApp app, Form form, string status) =>
        [.. (await app.Admin.Get($"/api/capture/submissions?formId={form.Id}&status={status}")).ShouldBe(HttpStatusCode.OK).Json["items"]!.AsArray().Select(i => i!)];

    /// <summary>The signed time of a page.</summary>
    public static string StampOf(string page) => Stamp().Match(page).Groups["stamp"].Value;

    [GeneratedRegex("name=\"_t\" value=\"(?<stamp>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Stamp();
}
