using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.Views;

/// <summary>
/// A list of leads that somebody keeps under a name (VW2): which leads, in which order, with which columns. It holds no leads: whoever looks through it sees what
/// the filter leaves of the leads that he or she may see (VW3).
/// </summary>
internal sealed class LeadView : IVersioned, ITracked
{
    private LeadView() { }

    public LeadView(Guid id, Guid ownerId, DateTimeOffset now) => (Id, OwnerId, CreatedAt) = (id, ownerId, now);

    public Guid Id { get; private set; }
    public long Version { get; private set; } = 1;
    public string Name { get; private set; } = "";

    /// <summary>Who made it, and may change it.</summary>
    public Guid OwnerId { get; private set; }

    public SavedFilter Filter { get; private set; } = SavedFilter.Everything;

    /// <summary>As <c>sort=</c> takes it; null: the list's own.</summary>
    public string? Sort { get; private set; }

    /// <summary>The columns in their order; none: the usual ones.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    public bool IsForEveryone { get; private set; }

    /// <summary>Who else may look through it.</summary>
    public IReadOnlyList<Guid> UserIds { get; private set; } = [];

    /// <summary>Whose members may, and those of the teams below.</summary>
    public IReadOnlyList<Guid> TeamIds { get; private set; } = [];

    [NotInHistory] public DateTimeOffset CreatedAt { get; private set; }

    public bool IsShared => IsForEveryone || UserIds.Count > 0 || TeamIds.Count > 0;

    /// <summary>Its owner may; of a shared view also who sets the system up, so that one whose owner has gone can be mended.</summary>
    public bool MayBeChangedBy(Actor actor) => OwnerId == actor.UserId || (IsShared && actor.Has("setup.manage"));

    public void Describe(ViewDetails details)
    {
        (Name, Filter, Sort) = (details.Name.Trim(), details.Filter, string.IsNullOrWhiteSpace(details.Sort) ? null : details.Sort.Trim());
        Columns = [.. (details.Columns ?? []).Distinct()];
        var shared = details.SharedWith ?? new();
        (IsForEveryone, UserIds, TeamIds) = (shared.Everyone, [.. (shared.UserIds ?? []).Distinct()], [.. (shared.TeamIds ?? []).Distinct()]);
    }
}

/// <summary>A view as it is sent.</summary>
internal sealed record ViewDetails
{
    /// <summary>Name, unique among one's own.</summary>
    public required string Name { get; init; }
    /// <summary>Which leads.</summary>
    public SavedFilter Filter { get; init; } = SavedFilter.Everything;
    /// <summary>As <c>sort=</c> takes it, such as <c>-score,lastName</c>; left out: newest first.</summary>
    public string? Sort { get; init; }
    /// <summary>Columns in their order, named as the members of the list's items, <c>custom.key</c> for custom fields; left out: the usual ones.</summary>
    public IReadOnlyList<string>? Columns { get; init; }
    /// <summary>Who else may look through it; left out: nobody.</summary>
    public ViewSharing? SharedWith { get; init; }
}

/// <summary>Who else may look through a view. What each of them sees are the leads that they may see anyway.</summary>
internal sealed record ViewSharing
{
    /// <summary>Everybody who may read leads.</summary>
    public bool Everyone { get; init; }
    /// <summary>These users.</summary>
    public IReadOnlyList<Guid>? UserIds { get; init; }
    /// <summary>Members of these teams and of the teams below them.</summary>
    public IReadOnlyList<Guid>? TeamIds { get; init; }
}

/// <summary>A view that somebody wants at hand. Built-in ones too, so it is told by what <c>view=</c> takes.</summary>
internal sealed class LeadViewPin
{
    public Guid UserId { get; init; }
    public string View { get; init; } = "";
}

internal sealed class LeadViewMapping : IEntityTypeConfiguration<LeadView>, IEntityTypeConfiguration<LeadViewPin>
{
    public void Configure(EntityTypeBuilder<LeadView> view)
    {
        view.ToTable("lead_views");
        view.HasKey(v => v.Id);
        view.Property(v => v.Id).ValueGeneratedNever();
        view.Ignore(v => v.IsShared);
        view.Property(v => v.Filter).IsJson();
        view.Property(v => v.Columns).HasColumnType("text[]");
        view.Property(v => v.UserIds).HasColumnType("uuid[]");
        view.Property(v => v.TeamIds).HasColumnType("uuid[]");
        view.HasIndex(v => new { v.OwnerId, v.Name }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<LeadViewPin> pin)
    {
        pin.ToTable("lead_view_pins");
        pin.HasKey(p => new { p.UserId, p.View });
    }
}
