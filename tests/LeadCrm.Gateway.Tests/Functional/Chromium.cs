using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.Testing;

namespace LeadCrm.Gateway.Tests.Functional;

/// <summary>
/// A real browser without a window, steered over its debugging protocol: enough to open a page, look at it, click and type, and to hear
/// what the browser complains about.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly Process process;
    private readonly string profile;
    private readonly ClientWebSocket socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> waiting = new();
    private readonly SemaphoreSlim sending = new(1, 1);
    private Task listening = Task.CompletedTask;
    private int lastId;

    private Chromium(Process process, string profile) => (this.process, this.profile) = (process, profile);

    /// <summary>The browser on this machine, if there is one; <c>LEADCRM_CHROMIUM</c> names another.</summary>
    public static string? Program => Environment.GetEnvironmentVariable("LEADCRM_CHROMIUM") is { Length: > 0 } named ? named : Programs.FirstOrDefault(File.Exists);

    /// <summary>Errors on the console, refused scripts and styles, exceptions.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Addresses that the page asked for.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<Chromium> Start()
    {
        var profile = Directory.CreateTempSubdirectory("leadcrm-chromium-").FullName;
        var process = Process.Start(new ProcessStartInfo(Program!,
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--window-size=1400,900", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var browser = new Chromium(process, profile);
        await browser.Connect();
        return browser;
    }

    public Task Open(Uri url) => Send("Page.navigate", new JsonObject { ["url"] = url.ToString() });

    /// <summary>The value of an expression in the page; a promise is waited for.</summary>
    public async Task<JsonNode?> Evaluate(string expression)
    {
        var answer = await Send("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        if (answer["exceptionDetails"] is { } exception) throw new InvalidOperationException($"{expression}: {exception.ToJsonString()}");
        return answer["result"]?["value"];
    }

    /// <summary>Waits until an expression in the page is true.</summary>
    public Task Until(string expression, string what) => Eventually.Is(async () => (await Evaluate($"Boolean({expression})"))!.GetValue<bool>(), what);

    /// <summary>Types into what has the focus.</summary>
    public Task Type(string text) => Send("Input.insertText", new JsonObject { ["text"] = text });

    public async ValueTask DisposeAsync()
    {
        socket.Abort();
        await listening;
        socket.Dispose();
        sending.Dispose();
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(profile, recursive: true);
    }

    private async Task Connect()
    {
        var file = Path.Combine(profile, "DevToolsActivePort");   // written once the browser listens
        var port = "";
        await Eventually.Is(() =>
        {
            port = File.Exists(file) ? File.ReadLines(file).FirstOrDefault() ?? "" : "";
            return Task.FromResult(port.Length > 0);
        }, "the browser listens");
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);

        using var http = new HttpClient();
        var pages = JsonNode.Parse(await http.GetStringAsync($"http://127.0.0.1:{port}/json/list"))!.AsArray();
        await socket.ConnectAsync(new Uri(pages.First(page => (string?)page!["type"] == "page")!["webSocketDebuggerUrl"]!.GetValue<string>()), CancellationToken.None);
        listening = Listen();
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" }) await Send($"{domain}.enable", []);
    }

    private async Task<JsonNode> Send(string method, JsonObject parameters)
    {
        var id = Interlocked.Increment(ref lastId);
        var answer = waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = Encoding.UTF8.GetBytes(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString());
        await sending.WaitAsync();
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            sending.Release();
        }
        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private async Task Listen()
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (true)
            {
                using var message = new MemoryStream();
                ValueWebSocketReceiveResult received;
                do
                {
                    received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                    message.Write(buffer, 0, received.Count);
                }
                while (!received.EndOfMessage);
                if (received.MessageType == WebSocketMessageType.Close) return;
                Take(JsonNode.Parse(message.ToArray())!);
            }
        }
        catch (Exception ex) when (ex is WebSocketException or OperationCanceledException or JsonException or ObjectDisposedException)
        {
            foreach (var answer in waiting.Values) answer.TrySetException(new InvalidOperationException("The browser is gone.", ex));
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is { } id)
        {
            if (!waiting.TryRemove(id.GetValue<int>(), out var answer)) return;
            if (message["error"] is { } error) answer.SetException(new InvalidOperationException(error.ToJsonString()));
            else answer.SetResult(message["result"]!.DeepClone());
            return;
        }
        var parameters = message["params"];
        switch ((string?)message["method"])
        {
            case "Log.entryAdded" when (string?)parameters!["entry"]!["level"] == "error":
                Complaints.Enqueue(parameters["entry"]!["text"]!.GetValue<string>());
                break;
            case "Runtime.exceptionThrown":
                Complaints.Enqueue(parameters!["exceptionDetails"]!.ToJsonString());
                break;
            case "Network.requestWillBeSent":
                Requests.Enqueue(parameters!["request"]!["url"]!.GetValue<string>());
                break;
        }
    }
}
