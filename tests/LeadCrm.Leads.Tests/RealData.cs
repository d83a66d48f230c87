using Xunit;

namespace LeadCrm.Leads.Tests;

/// <summary>Data that others wrote, in the folder that <c>LEADCRM_REAL_DATA</c> names; without it such a test is skipped, and says so.</summary>
internal static class RealData
{
    internal static string Path(params string[] parts)
    {
        var folder = Environment.GetEnvironmentVariable("LEADCRM_REAL_DATA");
        Assert.SkipUnless(folder is { Length: > 0 } && Directory.Exists(folder), "LEADCRM_REAL_DATA names no folder with real data.");
        return System.IO.Path.Combine([System.IO.Path.GetFullPath(folder!), .. parts]);
    }
}
