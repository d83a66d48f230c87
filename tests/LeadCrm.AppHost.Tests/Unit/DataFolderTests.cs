using System.Net;
using System.Net.Sockets;
using LeadCrm.AppHost.Embedded;
using LeadCrm.AppHost.Embedded.Processes;
using Shouldly;
using Xunit;

namespace LeadCrm.AppHost.Tests.Unit;

public sealed class DataFolderTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Secrets_are_readable_by_their_owner_only_and_stay_the_same()
    {
        string first;
        using (var folder = DataFolder.Open(_scratch["data"]))
        {
            first = new Secrets(folder).Password("postgres");
        }

        using var again = DataFolder.Open(_scratch["data"]);

        new Secrets(again).Password("postgres").ShouldBe(first);
        new Secrets(again).Password("rabbitmq").ShouldNotBe(first);
        File.GetUnixFileMode(_scratch["data/secrets.json"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void The_state_file_is_readable_by_its_owner_only()
    {
        using var folder = DataFolder.Open(_scratch["data"]);

        folder.Write("state.json", new HostState("id", 1, Ready: true, 1, [], [], []));

        File.GetUnixFileMode(folder.StatePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void A_folder_in_use_is_refused_with_a_line_that_says_what_to_do()
    {
        using var folder = DataFolder.Open(_scratch["data"]);

        Should.Throw<HostException>(() => DataFolder.Open(_scratch["data"])).Message.ShouldContain("--data");
    }

    [Fact]
    public void Each_folder_is_an_installation_of_its_own()
    {
        using var one = DataFolder.Open(_scratch["one"]);
        using var two = DataFolder.Open(_scratch["two"]);

        one.InstanceId.ShouldNotBe(two.InstanceId);
    }

    [Fact]
    public void The_preferred_port_is_taken_when_it_is_free_and_another_one_when_it_is_not()
    {
        using var folder = DataFolder.Open(_scratch["data"]);
        using var ports = new Ports(folder);
        var free = FreePort();

        ports.Pick("a", free).ShouldBe(free);
        ports.Pick("b", free).ShouldBe(free + 100);
    }

    [Fact]
    public void Ports_are_remembered_from_start_to_start()
    {
        using var folder = DataFolder.Open(_scratch["data"]);
        int moved;
        using (var stranger = new TcpListener(IPAddress.Loopback, FreePort()))
        {
            stranger.Start();
            using var ports = new Ports(folder);
            moved = ports.Pick("a", ((IPEndPoint)stranger.LocalEndpoint).Port);
        }

        using var later = new Ports(folder);
        later.Pick("a", moved - 100).ShouldBe(moved);
    }

    [Fact]
    public void A_picked_port_is_held_until_it_is_released()
    {
        using var folder = DataFolder.Open(_scratch["data"]);
        using var ports = new Ports(folder);
        var port = ports.Pick("a", FreePort());

        Should.Throw<SocketException>(() => Listen(port));
        ports.Release("a");
        Should.NotThrow(() => Listen(port));
    }

    [Fact]
    public void A_port_that_was_handed_over_is_no_other_instances_until_its_host_ends()
    {
        using var mine = DataFolder.Open(_scratch["mine"]);
        using var others = DataFolder.Open(_scratch["others"]);
        using var later = new Ports(others);
        int port;
        using (var ports = new Ports(mine))
        {
            port = ports.Pick("a", FreePort());
            ports.Release("a");   // its process does not listen yet

            later.Pick("b", port).ShouldBe(port + 100);
        }

        later.Pick("c", port).ShouldBe(port);
    }

    [Fact]
    public void Lines_carry_their_resources_name_and_no_colours_when_there_is_no_terminal()
    {
        var console = new StringWriter();
        using var log = new HostLog(console, colours: false, folder: null);

        log.Write("leads", "\e[31mred\e[0m alert");

        console.ToString().ShouldBe($"leads    | red alert{Environment.NewLine}");
    }

    [Fact]
    public void A_disk_without_space_stops_nobody_who_reads_what_processes_say()
    {
        var folder = Directory.CreateDirectory(_scratch["logs"]).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "leads.log"), "/dev/full");   // every write there fails as on a full disk
        using var full = new StreamWriter(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)) { AutoFlush = true };
        using var log = new HostLog(full, colours: false, folder);

        log.Write("leads", "lost");
        log.Write("accounts", "kept");

        File.ReadAllText(Path.Combine(folder, "accounts.log")).ShouldBe($"kept{Environment.NewLine}");
    }

    [Fact]
    public void On_a_terminal_each_resource_has_its_colour()
    {
        var console = new StringWriter();
        using var log = new HostLog(console, colours: true, folder: null);

        log.Write("leads", "one");
        log.Write("accounts", "two");

        var prefixes = console.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l[..5]).ToArray();
        prefixes.ShouldAllBe(p => p.StartsWith("\e[", StringComparison.Ordinal));
        prefixes.Distinct().Count().ShouldBe(2);
    }

    private static void Listen(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
    }

    /// <summary>Below the range that the kernel hands out, with a free one 100 above it.</summary>
    private static int FreePort()
    {
        bool IsFree(int port)
        {
            try
            {
                Listen(port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }

        return Enumerable.Range(0, 200).Select(i => Random.Shared.Next(20_000, 31_000)).First(p => IsFree(p) && IsFree(p + 100));
    }
}
