using System.Globalization;

namespace LeadCrm.Load.Traffic;

/// <summary>What a run of one kind of request came to.</summary>
/// <param name="Requests">Answered requests.</param>
/// <param name="Seconds">How long the run took.</param>
/// <param name="Milliseconds">Latencies, ascending.</param>
/// <param name="Errors">Answers that were not expected, by status; 0 stands for no answer.</param>
internal sealed record Outcome(int Requests, double Seconds, float[] Milliseconds, IReadOnlyDictionary<int, int> Errors)
{
    public double PerSecond => (Requests - Errors.Values.Sum()) / Seconds;

    public double At(double share) => Milliseconds.Length == 0 ? double.NaN : Milliseconds[(int)Math.Min(Milliseconds.Length - 1, Milliseconds.Length * share)];

    public string ErrorText => Errors.Count == 0 ? "0" : string.Join(", ", Errors.OrderBy(e => e.Key).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Value} × {e.Key}")));
}
