using System.Reflection;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

[assembly: AssemblyFixture(typeof(LeadCrm.Architecture.Tests.Walk.House))]

namespace LeadCrm.Architecture.Tests.Walk;

/// <summary>
/// Every service of the repository, running on databases and virtual hosts of their own and reaching each other. Services are found by
/// their folders: one that is added is walked without a line here.
/// </summary>
public sealed class House : IAsyncLifetime
{
    private readonly Dictionary<string, WalkedService> services = new(StringComparer.Ordinal);

    /// <summary>Names of all services, for theories.</summary>
    public static TheoryData<string> Names { get; } = [.. Directory.EnumerateDirectories(Path.Combine(Root(), "services")).Select(Path.GetFileName)
        .Where(name => Directory.Exists(Path.Combine(Root(), "services", name!, $"LeadCrm.{name}"))).Order(StringComparer.Ordinal).Select(name => name!)];

    internal WalkedService this[string name] => services[name];

    /// <summary>Every permission that any service names.</summary>
    public IReadOnlyList<string> Everything { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        foreach (var row in Names)
        {
            var name = row.Data;
            var program = Assembly.Load($"LeadCrm.{name}").EntryPoint!.DeclaringType!;
            services.Add(name, new WalkedService(name, program, this));
        }
        await Parallel.ForEachAsync(services.Values, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (service, _) => await service.InitializeAsync());
        foreach (var service in services.Values) await service.Read();
        Everything = [.. services.Values.SelectMany(s => s.Operations).SelectMany(o => o.Permissions).Concat(["data.export", "data.viewAll", "data.editAll", "leads.transfer"])
            .Where(p => p.Contains('.', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];
        var everybody = TestUser.With([.. Everything]);
        foreach (var service in services.Values) await service.Let(everybody);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services.Values) await service.DisposeAsync();
    }

    /// <summary>The service that a caller knows as <c>accounts</c>, once it runs.</summary>
    internal WalkedService? Find(string shortName) => services.Values.FirstOrDefault(s => s.ShortName == shortName && s.IsRunning);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "LeadCrm.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}

/// <summary>A running service and what its OpenAPI document says of it.</summary>
internal sealed class WalkedService(string name, Type program, House house) : ServiceFixture(ShortNameOf(name), program)
{
    public string ShortName => ShortNameOf(name);

    public bool IsRunning { get; private set; }

    /// <summary>The whole document.</summary>
    public JsonObject Document { get; private set; } = [];

    /// <summary>Its public operations: what the gateway routes and somebody has to be signed in for.</summary>
    public IReadOnlyList<Operation> Operations { get; private set; } = [];

    /// <summary>Somebody with every permission that any service names.</summary>
    public HttpClient Allowed { get; private set; } = null!;

    /// <summary>Their id.</summary>
    public Guid AllowedId { get; private set; }

    public async Task Read()
    {
        using var anonymous = Anonymous();
        Document = JsonNode.Parse(await anonymous.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!.AsObject();
        Operations = [.. Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
                .Where(o => o.Key is "get" or "post" or "put" or "patch" or "delete").Select(o => new Operation(this, path.Key, o.Key.ToUpperInvariant(), o.Value!.AsObject())))
            .Where(o => o.Path.StartsWith("/api/", StringComparison.Ordinal))];
    }

    public async Task Let(TestUser user)
    {
        await Know(user);
        AllowedId = user.Id;
        Allowed = As(user);
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        // Identity writes a key set of its own when it starts, which may come before its first look at this one.
        await Database.Execute("update platform.key_set set jwks = $1", TestTokens.KeySet);
        IsRunning = true;
    }

    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        builder.UseSetting("RecycleBin:PurgeEvery", "00:00:00.5");
        // Calls between services stay in this process.
        builder.ConfigureTestServices(services =>
        {
            foreach (var row in House.Names)
                if (ShortNameOf(row.Data) is var other && other != ShortName) services.AddHttpClient(other).ConfigurePrimaryHttpMessageHandler(() => new Neighbour(house, other));
        });
    }

    private static string ShortNameOf(string name) => name.ToLowerInvariant();

    private sealed class Neighbour(House house, string name) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (house.Find(name) is not { } service) throw new HttpRequestException($"{name} does not run yet.");
            using var invoker = new HttpMessageInvoker(service.Handler());
            return await invoker.SendAsync(request, cancellationToken);
        }
    }
}
