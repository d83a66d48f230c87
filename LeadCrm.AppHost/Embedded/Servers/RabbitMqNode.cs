using System.Net.Sockets;
using LeadCrm.AppHost.Embedded.Processes;

namespace LeadCrm.AppHost.Embedded.Servers;

/// <summary>The ports of one RabbitMQ node; management only where its plug-in is wanted.</summary>
internal sealed record RabbitMqPorts(int Amqp, int Distribution, int NameServer, int? Management = null);

/// <summary>
/// A RabbitMQ node of our own from the distribution's package: own data, name, ports, cookie and credentials, and its own Erlang
/// name server (epmd), everything on 127.0.0.1. It shares nothing with a broker that the system may run.
/// </summary>
internal sealed class RabbitMqNode(DataFolder folder, RabbitMqPorts ports, Secrets secrets)
{
    public const string User = "leadcrm";

    private static readonly string[] Programs = ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/local/lib/rabbitmq/bin/rabbitmq-server"];

    private readonly string _password = secrets.Password("rabbitmq");

    public string Password => _password;

    /// <summary>In Aspire's form; no path means the virtual host "/".</summary>
    public string ConnectionString => $"amqp://{User}:{_password}@127.0.0.1:{ports.Amqp}";

    /// <summary>Erlang's name server; without one of our own the node would start, and leave behind, a shared one.</summary>
    public ProcessPlan NameServerPlan(string name) => new(name, _ => Task.FromResult(NameServer()))
    {
        Probe = ct => AnswersNames(ports.NameServer, ct),
        StopPatience = TimeSpan.FromSeconds(3),
    };

    public ProcessPlan Plan(string name) => new(name, _ => Task.FromResult(Prepare()))
    {
        Probe = SpeaksAmqp,
        StopPatience = TimeSpan.FromSeconds(30),
    };

    private static Launch NameServer(int port) => new("epmd", ["-port", $"{port}", "-address", "127.0.0.1"])
    {
        Environment = new Dictionary<string, string> { ["ERL_EPMD_ADDRESS"] = "127.0.0.1", ["ERL_EPMD_PORT"] = $"{port}" },
    };

    private Launch NameServer() => NameServer(ports.NameServer);

    private Launch Prepare()
    {
        var program = Programs.FirstOrDefault(File.Exists)
            ?? throw new HostException("RabbitMQ is missing. Run: sudo apt-get install --no-install-recommends rabbitmq-server");
        var home = folder.Folder("rabbitmq");
        var cookie = Path.Combine(home, ".erlang.cookie");
        DataFolder.WritePrivately(cookie, System.Text.Encoding.ASCII.GetBytes(secrets.Password("rabbitmq-cookie")));
        DataFolder.WritePrivately(Path.Combine(home, "rabbitmq.conf"), System.Text.Encoding.UTF8.GetBytes(Configuration()));
        var plugins = Path.Combine(home, "enabled_plugins");
        DataFolder.WritePrivately(plugins, System.Text.Encoding.ASCII.GetBytes(ports.Management is null ? "[]." : "[rabbitmq_management]."));

        return new Launch("/bin/sh", [program])
        {
            WorkingDirectory = home,
            Environment = new Dictionary<string, string>
            {
                ["HOME"] = home,
                ["RABBITMQ_NODENAME"] = $"leadcrm-{folder.InstanceId}@localhost",
                ["RABBITMQ_CONFIG_FILE"] = Path.Combine(home, "rabbitmq.conf"),
                ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",      // not the settings of the system's broker
                ["RABBITMQ_MNESIA_BASE"] = folder.Folder("rabbitmq", "data"),
                ["RABBITMQ_LOG_BASE"] = folder.Folder("rabbitmq", "log"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = plugins,
                ["RABBITMQ_LOG"] = "warning",
                ["RABBITMQ_DIST_PORT"] = $"{ports.Distribution}",
                ["ERL_EPMD_PORT"] = $"{ports.NameServer}",
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                ["RUNNING_UNDER_SYSTEMD"] = "true",            // the script replaces itself by Erlang: signals and the process id are the node's

                // Erlang's schedulers spin while they wait, which a small machine cannot spare.
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
            },
        };
    }

    private string Configuration() => $"""
        listeners.tcp.default = 127.0.0.1:{ports.Amqp}
        default_user = {User}
        default_pass = {_password}
        log.file = false
        log.console = true
        log.console.level = warning
        log.connection.level = error
        vm_memory_high_watermark.absolute = 1GB
        disk_free_limit.absolute = 200MB
        collect_statistics_interval = 10000
        raft.wal_max_size_bytes = 67108864
        {(ports.Management is { } port ? $"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {port}\nmanagement.disable_stats = true\nmanagement_agent.disable_metrics_collector = true" : "")}
        """;

    /// <summary>A listening port is not enough: the node answers the protocol's greeting only when it has started.</summary>
    private async Task<bool> SpeaksAmqp(CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", ports.Amqp, ct);
        await using var stream = client.GetStream();
        await stream.WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray(), ct);
        var frame = new byte[1];
        var read = await stream.ReadAsync(frame, ct);
        return read == 1 && frame[0] == 1 && (ports.Management is not { } management || await Listens(management, ct));
    }

    /// <summary>Asks epmd which nodes it knows; it complains about a connection that asks nothing.</summary>
    private static async Task<bool> AnswersNames(int port, CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, ct);
        await using var stream = client.GetStream();
        await stream.WriteAsync(new byte[] { 0, 1, (byte)'n' }, ct);
        return await stream.ReadAsync(new byte[64], ct) > 0;
    }

    private static async Task<bool> Listens(int port, CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, ct);
        return true;
    }
}
