using System.Diagnostics;
using LeadCrm.AppHost.Embedded;
using LeadCrm.AppHost.Embedded.Processes;

namespace LeadCrm.AppHost.Tests;

/// <summary>A folder of a test's own, removed afterwards, that every account may pass through.</summary>
internal sealed class Scratch : IDisposable
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public Scratch() => Directory.CreateDirectory(Path, Open);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"leadcrm-apphost-{Guid.NewGuid().ToString("N")[..8]}");

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Where things lie.</summary>
internal static class Checkout
{
    public static string Configuration { get; } = AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";

    public static string Root { get; } = Find();

    public static string TestApp => Path.Combine(Root, "tests", "LeadCrm.AppHost.TestApp", "LeadCrm.AppHost.TestApp.csproj");

    public static string Host => Path.Combine(Root, "LeadCrm.AppHost", "bin", Configuration, "net10.0", "LeadCrm.AppHost.dll");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "LeadCrm.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}

/// <summary>The application host as a process with native servers only (<c>--test-servers</c>), as another account when asked for.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly List<string> _output = [];
    private readonly string _data;
    private readonly Process _process;

    public HostProcess(string data, Account? runAs = null)
    {
        _data = data;
        var launch = new Launch("dotnet", ["exec", Checkout.Host, "--test-servers", "--stop-with-stdin", "--data", data])
        {
            RunAs = runAs,
            Environment = new Dictionary<string, string> { ["HOME"] = runAs is null ? Environment.GetEnvironmentVariable("HOME") ?? "/" : Path.GetDirectoryName(data)!, ["LEADCRM_HOME"] = Checkout.Root },
        };
        _process = launch.Start(keepInput: true);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    public Task<HostState> Ready() => Testing.Eventually.Get(
        () =>
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The host ended with code {_process.ExitCode}:\n{Output}");
            }

            return Task.FromResult(State() is { Ready: true } state ? state : null);
        },
        $"the host is ready; it said:\n{Output}",
        TimeSpan.FromMinutes(3));

    /// <summary>What this host wrote; a killed one's file does not count.</summary>
    public HostState? State()
    {
        try
        {
            var state = System.Text.Json.JsonSerializer.Deserialize<HostState>(File.ReadAllBytes(Path.Combine(_data, "state.json")), System.Text.Json.JsonSerializerOptions.Web)!;
            return state.HostPid == _process.Id ? state : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Kill()
    {
        Libc.Signal(_process.Id, Libc.SigKill);
        _process.WaitForExit();
    }

    public int Stop(int signal)
    {
        Libc.Signal(_process.Id, signal);
        return _process.WaitForExit(TimeSpan.FromMinutes(1)) ? _process.ExitCode : throw new TimeoutException($"The host did not stop:\n{Output}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromMinutes(1)))
            {
                Kill();
            }
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.Add(line ?? "");
        }
    }
}
