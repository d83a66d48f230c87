using System.Text.Json.Nodes;
using LeadCrm.Leads.BulkConversions;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.AutoConversion;

/// <summary>When a lead is converted without anybody asking (C38): all conditions that are given must hold, and the conversion is somebody's.</summary>
internal sealed class AutoConversionRule : IVersioned, ITracked
{
    private AutoConversionRule() { }

    public AutoConversionRule(Guid id) => Id = id;

    public Guid Id { get; private set; }
    public long Version { get; private set; } = 1;
    public string Name { get; private set; } = "";
    public bool IsActive { get; private set; }

    /// <summary>The least score; null: any.</summary>
    public int? MinScore { get; private set; }

    /// <summary>The grades; empty: any.</summary>
    public IReadOnlyList<string> Grades { get; private set; } = [];

    /// <summary>The statuses; empty: any that is not converted.</summary>
    public IReadOnlyList<Guid> StatusIds { get; private set; } = [];

    /// <summary>Who converts: with this user's rights, and as this user in the history.</summary>
    public Guid ActingUserId { get; private set; }

    /// <summary>The conversion request that each lead gets.</summary>
    public JsonObject? Defaults { get; private set; }

    /// <summary>What to do about records that may be the same.</summary>
    public DuplicatePolicy OnDuplicate { get; private set; } = new();

    public void Describe(AutoConversionRuleDetails details)
    {
        (Name, IsActive, MinScore, ActingUserId) = (details.Name.Trim(), details.IsActive, details.MinScore, details.ActingUserId);
        Grades = [.. (details.Grades ?? []).Distinct()];
        StatusIds = [.. (details.StatusIds ?? []).Distinct()];
        Defaults = details.Defaults;
        OnDuplicate = details.OnDuplicate ?? new();
    }
}

/// <summary>A rule as it is sent.</summary>
internal sealed record AutoConversionRuleDetails
{
    /// <summary>Name, unique.</summary>
    public required string Name { get; init; }
    /// <summary>False: it converts nothing.</summary>
    public bool IsActive { get; init; } = true;
    /// <summary>The least score, 0 to 100; left out: any.</summary>
    public int? MinScore { get; init; }
    /// <summary>Grades; left out: any.</summary>
    public IReadOnlyList<string>? Grades { get; init; }
    /// <summary>Statuses, none of them a converted one; left out: any.</summary>
    public IReadOnlyList<Guid>? StatusIds { get; init; }
    /// <summary>Who converts: a user who may convert leads.</summary>
    public required Guid ActingUserId { get; init; }
    /// <summary>What each lead gets: the members of a single conversion's request.</summary>
    public JsonObject? Defaults { get; init; }
    /// <summary>What to do about records that may be the same.</summary>
    public DuplicatePolicy? OnDuplicate { get; init; }
}

/// <summary>
/// A lead that a rule has taken on, in one state of the lead. The state is what rules look at: status, score and grade. So a lead that could not be
/// converted is tried again when it has become another one, or the rule has, and never because of the attempt itself.
/// </summary>
internal sealed class AutoConversionAttempt
{
    public Guid RuleId { get; init; }
    public Guid LeadId { get; init; }
    public string LeadState { get; init; } = "";
    public Guid BulkConversionId { get; init; }
    public DateTimeOffset At { get; init; }
}

internal sealed class AutoConversionMapping : IEntityTypeConfiguration<AutoConversionRule>, IEntityTypeConfiguration<AutoConversionAttempt>
{
    public void Configure(EntityTypeBuilder<AutoConversionRule> rule)
    {
        rule.ToTable("auto_conversion_rules");
        rule.HasKey(r => r.Id);
        rule.Property(r => r.Id).ValueGeneratedNever();
        rule.Property(r => r.Version).IsConcurrencyToken();
        rule.Property(r => r.Grades).HasColumnType("text[]");
        rule.Property(r => r.StatusIds).HasColumnType("uuid[]");
        rule.Property(r => r.Defaults).IsJson();
        rule.Property(r => r.OnDuplicate).IsJson();
        rule.HasIndex(r => r.Name).IsUnique();
    }

    public void Configure(EntityTypeBuilder<AutoConversionAttempt> attempt)
    {
        attempt.ToTable("auto_conversion_attempts");
        attempt.HasKey(a => new { a.LeadId, a.RuleId, a.LeadState });
        attempt.HasOne<AutoConversionRule>().WithMany().HasForeignKey(a => a.RuleId).OnDelete(DeleteBehavior.Cascade);
        attempt.HasOne<Lead>().WithMany().HasForeignKey(a => a.LeadId).OnDelete(DeleteBehavior.Cascade);
        attempt.HasIndex(a => a.RuleId);
    }
}
