using System.ComponentModel.DataAnnotations;

namespace LeadCrm.Leads.BulkChanges;

/// <summary>What an operator may change about changes of many leads (section <c>BulkChange</c>).</summary>
internal sealed class BulkChangeOptions
{
    public const string Section = "BulkChange";

    /// <summary>Leads that are changed together, in one commit.</summary>
    [Range(1, 500)]
    public int Chunk { get; set; } = 200;

    /// <summary>Jobs that one replica runs at the same time.</summary>
    [Range(1, 16)]
    public int AtOnce { get; set; } = 2;

    /// <summary>How often a replica without work looks for some.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>After this long without a sign of life another replica takes a job over.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);
}
