using LeadCrm.Activities.Items;

namespace LeadCrm.Activities.Notes;

/// <summary>A note as it is read.</summary>
internal sealed record NoteResponse
{
    /// <summary>The note's id.</summary>
    public required Guid Id { get; init; }
    /// <summary>Its version, also its <c>ETag</c>.</summary>
    public required long Version { get; init; }
    /// <inheritdoc cref="NoteInput.Title"/>
    public required string Title { get; init; }
    /// <summary>The text, sanitised: safe to be shown.</summary>
    public required string Html { get; init; }
    /// <inheritdoc cref="NoteInput.IsPrivate"/>
    public required bool IsPrivate { get; init; }
    /// <inheritdoc cref="NoteInput.Related"/>
    public required IReadOnlyList<RelatedRecord> Related { get; init; }
    /// <summary>Its author.</summary>
    public required Guid OwnerId { get; init; }
    /// <summary>The author's name, when known here.</summary>
    public string? OwnerName { get; init; }
    /// <summary>When it was written (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>When it was last changed (UTC).</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>Who changed it last.</summary>
    public Guid? UpdatedBy { get; init; }
}
