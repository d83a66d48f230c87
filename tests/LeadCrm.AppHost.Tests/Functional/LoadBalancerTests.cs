using System.Net;
using System.Net.Sockets;
using System.Text;
using LeadCrm.AppHost.Embedded;
using LeadCrm.AppHost.Embedded.Processes;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.AppHost.Tests.Functional;

/// <summary>One address in front of several: who gets a connection, and what becomes of it when somebody dies. Over real sockets.</summary>
public sealed class LoadBalancerTests : IAsyncDisposable
{
    private readonly int _port = FreePort();
    private readonly LoadBalancer _balancer;
    private readonly List<EchoServer> _servers = [];

    public LoadBalancerTests() => _balancer = new LoadBalancer("test", _port, _ => { });

    public async ValueTask DisposeAsync()
    {
        await _balancer.DisposeAsync();
        foreach (var server in _servers)
        {
            server.Dispose();
        }
    }

    [Fact]
    public async Task Connections_go_in_turn_to_the_one_with_the_fewest()
    {
        Add("one");
        Add("two");
        using var first = await Connect();
        using var second = await Connect();
        using var third = await Connect();
        using var fourth = await Connect();

        string[] names = [await Ask(first), await Ask(second), await Ask(third), await Ask(fourth)];
        names.Order().ShouldBe(["one", "one", "two", "two"]);
        _balancer.Open.ShouldBe([2, 2]);

        // Two of the same one go: the next two connections are its.
        var gone = names[0];
        foreach (var (client, name) in new[] { first, second, third, fourth }.Zip(names))
        {
            if (name == gone)
            {
                client.Dispose();
            }
        }

        await Eventually.Is(() => Task.FromResult(_balancer.Open.Sum() == 2), "the balancer has noticed");
        using var fifth = await Connect();
        using var sixth = await Connect();
        new[] { await Ask(fifth), await Ask(sixth) }.ShouldBe([gone, gone]);
    }

    [Fact]
    public async Task While_nobody_runs_connections_are_refused_and_then_they_are_not()
    {
        var one = Add("one", ProcessState.Starting);
        (await Should.ThrowAsync<SocketException>(Connect)).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);

        Become(one, ProcessState.Healthy);
        using (var client = await Connect())
        {
            (await Ask(client)).ShouldBe("one");
        }

        Become(one, ProcessState.Restarting);
        (await Should.ThrowAsync<SocketException>(Connect)).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    [Fact]
    public async Task One_that_does_not_do_well_gets_nothing_unless_nobody_does()
    {
        var one = Add("one", ProcessState.Unhealthy);
        var two = Add("two");
        for (var i = 0; i < 4; i++)
        {
            using var client = await Connect();
            (await Ask(client)).ShouldBe("two");
        }

        Become(two, ProcessState.Unhealthy);
        using var either = await Connect();
        (await Ask(either)).ShouldBeOneOf("one", "two");
        Become(one, ProcessState.Healthy);
        using var best = await Connect();
        (await Ask(best)).ShouldBe("one");
    }

    [Fact]
    public async Task One_that_has_just_died_is_passed_over()
    {
        var one = Add("one");
        Add("two");
        one.Dispose();   // nobody has told the balancer yet

        for (var i = 0; i < 4; i++)
        {
            using var client = await Connect();
            (await Ask(client)).ShouldBe("two");
        }
    }

    [Fact]
    public async Task A_connection_ends_at_once_when_its_server_dies()
    {
        var one = Add("one");
        using var client = await Connect();
        (await Ask(client)).ShouldBe("one");

        one.Break();

        var read = async () => await client.ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<SocketException>(read)).SocketErrorCode.ShouldBe(SocketError.ConnectionReset, "an answer that was cut short must not look whole");
    }

    [Fact]
    public async Task What_a_server_sent_before_it_closed_arrives_whole_however_slowly_it_is_read()
    {
        var one = Add("one");
        using var client = await Connect();
        client.ReceiveBufferSize = 8 * 1024;
        await client.SendAsync(Encoding.ASCII.GetBytes("flood\n"));

        var total = 0;
        var buffer = new byte[64 * 1024];
        while (await client.ReceiveAsync(buffer) is var read and > 0)
        {
            total += read;
            await Task.Yield();
        }

        total.ShouldBe(EchoServer.FloodBytes);
        one.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task When_it_stops_it_breaks_off_what_is_open()
    {
        Add("one");
        using var client = await Connect();
        (await Ask(client)).ShouldBe("one");

        await _balancer.DisposeAsync();

        await Should.ThrowAsync<SocketException>(async () => await client.ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));
        (await Should.ThrowAsync<SocketException>(Connect)).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    private EchoServer Add(string name, ProcessState state = ProcessState.Healthy)
    {
        var server = new EchoServer(name) { State = state };
        _servers.Add(server);
        _balancer.Add(server.Port, () => server.State);
        _balancer.Refresh();
        return server;
    }

    private void Become(EchoServer server, ProcessState state)
    {
        server.State = state;
        _balancer.Refresh();
    }

    private async Task<Socket> Connect()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, _port, TestContext.Current.CancellationToken);
        return client;
    }

    private static async Task<string> Ask(Socket client)
    {
        await client.SendAsync(Encoding.ASCII.GetBytes("who\n"));
        var answer = new byte[64];
        var read = await client.ReceiveAsync(answer).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(answer, 0, read).Trim();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Says its name when asked who it is; sends a lot and closes when asked for a flood.</summary>
    private sealed class EchoServer : IDisposable
    {
        public const int FloodBytes = 4 * 1024 * 1024;

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<Socket> _connections = [];
        private readonly string _name;

        public EchoServer(string name)
        {
            _name = name;
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _ = Accept();
        }

        public int Port { get; }

        public ProcessState State { get; set; }

        public int Accepted { get; private set; }

        /// <summary>As the kernel does for a process that is killed with something unread.</summary>
        public void Break()
        {
            foreach (var connection in _connections)
            {
                connection.Close(0);
            }
        }

        public void Dispose()
        {
            _listener.Stop();
            Break();
        }

        private async Task Accept()
        {
            try
            {
                while (true)
                {
                    var connection = await _listener.AcceptSocketAsync();
                    Accepted++;
                    _connections.Add(connection);
                    _ = Answer(connection);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // stopped
            }
        }

        private async Task Answer(Socket connection)
        {
            try
            {
                var question = new byte[64];
                while (await connection.ReceiveAsync(question) is var read and > 0)
                {
                    if (Encoding.ASCII.GetString(question, 0, read) == "flood\n")
                    {
                        var sent = 0;
                        var flood = new byte[FloodBytes];
                        while (sent < flood.Length)
                        {
                            sent += await connection.SendAsync(flood.AsMemory(sent));
                        }

                        connection.Dispose();
                        return;
                    }

                    await connection.SendAsync(Encoding.ASCII.GetBytes(_name + "\n"));
                }

                connection.Dispose();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // broken
            }
        }
    }
}
