using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LeadCrm.Leads.Conversion;

/// <summary>What an operator watches: conversions by outcome, how long they take, and how many have been under way for more than a minute.</summary>
internal static class ConversionMetrics
{
    public const string MeterName = "LeadCrm.Conversion";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Conversions =
        Meter.CreateCounter<long>("leadcrm.conversions", "{conversion}", "Conversions that ended, by outcome.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "leadcrm.conversion.duration", "s", "From the request to the end of the saga.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900] });
    private static readonly Counter<long> ResendCount =
        Meter.CreateCounter<long>("leadcrm.conversion.resends", "{message}", "Commands that were sent once more because no answer came.");
    private static readonly Counter<long> Undos =
        Meter.CreateCounter<long>("leadcrm.conversion.undos", "{undo}", "Undos of conversions that ended, by outcome.");
    private static long _old;
    private static readonly ObservableGauge<long> Old = Meter.CreateObservableGauge(
        "leadcrm.conversions.old", () => Interlocked.Read(ref _old), "{conversion}", "Conversions and undos under way for more than a minute.");

    public static void Finished(ConversionState conversion)
    {
        var outcome = new TagList { { "outcome", conversion.Failure is null ? "completed" : Outcome(conversion.Failure) } };
        Conversions.Add(1, outcome);
        Duration.Record((conversion.FinishedAt!.Value - conversion.StartedAt).TotalSeconds, outcome);
    }

    public static void UndoFinished(string outcome) => Undos.Add(1, new TagList { { "outcome", outcome } });

    public static void Resent(int count) => ResendCount.Add(count);

    public static void UnderWayForLong(long count) => Interlocked.Exchange(ref _old, count);

    private static string Outcome(ConversionFailure failure) =>
        failure.Type == ConversionFailures.ProblemTypes.DeadlinePassed ? "deadline" : "refused";
}
