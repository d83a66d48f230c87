using System.Reflection;
using LeadCrm.Capture.Data;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

[assembly: AssemblyFixture(typeof(LeadCrm.Capture.Tests.Functional.CaptureApp))]

namespace LeadCrm.Capture.Tests.Functional;

/// <summary>
/// Capture and the real Leads on one virtual host, each on a database of its own. Capture reaches the broker through a cable that can be cut.
/// </summary>
public class CaptureApp() : ServiceFixture("capture", typeof(CaptureDb))
{
    private Cable? cable;

    /// <summary>Sets forms up.</summary>
    public HttpClient Admin => As(TestUser.Admin);

    /// <summary>The service that makes the leads.</summary>
    public LeadsBeside Leads { get; private set; } = null!;

    /// <summary>Capture's way to the broker.</summary>
    public Cable BrokerCable => cable!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Leads = new LeadsBeside(Broker);
        await Leads.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await Leads.DisposeAsync();
        await base.DisposeAsync();
        if (cable is not null) await cable.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        var broker = new UriBuilder(Broker);
        cable ??= new Cable(broker.Host, broker.Port);
        builder.UseSetting("ConnectionStrings:rabbitmq", new UriBuilder(broker.Uri) { Host = "127.0.0.1", Port = cable.Port }.Uri.ToString());
        builder.UseSetting("Capture:SweepEvery", "00:00:00.3");
        builder.UseSetting("Capture:ResendAfter", "00:00:20");
        builder.ConfigureTestServices(services => services.AddHttpClient("leads").ConfigurePrimaryHttpMessageHandler(() => new ToLeads(this)));
    }

    private sealed class ToLeads(CaptureApp app) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!app.Leads.IsRunning) throw new HttpRequestException("Leads is down.");
            using var invoker = new HttpMessageInvoker(app.Leads.Handler());
            return await invoker.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>A Capture and a Leads for one test class that stops them or cuts cables.</summary>
public sealed class OwnCaptureApp : CaptureApp;

/// <summary>The real Leads on the broker of another fixture.</summary>
public sealed class LeadsBeside(string broker) : ServiceFixture("leads", Assembly.Load("LeadCrm.Leads").EntryPoint!.DeclaringType!)
{
    /// <summary>Whether it can be reached.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Stops it, as a SIGTERM would.</summary>
    public Task GoDown()
    {
        IsRunning = false;
        return Stop();
    }

    /// <summary>Starts it again.</summary>
    public async Task ComeUp()
    {
        await Start();
        IsRunning = true;
    }

    /// <inheritdoc />
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        IsRunning = true;
    }

    /// <summary>Sees every lead.</summary>
    public HttpClient Admin => As(TestUser.Admin);

    /// <summary>The submissions that became leads, in the order in which they did.</summary>
    public async Task<IReadOnlyList<string>> LastNames(Guid formId)
    {
        var names = new List<string>();
        await using var command = Database.DataSource.CreateCommand("select l.last_name from captured_leads c join leads l on l.id = c.lead_id where c.form_id = $1 order by l.created_at");
        command.Parameters.Add(new() { Value = formId });
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync()) names.Add(row.GetString(0));
        return names;
    }

    protected override void ConfigureHost(IWebHostBuilder builder) => builder.UseSetting("ConnectionStrings:rabbitmq", broker);
}
