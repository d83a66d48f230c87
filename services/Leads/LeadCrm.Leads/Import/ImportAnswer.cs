namespace LeadCrm.Leads.Import;

/// <summary>An import as the API shows it.</summary>
internal sealed record ImportAnswer
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }
    /// <summary>Name of the file.</summary>
    public required string FileName { get; init; }
    /// <summary>Bytes.</summary>
    public required long Size { get; init; }
    /// <summary>How the file is encoded.</summary>
    public required string Encoding { get; init; }
    /// <summary>What parts its columns.</summary>
    public required string Delimiter { get; init; }
    /// <summary>Its columns.</summary>
    public required IReadOnlyList<string> Columns { get; init; }
    /// <summary>Where it stands.</summary>
    public required ImportState State { get; init; }
    /// <summary>Whether rows are being checked or written.</summary>
    public required ImportPhase Phase { get; init; }
    /// <summary>What is done with it.</summary>
    public ImportPlan? Plan { get; init; }
    /// <summary>Rows read so far, the header not counted.</summary>
    public required long RowsRead { get; init; }
    /// <summary>Leads created; in a trial, rows that would become leads.</summary>
    public required long RowsCreated { get; init; }
    /// <summary>Rows with errors.</summary>
    public required long RowsFailed { get; init; }
    /// <summary>0 to 100, by bytes.</summary>
    public required int Percent { get; init; }
    /// <summary>A user asked to stop.</summary>
    public required bool CancelRequested { get; init; }
    /// <summary>Why it failed.</summary>
    public string? Problem { get; init; }
    /// <summary>Where the rows with errors can be had, when there are some.</summary>
    public string? ErrorFile { get; init; }
    /// <summary>Who imported.</summary>
    public required Guid CreatedById { get; init; }
    /// <summary>Their name.</summary>
    public required string CreatedByName { get; init; }
    /// <summary>Uploaded.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Begun.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>Ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    internal static ImportAnswer Of(LeadImport i) => new()
    {
        Id = i.Id, FileName = i.FileName, Size = i.Size, Encoding = i.Encoding, Delimiter = i.Delimiter, Columns = i.Headers, State = i.State, Phase = i.Phase,
        Plan = i.Plan, RowsRead = i.RowsRead, RowsCreated = i.RowsCreated, RowsFailed = i.RowsFailed,
        Percent = i.State == ImportState.Completed ? 100 : i.Size == 0 ? 0 : (int)Math.Min(99, i.BytesRead * 100 / i.Size),
        CancelRequested = i.CancelRequested, Problem = i.Problem, ErrorFile = i.RowsFailed > 0 ? $"/api/leads/imports/{i.Id}/errors.csv" : null,
        CreatedById = i.CreatedById, CreatedByName = i.CreatedByName, CreatedAt = i.CreatedAt, StartedAt = i.StartedAt, FinishedAt = i.FinishedAt,
    };
}
