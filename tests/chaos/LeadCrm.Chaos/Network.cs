using System.Globalization;
using System.Text.Json.Nodes;
using LeadCrm.Chaos.Faults;

namespace LeadCrm.Chaos;

/// <summary>
/// The network between the processes of a system: each service reaches PostgreSQL, the broker and every other service by a line that can be made slow, lossy, frozen or cut. The lines
/// are there before the services are, which LeadCrm.Detours, loaded by .NET when they start, tells of them.
/// </summary>
internal sealed class Network : IAsyncDisposable
{
    public const string FileVariable = "CHAOS_DETOURS";
    private const string Database = "postgres", Broker = "rabbitmq";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly string[] Services = ["identity", "leads", "accounts", "opportunities", "activities", "campaigns", "capture"];
    private static readonly LineQuality Far = new(TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(10));
    private readonly Dictionary<string, Line> lines = [];

    /// <summary>Lays the lines as soon as a system that starts says where everything will be, and waits until it is well.</summary>
    public static async Task<Network> Lay(string dataFolder, string file, CancellationToken ct)
    {
        var network = new Network();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Patience);
        string[] wanted = [Database, Broker, .. Services];
        var (ports, state) = (Path.Combine(dataFolder, "ports.json"), Path.Combine(dataFolder, "state.json"));
        JsonNode? known = null;
        while (!(File.Exists(ports) && (known = JsonNode.Parse(await File.ReadAllTextAsync(ports, deadline.Token))) is not null && wanted.All(name => known[name] is not null))) await Task.Delay(20, deadline.Token);
        foreach (var name in wanted) network.lines[name] = new Line(known![name]!.GetValue<int>());
        await File.WriteAllLinesAsync(file + ".new", wanted.Select(name => string.Create(CultureInfo.InvariantCulture, $"{known![name]} {network.lines[name].Port}")), deadline.Token);
        File.Move(file + ".new", file);
        while (!(File.Exists(state) && JsonNode.Parse(await File.ReadAllTextAsync(state, deadline.Token))?["ready"]?.GetValue<bool>() == true)) await Task.Delay(200, deadline.Token);
        return network;
    }

    /// <summary>What is done to it, one after the other.</summary>
    public IReadOnlyList<Stage> Stages(TimeSpan each) =>
    [
        Quality("every line 50 ± 20 ms there and back", lines.Keys, Far, each),
        Quality("the same, and 1 % of the packets lost", lines.Keys, Far with { Loss = 0.01 }, each),
        Quality("the same, and 5 % lost", lines.Keys, Far with { Loss = 0.05 }, each),
        Quality("PostgreSQL alone 200 ± 50 ms there and back", [Database], new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(25)), each),
        Cut("the broker's connections cut every 3 s", [Broker], each),
        Cut("PostgreSQL's connections cut every 3 s", [Database], each),
        Cut("the connections between services cut every 3 s", Services, each),
        Frozen("nothing gets through to the broker", [Broker], each),
        Frozen("nothing gets through to PostgreSQL", [Database], each),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var line in lines.Values) await line.DisposeAsync();
    }

    private Stage Quality(string name, IEnumerable<string> which, LineQuality quality, TimeSpan each)
    {
        Task Set(LineQuality to)
        {
            foreach (var line in which) lines[line].Quality = to;
            return Task.CompletedTask;
        }
        return new Stage(name, each, () => Set(quality), () => Set(LineQuality.Good));
    }

    private Stage Cut(string name, string[] which, TimeSpan each)
    {
        var (enough, cutting) = (new CancellationTokenSource(), Task.CompletedTask);
        async Task Cutting()
        {
            while (!enough.IsCancellationRequested)
            {
                foreach (var line in which) lines[line].Cut();
                await Task.Delay(TimeSpan.FromSeconds(3), enough.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
        return new Stage(name, each, () =>
        {
            cutting = Cutting();
            return Task.CompletedTask;
        }, async () =>
        {
            await enough.CancelAsync();
            await cutting;
            enough.Dispose();
        });
    }

    private Stage Frozen(string name, string[] which, TimeSpan each)
    {
        Task All(Action<Line> what)
        {
            foreach (var line in which) what(lines[line]);
            return Task.CompletedTask;
        }
        return new Stage(name, each, () => All(line => line.Freeze()), () => All(line => line.GoOn()));
    }
}
