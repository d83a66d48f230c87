using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using LeadCrm.AppHost;

// What LeadCrm consists of, who uses whom, and who waits for whom. Written in Aspire's API; see Embedded/README.md for what runs it.
var builder = DistributedApplication.CreateBuilder(args);

if (args.Contains("--test-servers"))
{
    // A block of ports by chance: test runs that start in the same second must not find the same ones free.
    var ports = Random.Shared.Next(120, 310) * 100;
    builder.AddPostgres("postgres", port: ports + 20);
    builder.AddRabbitMQ("rabbitmq", port: ports + 21).WithManagementPlugin(port: ports + 24);
    builder.Build().Run();
    return;
}

// How many copies of every service and of the gateway; what several of them share lies in the databases and the broker.
var replicas = int.Parse(Option("--replicas") ?? "1", CultureInfo.InvariantCulture);

var postgres = builder.AddPostgres("postgres", port: 5420).WithDataVolume();
var identityDb = postgres.AddDatabase("identity-db");
var leadsDb = postgres.AddDatabase("leads-db");
var accountsDb = postgres.AddDatabase("accounts-db");
var opportunitiesDb = postgres.AddDatabase("opportunities-db");
var activitiesDb = postgres.AddDatabase("activities-db");
var campaignsDb = postgres.AddDatabase("campaigns-db");
var captureDb = postgres.AddDatabase("capture-db");
var gatewayDb = postgres.AddDatabase("gateway-db");
var rabbitmq = builder.AddRabbitMQ("rabbitmq", port: 5421).WithDataVolume();

// Between services; wraps signing and data-protection keys in the databases; the first administrator's password.
var internalKey = builder.AddParameter("internal-key", new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true, persist: true);
var dataKey = builder.AddParameter("data-key", new RandomKey(), secret: true, persist: true);
var adminPassword = builder.AddParameter("admin-password", new GenerateParameterDefault { MinLength = 20 }, secret: true, persist: true);

// A running service does without the broker for a while (it accepts writes and delivers later); at the start it is spared the retries.
var identity = AddService("identity", "../services/Identity/LeadCrm.Identity/LeadCrm.Identity.csproj", identityDb, port: 5401)
    .WithEnvironment("LEADCRM_ADMIN_PASSWORD", adminPassword);
var leads = AddService("leads", "../services/Leads/LeadCrm.Leads/LeadCrm.Leads.csproj", leadsDb, port: 5402);
var accounts = AddService("accounts", "../services/Accounts/LeadCrm.Accounts/LeadCrm.Accounts.csproj", accountsDb, port: 5403);
var opportunities = AddService("opportunities", "../services/Opportunities/LeadCrm.Opportunities/LeadCrm.Opportunities.csproj", opportunitiesDb, port: 5404);
var activities = AddService("activities", "../services/Activities/LeadCrm.Activities/LeadCrm.Activities.csproj", activitiesDb, port: 5405);
var campaigns = AddService("campaigns", "../services/Campaigns/LeadCrm.Campaigns/LeadCrm.Campaigns.csproj", campaignsDb, port: 5406);
var capture = AddService("capture", "../services/Capture/LeadCrm.Capture/LeadCrm.Capture.csproj", captureDb, port: 5407);
// The door needs its sessions and nothing else to open: it starts while the broker does, and says of a service that is not up yet that it is not.
var gateway = AddProcess("gateway", "../gateway/LeadCrm.Gateway/LeadCrm.Gateway.csproj", gatewayDb, port: 5400).WithExternalHttpEndpoints();

// Everybody learns users and keys from Identity; the checks before a conversion and before its undo go from Leads to those who take part.
leads.WithReference(identity).WithReference(accounts).WithReference(opportunities).WithReference(activities).WithReference(campaigns);
accounts.WithReference(identity);
opportunities.WithReference(identity).WithReference(accounts);
// Files lie beside the data of the servers.
activities.WithEnvironment("Files__Folder", Path.Combine(DataFolder(), "files"));
activities.WithReference(identity).WithReference(leads).WithReference(accounts).WithReference(opportunities).WithReference(campaigns);
campaigns.WithReference(identity).WithReference(leads).WithReference(accounts).WithReference(opportunities);
// What the public sends needs nobody; who sets up a form has its queue and campaign checked.
capture.WithReference(identity).WithReference(leads).WithReference(campaigns);
// The door tells browsers what changes; without the broker it only does not.
gateway.WithReference(rabbitmq);
gateway.WithReference(identity).WithReference(leads).WithReference(accounts).WithReference(opportunities).WithReference(activities).WithReference(campaigns).WithReference(capture);

if (args.Contains("--sample-data") || args.Contains("--sample-users"))
{
    var samplePassword = builder.AddParameter("sample-password", new GenerateParameterDefault { MinLength = 16, Special = false }, secret: true, persist: true);
    identity.WithEnvironment("LEADCRM_SAMPLE_DATA", "true").WithEnvironment("LEADCRM_SAMPLE_PASSWORD", samplePassword);
    if (args.Contains("--sample-data"))
    {
        builder.AddProject("sample-data", "../tools/LeadCrm.SampleData/LeadCrm.SampleData.csproj")
            .WithReference(gateway).WaitFor(gateway)
            .WaitFor(identity).WaitFor(leads).WaitFor(accounts).WaitFor(opportunities).WaitFor(activities).WaitFor(campaigns).WaitFor(capture)
            .WithEnvironment("LEADCRM_SAMPLE_PASSWORD", samplePassword);
    }
}

builder.Build().Run();

IResourceBuilder<ProjectResource> AddService(string name, string project, IResourceBuilder<PostgresDatabaseResource> database, int port) =>
    AddProcess(name, project, database, port).WithReference(rabbitmq).WaitFor(rabbitmq)
        // Lists of two hundred leads live longer than the 16 MB after which the collector would look at them by itself: 48 MB. There is no other way to say it.
        .WithEnvironment("DOTNET_GCgen0size", "0x3000000");

IResourceBuilder<ProjectResource> AddProcess(string name, string project, IResourceBuilder<PostgresDatabaseResource> database, int port) =>
    builder.AddProject(name, project)
        .WithHttpEndpoint(port: port)
        .WithHttpHealthCheck("/health/ready")
        .WithReplicas(replicas)
        .WithReference(database).WaitFor(database)
        .WithEnvironment("LEADCRM_INTERNAL_KEY", internalKey)
        .WithEnvironment("LEADCRM_DATA_KEY", dataKey);

string DataFolder() =>
    Path.GetFullPath(Option("--data") ?? (Environment.GetEnvironmentVariable("LEADCRM_DATA") is { Length: > 0 } folder ? folder : Path.Combine(builder.AppHostDirectory, "..", ".leadcrm")));

string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
