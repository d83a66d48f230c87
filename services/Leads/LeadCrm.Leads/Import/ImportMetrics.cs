using System.Diagnostics.Metrics;

namespace LeadCrm.Leads.Import;

/// <summary>Rows that imports have dealt with.</summary>
internal sealed class ImportMetrics(IMeterFactory meters)
{
    private readonly Counter<long> rows = meters.Create("LeadCrm.Leads").CreateCounter<long>("leadcrm.import.rows", description: "Rows of imports, by outcome");

    internal void RowsDone(long created, long failed)
    {
        if (created > 0) rows.Add(created, new KeyValuePair<string, object?>("outcome", "created"));
        if (failed > 0) rows.Add(failed, new KeyValuePair<string, object?>("outcome", "failed"));
    }
}
