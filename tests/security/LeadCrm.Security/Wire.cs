using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace LeadCrm.Security;

/// <summary>
/// Connections to one address of the system. The gateway gives each client address a budget; who attacks from many machines has many. Here
/// they are the addresses 127.0.0.2 and so on, of which each serves some hundred requests: the limits stay on.
/// </summary>
public sealed class Wire : IDisposable
{
    private const int RequestsPerAddress = 100;
    private static int nextAddress;
    private readonly Uri target;
    private readonly bool manyAddresses;
    private readonly Lock gate = new();
    private readonly List<HttpClient> retired = [];
    private HttpClient client;
    private int used;

    public Wire(Uri target, bool manyAddresses = false)
    {
        this.target = target;
        this.manyAddresses = manyAddresses;
        client = New();
    }

    /// <summary>Sends, and reads at most 2 MB within 20 seconds.</summary>
    public async Task<Answer> Send(string method, string address, Action<HttpRequestMessage>? prepare = null, CancellationToken ct = default)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(target, address));
        prepare?.Invoke(request);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        using var answer = await Client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        var type = answer.Content.Headers.ContentType?.MediaType;
        var text = type == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync(deadline.Token);
        return new Answer((int)answer.StatusCode, type, text, answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public void Dispose()
    {
        client.Dispose();
        foreach (var old in retired) old.Dispose();
    }

    /// <summary>A body of the type that the operation takes.</summary>
    public static HttpContent Body(string text, string type)
    {
        var content = new StringContent(text, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    /// <summary>The next address of this machine that nobody has used yet in this run.</summary>
    public static IPAddress NextAddress()
    {
        var number = Interlocked.Increment(ref nextAddress);
        return new IPAddress([127, (byte)(1 + number / 62_500 % 250), (byte)(1 + number / 250 % 250), (byte)(2 + number % 250)]);
    }

    private HttpClient Client()
    {
        if (!manyAddresses) return client;
        lock (gate)
        {
            if (++used % RequestsPerAddress == 0)
            {
                retired.Add(client);
                client = New();
            }
            return client;
        }
    }

    private HttpClient New()
    {
        var from = manyAddresses ? NextAddress() : IPAddress.Loopback;
        var handler = new SocketsHttpHandler
        {
            UseCookies = false, UseProxy = false, AllowAutoRedirect = false, MaxConnectionsPerServer = 16,
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    socket.Bind(new IPEndPoint(from, 0));
                    await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), ct);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
    }
}
