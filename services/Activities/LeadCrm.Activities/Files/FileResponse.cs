using LeadCrm.Activities.Items;

namespace LeadCrm.Activities.Files;

/// <summary>A file as it is read.</summary>
internal sealed record FileResponse
{
    /// <summary>The file's id.</summary>
    public required Guid Id { get; init; }
    /// <summary>Its version, also its <c>ETag</c>.</summary>
    public required long Version { get; init; }
    /// <inheritdoc cref="FileInput.Name"/>
    public required string Name { get; init; }
    /// <summary>What its bytes say it is.</summary>
    public required string MediaType { get; init; }
    /// <summary>Bytes.</summary>
    public required long Size { get; init; }
    /// <summary>SHA-256 of its content, in hex.</summary>
    public required string Sha256 { get; init; }
    /// <summary>Number of its newest version.</summary>
    public required int VersionNumber { get; init; }
    /// <summary>Whether there is a small picture of it.</summary>
    public required bool HasThumbnail { get; init; }
    /// <inheritdoc cref="FileInput.Related"/>
    public IReadOnlyList<RelatedRecord> Related { get; init; } = [];
    /// <summary>Who brought it.</summary>
    public required Guid OwnerId { get; init; }
    /// <summary>Name of who brought it, when known here.</summary>
    public string? OwnerName { get; init; }
    /// <summary>When it was uploaded (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>When it was last changed (UTC).</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
