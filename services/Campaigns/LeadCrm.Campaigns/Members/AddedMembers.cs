using LeadCrm.Campaigns.Campaigns;

namespace LeadCrm.Campaigns.Members;

/// <summary>What adding many members came to. Whoever could be added is a member, whatever became of the others.</summary>
internal sealed record AddedMembers
{
    /// <summary>New members.</summary>
    public required int Added { get; init; }
    /// <summary>Members before, or named twice.</summary>
    public required int AlreadyMembers { get; init; }
    /// <summary>Not there, or not for you to see.</summary>
    public required int NotFound { get; init; }
    /// <summary>Lines that could not be understood; only of files.</summary>
    public int Invalid { get; init; }
    /// <summary>Who was not added, in order.</summary>
    public required IReadOnlyList<Skipped> NotAdded { get; init; }

    /// <summary>Counts the outcomes; <paramref name="refused"/> are lines that were not even tried.</summary>
    public static AddedMembers Of(IReadOnlyList<(long Line, string Person)> tried, IReadOnlyList<Joined> outcomes, IReadOnlyList<Skipped>? refused = null)
    {
        var skipped = tried.Zip(outcomes).Where(t => t.Second != Joined.Added).Select(t => t.Second == Joined.AlreadyMember
            ? new Skipped(t.First.Line, t.First.Person, SkipReason.AlreadyMember, "Is a member already.")
            : new Skipped(t.First.Line, t.First.Person, SkipReason.NotFound, "There is no such lead or contact, or you may not see it."));
        return new AddedMembers
        {
            Added = outcomes.Count(o => o == Joined.Added), AlreadyMembers = outcomes.Count(o => o == Joined.AlreadyMember),
            NotFound = outcomes.Count(o => o == Joined.NotFound) + (refused?.Count(r => r.Reason == SkipReason.NotFound) ?? 0),
            Invalid = refused?.Count(r => r.Reason == SkipReason.Invalid) ?? 0,
            NotAdded = [.. skipped.Concat(refused ?? []).OrderBy(s => s.Line)],
        };
    }
}

/// <summary>Somebody who was not added.</summary>
/// <param name="Line">Place in the list, or line of the file.</param>
/// <param name="Person">Id or e-mail as it was given.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">Why, as a sentence.</param>
internal sealed record Skipped(long Line, string Person, SkipReason Reason, string Message);

/// <summary>Why somebody was not added.</summary>
internal enum SkipReason
{
    /// <summary>Is a member already, or was named before.</summary>
    AlreadyMember,
    /// <summary>Not there, or not for the caller to see.</summary>
    NotFound,
    /// <summary>The line could not be understood.</summary>
    Invalid,
}
