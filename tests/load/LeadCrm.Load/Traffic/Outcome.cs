using System.Globalization;

namespace LeadCrm.Load.Traffic;

/// <summary>What a run of one kind of request came to.</summary>
/// <param name="Requests">Answered requests.</param>
/// <param name="Seconds">How long the run took.</param>
/// <param name="Milliseconds">Latencies, ascending.</param>
/// <param name="Errors">Answers that were not expected, by status; 0 stands for no answer.</param>
/// <param name="Unexplained">Of them, 429 and 503 that do not say when to come back.</param>
internal sealed record Outcome(int Requests, double Seconds, float[] Milliseconds, IReadOnlyDictionary<int, int> Errors, int Unexplained = 0)
{
    /// <summary>Several runs at the same time as one.</summary>
    public static Outcome Of(IReadOnlyList<Outcome> all)
    {
        float[] milliseconds = [.. all.SelectMany(one => one.Milliseconds).Order()];
        var errors = all.SelectMany(one => one.Errors).GroupBy(error => error.Key).ToDictionary(same => same.Key, same => same.Sum(error => error.Value));
        return new Outcome(milliseconds.Length, all.Max(one => one.Seconds), milliseconds, errors, all.Sum(one => one.Unexplained));
    }

    public double PerSecond => (Requests - Errors.Values.Sum()) / Seconds;

    public double At(double share) => Milliseconds.Length == 0 ? double.NaN : Milliseconds[(int)Math.Min(Milliseconds.Length - 1, Milliseconds.Length * share)];

    public string ErrorText => Errors.Count == 0 ? "0" : string.Join(", ", Errors.OrderBy(e => e.Key).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Value} × {e.Key}")));
}
