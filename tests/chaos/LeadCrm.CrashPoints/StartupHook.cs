using LeadCrm.CrashPoints;

/// <summary>
/// What .NET calls before the Main of a process for which <c>DOTNET_STARTUP_HOOKS</c> names this assembly. The services are what they always are; they are only told to
/// let this assembly add to their own registrations, ahead of them.
/// </summary>
#pragma warning disable CA1050, MA0047 // it is found by this name, in no namespace
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Crash.Folder is null || Crash.Service is null || !HasDatabase()) return;
        Environment.SetEnvironmentVariable("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", typeof(StartupHook).Assembly.GetName().Name);
    }

    /// <summary>Of the processes of a system only services use EF Core; into the others nothing is loaded.</summary>
    private static bool HasDatabase()
    {
        var known = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES");
        return known is not null && known.Contains("/Microsoft.EntityFrameworkCore.Relational.dll", StringComparison.Ordinal);
    }
}
