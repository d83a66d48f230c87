using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>Answers as the Accounts service would when it is asked for a record by id.</summary>
public sealed class AccountsStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, object> _records = new();

    public AccountsStub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/api/{kind}/{id:guid}", (string kind, Guid id, HttpContext http) =>
        {
            Tokens.Add(http.Request.Headers.Authorization.ToString());
            if (IsBroken) return Results.StatusCode(500);
            return _records.TryGetValue($"{kind}/{id}", out var record) ? Results.Ok(record) : Results.NotFound();
        });
    }

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The Authorization headers seen.</summary>
    public ConcurrentBag<string> Tokens { get; } = [];

    /// <summary>True: every answer is a 500.</summary>
    public bool IsBroken { get; set; }

    public Task Start() => _app.StartAsync();

    public Guid Account(string name, bool provisional = false) => Add("accounts", id => new { id, version = 3, name, provisional, ownerId = Guid.NewGuid() });

    public Guid Contact(string firstName, string lastName) => Add("contacts", id => new { id, version = 1, firstName, lastName });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Guid Add(string kind, Func<Guid, object> record)
    {
        var id = Guid.CreateVersion7();
        _records[$"{kind}/{id}"] = record(id);
        return id;
    }
}
