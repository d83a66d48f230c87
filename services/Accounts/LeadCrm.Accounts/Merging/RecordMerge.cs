using System.Text.Json;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Accounts.Merging;

/// <summary>Several accounts, or several contacts, became one (AC4), and what it takes to make them several again.</summary>
internal sealed class RecordMerge
{
    public Guid Id { get; init; }
    /// <summary><c>account</c> or <c>contact</c>.</summary>
    public string RecordType { get; init; } = "";
    /// <summary>The record that stays.</summary>
    public Guid SurvivorId { get; init; }
    /// <summary>Those that became it.</summary>
    public Guid[] LoserIds { get; init; } = [];
    public DateTimeOffset At { get; init; }
    public Guid? ById { get; init; }
    public MergeAudit Audit { get; init; } = new();
    /// <summary>When it was undone; null while it holds.</summary>
    public DateTimeOffset? UndoneAt { get; private set; }
    public Guid? UndoneById { get; private set; }

    /// <summary>409 unless it can still be undone: once, within the time for it.</summary>
    public void Undo(TimeSpan within, Guid? actorId, DateTimeOffset now)
    {
        if (UndoneAt is not null) throw new DomainRuleException("merge-undone", "This merge was undone already.");
        if (now - At > within) throw new DomainRuleException("merge-too-old", $"A merge can be undone for {within.TotalDays:0.#} days. This one is older.");
        (UndoneAt, UndoneById) = (now, actorId);
    }
}

/// <summary>What a merge changed.</summary>
internal sealed record MergeAudit
{
    /// <summary>Fields of the survivor.</summary>
    public IReadOnlyList<MergedField> Fields { get; init; } = [];
    /// <summary>What the others had and no two records can have: as it was.</summary>
    public IReadOnlyList<GivenUp> GivenUp { get; init; } = [];
    /// <summary>What pointed to the others and points to the survivor.</summary>
    public IReadOnlyList<Repointed> Repointed { get; init; } = [];
}

/// <summary>A field of the survivor that the merge changed; values as the API writes them.</summary>
/// <param name="Field">Name in the API.</param>
/// <param name="From">The record whose value it is; null: put together from several.</param>
/// <param name="Before">The value before.</param>
/// <param name="After">The value since.</param>
internal sealed record MergedField(string Field, Guid? From, JsonElement? Before, JsonElement? After);

/// <summary>A record that became another one, with what it had to give up for that.</summary>
internal sealed record GivenUp(Guid Id, string? ExternalId, string? Custom);

/// <summary>A reference that follows the survivor.</summary>
/// <param name="RecordType">The record that has it: <c>account</c> or <c>contact</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Field">The reference.</param>
/// <param name="Before">What it was, as JSON.</param>
/// <param name="After">What it became.</param>
internal sealed record Repointed(string RecordType, Guid Id, string Field, string? Before, string? After);

/// <summary>How long merges can be undone (section <c>Merges</c>).</summary>
internal sealed class MergeOptions
{
    public const string Section = "Merges";

    /// <summary>After this time a merge is for good. Records leave the recycle bin after <c>RecycleBin:KeepFor</c>, and with them the way back.</summary>
    public TimeSpan UndoWithin { get; set; } = TimeSpan.FromDays(30);
}

/// <summary>How merges are stored.</summary>
internal sealed class RecordMergeMapping : IEntityTypeConfiguration<RecordMerge>
{
    public void Configure(EntityTypeBuilder<RecordMerge> merge)
    {
        merge.ToTable("record_merges");
        merge.HasKey(m => m.Id);
        merge.Property(m => m.Id).ValueGeneratedNever();
        merge.Property(m => m.Audit).HasColumnType("jsonb").HasConversion(
            audit => JsonSerializer.Serialize(audit, Json.Options), text => JsonSerializer.Deserialize<MergeAudit>(text, Json.Options)!);
        merge.HasIndex(m => new { m.SurvivorId, m.At });
        merge.HasIndex(m => m.LoserIds).HasMethod("gin").HasFilter("undone_at is null");
    }
}
