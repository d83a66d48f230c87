using System.ComponentModel.DataAnnotations;

namespace LeadCrm.Leads.BulkConversions;

/// <summary>What an operator may change about bulk conversions (section <c>BulkConversion</c>).</summary>
internal sealed class BulkConversionOptions
{
    public const string Section = "BulkConversion";

    /// <summary>Leads that are checked, and begun, together.</summary>
    [Range(1, 500)]
    public int Chunk { get; set; } = 200;

    /// <summary>Leads of one bulk conversion that may be under way at the same time.</summary>
    [Range(1, 10_000)]
    public int UnderWay { get; set; } = 1_000;

    /// <summary>Bulk conversions that one replica runs at the same time.</summary>
    [Range(1, 16)]
    public int AtOnce { get; set; } = 3;

    /// <summary>How often a replica without work looks for bulk conversions to run.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long to wait, when no conversion ends here, before looking what others have ended and whether a user wants it to stop.</summary>
    public TimeSpan Look { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>After this long without a sign of life another replica takes a bulk conversion over.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);
}
