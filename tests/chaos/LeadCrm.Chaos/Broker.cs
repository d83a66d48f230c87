using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LeadCrm.Chaos;

/// <summary>Asks the system's own RabbitMQ node what its queues hold, with the program that comes with it.</summary>
internal static class Broker
{
    private static readonly string[] Programs = ["/usr/lib/rabbitmq/bin/rabbitmqctl", "/usr/local/lib/rabbitmq/bin/rabbitmqctl"];

    /// <summary>Queues that hold messages, delivered and not yet acknowledged ones included.</summary>
    public static async Task<IReadOnlyList<(string Name, long Messages)>> Queues(DisturbedSystem system)
    {
        var program = Programs.First(File.Exists);
        var instance = (await File.ReadAllTextAsync(Path.Combine(system.DataFolder, "instance-id"))).Trim();
        var ports = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(system.DataFolder, "ports.json")))!;
        var start = new ProcessStartInfo(program, ["-n", $"leadcrm-{instance}@localhost", "-q", "list_queues", "name", "messages", "--no-table-headers"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = Path.GetFullPath(Path.Combine(system.DataFolder, "rabbitmq"));   // its cookie lies there
        start.Environment["ERL_EPMD_PORT"] = $"{ports["rabbitmq-epmd"]}";
        start.Environment["ERL_EPMD_ADDRESS"] = "127.0.0.1";
        start.Environment["RABBITMQ_CONF_ENV_FILE"] = "/dev/null";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(deadline.Token);
        if (process.ExitCode != 0) throw new InvalidOperationException($"rabbitmqctl: {await errors}");
        return
        [
            .. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Where(line => line.Length == 2)
                .Select(line => (line[0], long.Parse(line[1], CultureInfo.InvariantCulture))).Where(queue => queue.Item2 > 0),
        ];
    }
}
