using System.Diagnostics.Metrics;

namespace LeadCrm.Identity.Sessions;

/// <summary>How many sign-ins succeed and how many are refused, by reason: a rise of refusals is an attack or an outage of a password manager.</summary>
internal sealed class SignInMetrics : IDisposable
{
    public const string MeterName = "LeadCrm.Identity";

    private readonly Meter meter;
    private readonly Counter<long> succeeded;
    private readonly Counter<long> refused;

    public SignInMetrics(IMeterFactory meters)
    {
        meter = meters.Create(MeterName);
        succeeded = meter.CreateCounter<long>("leadcrm.identity.sign_ins", "{sign-in}", "Sign-ins that succeeded");
        refused = meter.CreateCounter<long>("leadcrm.identity.sign_in_failures", "{sign-in}", "Sign-ins that were refused, by reason");
    }

    public void SignedIn() => succeeded.Add(1);

    public void Refused(string reason) => refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Dispose() => meter.Dispose();
}
