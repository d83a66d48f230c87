using System.Diagnostics;

namespace LeadCrm.AppHost.Embedded.Processes;

/// <summary>How to start a program.</summary>
internal sealed record Launch(string FileName, IReadOnlyList<string> Arguments)
{
    private static readonly string[] NotInherited = ["ConnectionStrings__", "services__", "ASPNETCORE_", "DOTNET_ENVIRONMENT", "OTEL_", "RABBITMQ_", "ERL_", "PG", "LEADCRM_", "DASHBOARD__", "ASPIRE_", "Parameters__"];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Another account to run as; only root can do that.</summary>
    public Account? RunAs { get; init; }

    /// <summary>
    /// Starts it in a session of its own: Ctrl-C in the terminal reaches only the host, which stops the others in order.
    /// <c>setsid</c> and <c>setpriv</c> replace themselves, so the process id is the program's.
    /// </summary>
    public Process Start(bool keepInput = false)
    {
        List<string> command = ["setsid"];
        if (RunAs is { } account)
        {
            command.AddRange(["setpriv", $"--reuid={account.UserId}", $"--regid={account.GroupId}", "--clear-groups", "--"]);
        }

        command.Add(FileName);
        var info = new ProcessStartInfo(command[0], command.Skip(1).Concat(Arguments))
        {
            WorkingDirectory = WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        // A setting of the surrounding shell must not change what a resource does.
        foreach (var name in info.Environment.Keys.Where(k => NotInherited.Any(p => k.StartsWith(p, StringComparison.OrdinalIgnoreCase))).ToArray())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in Environment)
        {
            info.Environment[name] = value;
        }

        var process = Process.Start(info) ?? throw new HostException($"{FileName} could not be started.");
        if (!keepInput)
        {
            process.StandardInput.Close();
        }

        return process;
    }

    /// <summary>Runs it to its end and gives what it wrote; a failure carries that too.</summary>
    public async Task<string> RunToEnd(CancellationToken ct, string? input = null)
    {
        using var process = Start(keepInput: true);
        await using var cancelled = ct.Register(() => Libc.Signal(-process.Id, Libc.SigKill));
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0
            ? await output + await errors
            : throw new HostException($"{Path.GetFileName(FileName)} failed with exit code {process.ExitCode}: {(await output + await errors).Trim()}");
    }
}
