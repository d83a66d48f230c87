using Aspire.Hosting.ApplicationModel;
using LeadCrm.AppHost.Embedded.Servers;

namespace LeadCrm.AppHost.Embedded;

/// <summary>Where everything is and how one signs in there: settled before anything starts, so that resources may refer to each other in circles.</summary>
internal sealed class Addresses
{
    private const int ConnectionsPerCopy = 110;   // what the pools of all services and the gateway may take together

    private readonly Ports _ports;

    public Addresses(IReadOnlyList<IResource> model, HostOptions options, DataFolder folder, Ports ports, Secrets secrets)
    {
        _ports = ports;
        var mostReplicas = model.OfType<ProjectResource>().Select(project => project.Replicas).DefaultIfEmpty(1).Max();
        var settings = new PostgresSettings { Durable = options.Durable, MaxConnections = options.MaxConnections + (ConnectionsPerCopy * (mostReplicas - 1)) };
        foreach (var resource in model)
        {
            switch (resource)
            {
                case ProjectResource { HasHttpEndpoint: true } project:
                    Plan(project);
                    break;
                case PostgresServerResource postgres:
                    Postgres[postgres] = new PostgresServer(ports.Pick(postgres.Name, postgres.PreferredPort ?? 5420), secrets.Password($"{postgres.Name}-superuser"), settings);
                    ConnectionStrings[postgres] = Postgres[postgres].AdminConnectionString;
                    break;
                case PostgresDatabaseResource database:
                    ConnectionStrings[database] = Postgres[database.Parent].ConnectionString(
                        database.DatabaseName, database.DatabaseName, secrets.Password(database.Name));
                    break;
                case RabbitMQServerResource rabbit:
                    RabbitMq[rabbit] = new RabbitMqNode(folder, Plan(rabbit), secrets);
                    ConnectionStrings[rabbit] = RabbitMq[rabbit].ConnectionString;
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>By the names of processes.</summary>
    public Dictionary<string, string> Urls { get; } = [];

    public Dictionary<IResource, string> ConnectionStrings { get; } = [];

    public Dictionary<IResource, PostgresServer> Postgres { get; } = [];

    public Dictionary<IResource, RabbitMqNode> RabbitMq { get; } = [];

    public Dictionary<string, string> ConnectionStringsByName() => ConnectionStrings.ToDictionary(c => c.Key.Name, c => c.Value);

    private void Plan(ProjectResource project)
    {
        var preferred = project.PreferredPort ?? 5490;
        Urls[project.Name] = Address(_ports.Pick(project.Name, preferred));
        foreach (var (number, copy) in project.Processes.Index().Where(c => c.Item != project.Name))
        {
            Urls[copy] = Address(_ports.Pick(copy, preferred + 30 + (10 * number)));
        }
    }

    private RabbitMqPorts Plan(RabbitMQServerResource rabbit)
    {
        var preferred = rabbit.PreferredPort ?? 5421;
        var ports = new RabbitMqPorts(
            _ports.Pick(rabbit.Name, preferred),
            _ports.Pick($"{rabbit.Name}-distribution", preferred + 1),
            _ports.Pick($"{rabbit.Name}-epmd", preferred + 2),
            rabbit.Management ? _ports.Pick($"{rabbit.Name}-management", rabbit.ManagementPort ?? 5424) : null);
        if (ports.Management is { } management)
        {
            Urls[$"{rabbit.Name}-management"] = Address(management);
        }

        return ports;
    }

    private static string Address(int port) => $"http://127.0.0.1:{port}";
}
