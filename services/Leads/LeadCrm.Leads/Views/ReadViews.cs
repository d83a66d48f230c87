using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Views;

/// <summary>Where a view comes from.</summary>
internal enum ViewKind
{
    /// <summary>Everybody has it.</summary>
    BuiltIn,
    /// <summary>It shows a queue.</summary>
    Queue,
    /// <summary>Somebody made it.</summary>
    Saved,
}

/// <summary>A view as it is shown.</summary>
internal sealed record ViewAnswer
{
    /// <summary>What <c>view=</c> takes: a name such as <c>myOpen</c>, <c>queue-ID</c>, or the id of a saved one.</summary>
    public required string Id { get; init; }
    public required ViewKind Kind { get; init; }
    public required string Name { get; init; }
    /// <summary>Raised by every change; always 1 of what nobody can change.</summary>
    public required long Version { get; init; }
    /// <summary>Who made it.</summary>
    public Guid? OwnerId { get; init; }
    public string? OwnerName { get; init; }
    /// <summary>Whether the caller may change and delete it.</summary>
    public required bool MayChange { get; init; }
    /// <summary>Whether the caller wants it at hand.</summary>
    public required bool IsPinned { get; init; }
    /// <summary>Which leads.</summary>
    public required SavedFilter Filter { get; init; }
    /// <summary>As <c>sort=</c> takes it; null: newest first.</summary>
    public string? Sort { get; init; }
    /// <summary>Columns in their order; none: the usual ones.</summary>
    public required IReadOnlyList<string> Columns { get; init; }
    /// <summary>Who else may look through it; null where that cannot be said.</summary>
    public ViewSharing? SharedWith { get; init; }

    internal static ViewAnswer Of(LeadView view, IReadOnlySet<string> pins, IDirectory directory) => new()
    {
        Id = view.Id.ToString(), Kind = ViewKind.Saved, Name = view.Name, Version = view.Version, OwnerId = view.OwnerId, OwnerName = directory.FindUser(view.OwnerId)?.Name,
        MayChange = view.MayBeChangedBy(Actor.Current), IsPinned = pins.Contains(view.Id.ToString()), Filter = view.Filter, Sort = view.Sort, Columns = view.Columns,
        SharedWith = new ViewSharing { Everyone = view.IsForEveryone, UserIds = view.UserIds, TeamIds = view.TeamIds },
    };

    internal static ViewAnswer Of(BuiltInView view, IReadOnlySet<string> pins) => new()
    {
        Id = view.Id, Kind = BuiltInViews.QueueOf(view.Id) is null ? ViewKind.BuiltIn : ViewKind.Queue, Name = view.Name, Version = 1, MayChange = false, IsPinned = pins.Contains(view.Id),
        Filter = view.Filter, Sort = view.Sort, Columns = [],
    };
}

/// <summary>The views that the caller may look through.</summary>
internal static class ReadViews
{
    internal static async Task<Ok<ViewAnswer[]>> List(LeadsDb db, LeadViews views, IDirectory directory, CancellationToken ct)
    {
        var pins = await Pins(db, ct);
        var saved = await views.Saved.AsNoTracking().OrderBy(view => view.Name).ThenBy(view => view.Id).Take(1_000).ToListAsync(ct);
        return TypedResults.Ok<ViewAnswer[]>([.. (await views.BuiltIn(ct)).Select(view => ViewAnswer.Of(view, pins)), .. saved.Select(view => ViewAnswer.Of(view, pins, directory))]);
    }

    internal static async Task<Results<VersionedOk<ViewAnswer>, ProblemHttpResult>> One(string id, LeadsDb db, LeadViews views, IDirectory directory, CancellationToken ct)
    {
        var pins = await Pins(db, ct);
        if (Guid.TryParseExact(id, "D", out var savedId))
            return await views.FindSaved(savedId, ct) is { } saved ? Answers.Ok(ViewAnswer.Of(saved, pins, directory), saved.Version) : Problems.NotFound();
        return (await views.BuiltIn(ct)).FirstOrDefault(one => one.Id == id) is { } known ? Answers.Ok(ViewAnswer.Of(known, pins), 1) : Problems.NotFound();
    }

    /// <summary>What the caller wants at hand.</summary>
    internal static async Task<IReadOnlySet<string>> Pins(LeadsDb db, CancellationToken ct) =>
        await db.Set<LeadViewPin>().Where(pin => pin.UserId == Actor.Current.UserId).Select(pin => pin.View).ToHashSetAsync(ct);
}
