using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>The Leads service on a real database and broker, with the two other services played by <see cref="Participants"/>.</summary>
public class ConversionApp() : ServiceFixture("leads", typeof(Program))
{
    internal Participants Participants { get; } = new();

    private static int _leads;

    /// <summary>A new lead of the rep, with a company and an e-mail of its own.</summary>
    internal async Task<Guid> NewLead(object? fields = null)
    {
        var number = Interlocked.Increment(ref _leads);
        var answer = await As(TestUser.Rep).PostAsJsonAsync("/api/leads", fields ?? new
        {
            firstName = "Ada", lastName = $"Byron {number}", company = $"Engines {number}", email = $"ada.{number}@example.com", source = "Partner",
        });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<Guid>();
    }

    /// <summary>Asks for a conversion; <paramref name="wait"/> in seconds.</summary>
    internal async Task<Answer> Convert(
        Guid leadId, object? request = null, int? wait = null, string? key = null, string? ifMatch = null, TestUser? user = null,
        string? traceparent = null, ServiceReplica? replica = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, $"/api/leads/{leadId}/conversions") { Content = JsonContent.Create(request ?? new { }) };
        if (wait is not null) message.Headers.Add("Prefer", $"wait={wait}");
        if (key is not null) message.Headers.Add("Idempotency-Key", key);
        if (ifMatch is not null) message.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (traceparent is not null) message.Headers.Add("traceparent", traceparent);
        return await Answer.Of(await (replica is null ? As(user ?? TestUser.Rep) : replica.As(user ?? TestUser.Rep)).SendAsync(message));
    }

    internal async Task<Answer> Get(string path) => await Answer.Of(await As(TestUser.Rep).GetAsync(path));

    /// <summary>The conversion once it is over.</summary>
    internal async Task<JsonNode> Over(Guid conversionId) => await Eventually.Get(
        async () => (await Get($"/api/leads/conversions/{conversionId}")).Body is { } body && body["isOver"]!.GetValue<bool>() ? body : null,
        $"conversion {conversionId} is over", TimeSpan.FromSeconds(60));

    /// <summary>The conversion once it is in a state.</summary>
    internal async Task<JsonNode> In(string state, Guid conversionId) => await Eventually.Get(
        async () => (await Get($"/api/leads/conversions/{conversionId}")).Body is { } body && body["state"]!.GetValue<string>() == state ? body : null,
        $"conversion {conversionId} is in state {state}", TimeSpan.FromSeconds(60));

    internal async Task<JsonNode> Lead(Guid leadId) => (await Get($"/api/leads/{leadId}")).Body!;

    /// <summary>No conversion, no lock, no message.</summary>
    internal async Task NothingHappened(Guid lead)
    {
        (await Database.Scalar<long>("select count(*) from conversions where lead_id = $1", lead)).ShouldBe(0);
        (await Database.Scalar<string>("select conversion from leads where id = $1", lead)).ShouldBe("None");
        (await Database.Scalar<long>("select version from leads where id = $1", lead)).ShouldBe(1);
        Participants.For(lead).Messages.ShouldBeEmpty();
    }

    protected override Task Prepare() => Participants.Start(Broker);

    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        builder.UseSetting("services:accounts:http:0", Participants.Address);
        builder.UseSetting("services:opportunities:http:0", Participants.Address);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Participants.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The classes that share one such service; they run one after the other, so that a cost can be counted.</summary>
[CollectionDefinition(nameof(ConversionCollection))]
public sealed class ConversionCollection : ICollectionFixture<ConversionApp>;

/// <summary>An HTTP answer with its JSON body.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonNode? Body, string? Location, HttpResponseMessage Response)
{
    public static async Task<Answer> Of(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response.Headers.Location?.ToString(), response);
    }

    public Guid ConversionId => Body!["conversionId"]!.GetValue<Guid>();

    public string State => Body!["state"]!.GetValue<string>();

    /// <summary>Last part of the problem's type.</summary>
    public string Problem => Body!["type"]!.GetValue<string>().Replace("urn:leadcrm:", "", StringComparison.Ordinal);

    public IEnumerable<string> Errors => Body!["errors"]!.AsObject().Select(error => error.Key);
}
