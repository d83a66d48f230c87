namespace LeadCrm.Gateway.Overload;

/// <summary>How much this replica of the gateway lets through at once (configuration section <c>Gateway:Admission</c>).</summary>
internal sealed class AdmissionOptions
{
    /// <summary>Requests that are worked on at the same time. The default suits services and databases on as many cores as the gateway sees.</summary>
    public int AtOnce { get; set; } = 32 * Environment.ProcessorCount;

    /// <summary>Requests that wait for a place; who comes when all are taken is turned away at once.</summary>
    public int Waiting { get; set; } = 256;

    /// <summary>How long one waits for a place before it is turned away.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a request counts. What takes longer (uploads, event streams, conversions that are waited for) waits for something else than this machine, and is to keep
    /// nobody out.
    /// </summary>
    public TimeSpan CountedFor { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether the numbers make sense; asked at the start.</summary>
    public static bool AreValid(AdmissionOptions options) =>
        options is { AtOnce: > 0, Waiting: >= 0 } && options.Patience >= TimeSpan.Zero && options.CountedFor > TimeSpan.Zero;
}
