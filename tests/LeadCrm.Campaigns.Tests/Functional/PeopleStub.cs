using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadCrm.Campaigns.Tests.Functional;

/// <summary>Answers lists as Leads and Accounts would: filtered by e-mail or country, in pages.</summary>
public sealed class PeopleStub : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentBag<Person> people = [];

    public PeopleStub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapGet("/api/{kind}", (string kind, HttpRequest request) =>
        {
            Requests.Add($"{kind}{request.QueryString} {request.Headers.Authorization}");
            if (IsBroken) return Results.StatusCode(500);
            if (request.Query.ContainsKey("nonsense")) return Results.Json(new { detail = "'nonsense' is not a field of this list." }, statusCode: 400);
            var emails = request.Query["email[in]"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
            var country = request.Query["country"].ToString();
            var found = people.Where(p => p.Kind == kind && (emails.Length == 0 || emails.Contains(p.Email)) && (country.Length == 0 || p.Country == country))
                .OrderBy(p => p.Id).Where(p => !Guid.TryParse(request.Query["after"], out var after) || p.Id.CompareTo(after) > 0).ToList();
            var limit = int.Parse(request.Query["limit"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
            var page = found.Take(limit).ToList();
            return Results.Ok(new { items = page.Select(p => new { id = p.Id, email = p.Email, version = 3 }), next = found.Count > limit ? page[^1].Id.ToString() : null, count = (int?)null });
        });
    }

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>What was asked, with the token.</summary>
    public ConcurrentBag<string> Requests { get; } = [];

    /// <summary>True: every answer is a 500.</summary>
    public bool IsBroken { get; set; }

    public Task Start() => app.StartAsync();

    public void Has(string kind, Guid id, string email, string country = "DE") => people.Add(new Person(kind, id, email, country));

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private sealed record Person(string Kind, Guid Id, string Email, string Country);
}
