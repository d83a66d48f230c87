using LeadCrm.Accounts.Conversion;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Accounts.ConversionUndo;

/// <summary>Puts back what a conversion filled in a record that stays, where nobody has changed it since (C31, C35).</summary>
internal static class FieldRestoration
{
    /// <summary>Puts back what it can; answers for each field what became of it.</summary>
    public static IReadOnlyList<UndoneField> PutBack<TRecord>(
        string type, Guid id, TRecord record, IReadOnlyList<FillableField<TRecord>> fields, ConversionStep step, IReadOnlyList<ConversionStep> others) where TRecord : class, IHasCustomValues
    {
        List<UndoneField> outcomes = [];
        foreach (var filled in step.Filled.Where(f => f.Changed && f.Record == type))
        {
            var field = fields.Named(filled.Field);
            var restored = string.Equals(field.Read(record), filled.After, StringComparison.Ordinal) && !InheritedBy(filled, others);
            if (restored) field.Write(record, filled.Before);
            outcomes.Add(new UndoneField { RecordType = type, RecordId = id, Field = filled.Field, Outcome = restored ? "restored" : "kept" });
        }
        return outcomes;
    }

    /// <summary>Another conversion brought the same value and found it there: the value, and putting it back, are its business now.</summary>
    private static bool InheritedBy(FilledField filled, IReadOnlyList<ConversionStep> others)
    {
        foreach (var other in others)
        {
            var same = other.Filled.FirstOrDefault(f => f.Record == filled.Record && f.Field == filled.Field && f.After == filled.After);
            if (same is null) continue;
            other.Filled = [.. other.Filled.Select(f => f == same ? f with { Before = filled.Before } : f)];
            return true;
        }
        return false;
    }
}
