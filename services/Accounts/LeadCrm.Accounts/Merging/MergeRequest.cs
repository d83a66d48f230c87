using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Accounts.Merging;

/// <summary>A merge as it is asked for: into the record of the path, whose version is in <c>If-Match</c>.</summary>
internal sealed record MergeRequest
{
    internal const int MostRecords = 10;

    /// <summary>The records that become it: one to nine.</summary>
    public required IReadOnlyList<Line> Records { get; init; }
    /// <summary>By field, the record whose value it is to have, the survivor included; a field that is not named keeps the survivor's value, or gets the first one that there is.</summary>
    public IReadOnlyDictionary<string, Guid>? Fields { get; init; }

    /// <param name="Id">A record that becomes the survivor.</param>
    /// <param name="Version">Its version, as it was read.</param>
    internal sealed record Line(Guid Id, long Version);

    /// <summary>422 unless it names other records than the survivor, each once, and not too many.</summary>
    public Guid[] Check(Guid survivorId)
    {
        var errors = new FieldErrors();
        if (Records is null || Records.Count is 0 or >= MostRecords || Records.Any(line => line is null)) errors.Add("records", $"Name 1 to {MostRecords - 1} records that become this one.");
        foreach (var (index, line) in (Records ?? []).Where(line => line is not null).Index())
        {
            if (line.Id == survivorId) errors.Add($"records[{index}].id", "A record cannot be merged into itself.");
            else if (Records!.Count(other => other?.Id == line.Id) > 1) errors.Add($"records[{index}].id", "A record is named once.");
        }
        errors.ThrowIfAny();
        return [.. Records!.Select(line => line.Id)];
    }

    /// <summary>412 when one of the records has changed since it was read.</summary>
    public void CheckVersions(Func<Guid, long> versionOf)
    {
        foreach (var line in Records) Versions.Check(line.Version, versionOf(line.Id));
    }
}

/// <summary>A merge and what it did.</summary>
internal sealed record MergeResponse
{
    /// <summary>The merge.</summary>
    public required Guid Id { get; init; }
    /// <summary><c>account</c> or <c>contact</c>.</summary>
    public required string RecordType { get; init; }
    /// <summary>The record that stays.</summary>
    public required Guid SurvivorId { get; init; }
    /// <summary>Those that became it.</summary>
    public required IReadOnlyList<Guid> MergedIds { get; init; }
    /// <summary>Fields of the survivor that the merge changed.</summary>
    public required IReadOnlyList<Field> Fields { get; init; }
    /// <summary>How many references of accounts and contacts followed.</summary>
    public required int References { get; init; }
    public required DateTimeOffset At { get; init; }
    public Guid? ById { get; init; }
    /// <summary>Until when it can be undone.</summary>
    public required DateTimeOffset UndoUntil { get; init; }
    public DateTimeOffset? UndoneAt { get; init; }
    public Guid? UndoneById { get; init; }

    /// <param name="Name">The field.</param>
    /// <param name="From">The record whose value it got; null: put together from several.</param>
    /// <param name="Outcome">After an undo: <c>restored</c>, or <c>kept</c> where somebody has changed it since.</param>
    internal sealed record Field(string Name, Guid? From, string? Outcome = null);

    public static MergeResponse Of(RecordMerge merge, MergeOptions options, IReadOnlySet<string>? kept = null) => new()
    {
        Id = merge.Id, RecordType = merge.RecordType, SurvivorId = merge.SurvivorId, MergedIds = merge.LoserIds, References = merge.Audit.Repointed.Count,
        Fields = [.. merge.Audit.Fields.Select(field => new Field(field.Field, field.From, kept is null ? null : kept.Contains(field.Field) ? "kept" : "restored"))],
        At = merge.At, ById = merge.ById, UndoUntil = merge.At + options.UndoWithin, UndoneAt = merge.UndoneAt, UndoneById = merge.UndoneById,
    };
}
