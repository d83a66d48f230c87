namespace LeadCrm.Activities.Items;

/// <summary>A record of another service that something hangs on.</summary>
/// <param name="Type"><c>lead</c>, <c>account</c>, <c>contact</c>, <c>opportunity</c> or <c>campaign</c>.</param>
/// <param name="Id">The record's id.</param>
internal sealed record RecordRef(string Type, Guid Id) : IComparable<RecordRef>
{
    /// <summary>The order in which records are locked, the same everywhere.</summary>
    public int CompareTo(RecordRef? other)
    {
        if (other is null) return 1;
        var byType = string.CompareOrdinal(Type, other.Type);
        return byType != 0 ? byType : Id.CompareTo(other.Id);
    }

    public static bool operator <(RecordRef left, RecordRef right) => left.CompareTo(right) < 0;
    public static bool operator >(RecordRef left, RecordRef right) => left.CompareTo(right) > 0;
    public static bool operator <=(RecordRef left, RecordRef right) => left.CompareTo(right) <= 0;
    public static bool operator >=(RecordRef left, RecordRef right) => left.CompareTo(right) >= 0;
}

/// <summary>The types of records that something can hang on.</summary>
internal static class RecordTypes
{
    internal const string Lead = "lead";
    internal const string Account = "account";
    internal const string Contact = "contact";
    internal const string Opportunity = "opportunity";
    internal const string Campaign = "campaign";

    internal static readonly string[] All = [Lead, Account, Contact, Opportunity, Campaign];

    /// <summary>Whether the record is a person; an activity relates to one of them at most (AV1).</summary>
    internal static bool IsPerson(string type) => type is Lead or Contact;

    /// <summary>The permission to <c>read</c> or <c>edit</c> records of a type.</summary>
    internal static string Permission(string type, string action) => type == Opportunity ? $"opportunities.{action}" : $"{type}s.{action}";
}
