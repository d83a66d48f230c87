namespace LeadCrm.AppHost.Embedded.Processes;

/// <summary>An account of this machine.</summary>
internal sealed record Account(string Name, int UserId, int GroupId)
{
    /// <summary>
    /// PostgreSQL refuses to run as root. The accounts tried are its own, then the one that the RabbitMQ package brings;
    /// LEADCRM_RUN_AS names another. Null for an ordinary user, who needs none.
    /// </summary>
    public static Account? ForUnprivilegedServers()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        string[] names = Environment.GetEnvironmentVariable("LEADCRM_RUN_AS") is { Length: > 0 } wanted ? [wanted] : ["postgres", "rabbitmq", "nobody"];
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':'))
            .Where(f => f.Length >= 4).DistinctBy(f => f[0])
            .ToDictionary(f => f[0], f => new Account(f[0], int.Parse(f[2]), int.Parse(f[3])), StringComparer.Ordinal);
        return names.Select(n => accounts.GetValueOrDefault(n)).FirstOrDefault(a => a is { UserId: not 0 })
            ?? throw new HostException($"PostgreSQL does not run as root and none of these accounts exists: {string.Join(", ", names)}. Set LEADCRM_RUN_AS to an unprivileged account.");
    }

    /// <summary>Whether the account can reach a folder through all folders above it.</summary>
    public async Task<bool> CanEnter(string folder, CancellationToken ct)
    {
        using var process = new Launch("test", ["-x", folder]) { RunAs = this }.Start();
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0;
    }

    public Task TakeOver(string path, CancellationToken ct) => new Launch("chown", ["-R", $"{UserId}:{GroupId}", path]).RunToEnd(ct);
}
