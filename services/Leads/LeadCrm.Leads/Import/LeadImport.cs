using LeadCrm.Leads.Data;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.Import;

/// <summary>
/// A file of leads on its way in. The file lies in the database in pieces, so that any replica can go on where another one stopped;
/// <see cref="RowsRead"/> is the durable checkpoint, committed together with the leads of the rows before it.
/// </summary>
internal sealed class LeadImport : ILeasedJob
{
    private LeadImport() { }

    public LeadImport(Guid id, string fileName, Guid createdBy, string createdByName, DateTimeOffset now)
    {
        Id = id;
        FileName = fileName;
        CreatedById = createdBy;
        CreatedByName = createdByName;
        CreatedAt = now;
        State = ImportState.Uploading;
    }

    public Guid Id { get; private set; }
    public string FileName { get; private set; } = "";
    public Guid CreatedById { get; private set; }
    public string CreatedByName { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }
    public ImportState State { get; private set; }

    public long Size { get; private set; }
    public string Encoding { get; private set; } = "utf-8";
    public string Delimiter { get; private set; } = ",";
    public IReadOnlyList<string> Headers { get; private set; } = [];
    public IReadOnlyList<string[]> Samples { get; private set; } = [];
    public ImportPlan? Plan { get; private set; }

    public ImportPhase Phase { get; private set; }
    public DateTimeOffset? QueuedAt { get; private set; }
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? FinishedAt { get; private set; }
    public long RowsRead { get; private set; }
    public long RowsCreated { get; private set; }
    public long RowsFailed { get; private set; }
    public long BytesRead { get; private set; }
    public bool CancelRequested { get; private set; }
    public string? Problem { get; private set; }

    /// <summary>The replica that runs it, until <see cref="LeaseUntil"/> by the database's clock.</summary>
    public Guid? LeaseOwner { get; private set; }
    public DateTimeOffset? LeaseUntil { get; private set; }
    /// <summary>Runs since the last commit that moved the checkpoint; too many mean that it cannot.</summary>
    public int Attempts { get; private set; }

    public bool IsFinished => State is ImportState.Completed or ImportState.Refused or ImportState.Failed or ImportState.Cancelled;

    public void Uploaded(long size, string encoding, char delimiter, IReadOnlyList<string> headers, IReadOnlyList<string[]> samples)
    {
        State = ImportState.Ready;
        Size = size;
        Encoding = encoding;
        Delimiter = delimiter.ToString();
        Headers = headers;
        Samples = samples;
    }

    /// <summary>Puts the import into the line. A finished trial may be followed by the real run.</summary>
    public void Start(ImportPlan plan, DateTimeOffset now)
    {
        if (!(State == ImportState.Ready || (IsFinished && Plan is { DryRun: true })))
            throw new DomainRuleException("import-started", "This import has been started already.").With("state", State);
        Plan = plan;
        Phase = plan.DryRun || plan.AllOrNothing ? ImportPhase.Checking : ImportPhase.Writing;
        State = ImportState.Queued;
        QueuedAt = now;
        (StartedAt, FinishedAt, Problem, CancelRequested, Attempts) = (null, null, null, false, 0);
        (RowsRead, RowsCreated, RowsFailed, BytesRead) = (0, 0, 0, 0);
    }

    /// <summary>Stops the import after the chunk that is being written; what was imported stays.</summary>
    public void Cancel(DateTimeOffset now)
    {
        if (IsFinished) throw new DomainRuleException("import-finished", "This import is over.").With("state", State);
        CancelRequested = true;
        if (State == ImportState.Running) return;
        State = ImportState.Cancelled;
        FinishedAt = now;
    }
}

/// <summary>Where an import stands.</summary>
internal enum ImportState
{
    /// <summary>The file is coming in.</summary>
    Uploading,
    /// <summary>The file is there and waits for its mapping.</summary>
    Ready,
    /// <summary>Waits for a replica to take it.</summary>
    Queued,
    /// <summary>Runs.</summary>
    Running,
    /// <summary>Done; rows with errors are in the error file.</summary>
    Completed,
    /// <summary>All-or-nothing, and some rows have errors: nothing was imported.</summary>
    Refused,
    /// <summary>The file could not be read, or the import could not go on.</summary>
    Failed,
    /// <summary>Stopped by a user; what was imported before stays.</summary>
    Cancelled,
}

/// <summary>What a run does with the rows.</summary>
internal enum ImportPhase
{
    /// <summary>Writes leads.</summary>
    Writing,
    /// <summary>Only checks them.</summary>
    Checking,
}

/// <summary>What the user wants done with the file.</summary>
internal sealed record ImportPlan
{
    /// <summary>Column → field. Columns that are not here are kept with the lead as they are.</summary>
    public required IReadOnlyDictionary<string, string> Mapping { get; init; }
    /// <summary>Field → value, for rows whose own cell is empty.</summary>
    public IReadOnlyDictionary<string, string> Defaults { get; init; } = new Dictionary<string, string>();
    /// <summary>Cells that mean "nothing", such as <c>Select</c> or <c>n/a</c>; case does not matter.</summary>
    public IReadOnlyList<string> EmptyValues { get; init; } = [];
    /// <summary>True: one bad row and nothing is imported.</summary>
    public bool AllOrNothing { get; init; }
    /// <summary>True: rows are only checked.</summary>
    public bool DryRun { get; init; }
}

/// <summary>A mapping that somebody kept for the next file of the same shape.</summary>
internal sealed class SavedMapping
{
    private SavedMapping() { }

    public SavedMapping(Guid id, string name, ImportPlan plan, Guid createdBy, DateTimeOffset now)
    {
        Id = id;
        Name = name;
        Plan = plan;
        CreatedById = createdBy;
        CreatedAt = now;
    }

    public Guid Id { get; private set; }
    public string Name { get; private set; } = "";
    public ImportPlan Plan { get; private set; } = null!;
    public Guid CreatedById { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
}

/// <summary>A piece of an uploaded file.</summary>
internal sealed class ImportChunk
{
    public Guid ImportId { get; init; }
    public int No { get; init; }
    public byte[] Bytes { get; init; } = [];
}

/// <summary>A row that could not be imported, as it stood in the file.</summary>
internal sealed class ImportError
{
    public Guid ImportId { get; init; }
    /// <summary>The row as a spreadsheet counts: the header is row 1.</summary>
    public long Row { get; init; }
    /// <summary>Stable code, such as <c>invalid:email</c>.</summary>
    public string Code { get; init; } = "";
    public string Message { get; init; } = "";
    public string[] Cells { get; init; } = [];
}

internal sealed class LeadImportMapping :
    IEntityTypeConfiguration<LeadImport>, IEntityTypeConfiguration<SavedMapping>, IEntityTypeConfiguration<ImportChunk>, IEntityTypeConfiguration<ImportError>
{
    public void Configure(EntityTypeBuilder<LeadImport> import)
    {
        import.ToTable("imports");
        import.HasKey(i => i.Id);
        import.Property(i => i.Id).ValueGeneratedNever();
        import.Property(i => i.State).HasConversion<string>();
        import.Property(i => i.Phase).HasConversion<string>();
        import.Property(i => i.Headers).HasColumnType("text[]");
        import.Property(i => i.Samples).IsJson();
        import.Property(i => i.Plan).IsJson();
        import.Ignore(i => i.IsFinished);
        import.HasIndex(i => i.QueuedAt).HasFilter("state in ('Queued', 'Running')");
        import.HasIndex(i => new { i.CreatedAt, i.Id });
    }

    public void Configure(EntityTypeBuilder<SavedMapping> mapping)
    {
        mapping.ToTable("import_mappings");
        mapping.HasKey(m => m.Id);
        mapping.Property(m => m.Id).ValueGeneratedNever();
        mapping.Property(m => m.Plan).IsJson();
        mapping.HasIndex(m => m.Name).IsUnique();
    }

    public void Configure(EntityTypeBuilder<ImportChunk> chunk)
    {
        chunk.ToTable("import_chunks");
        chunk.HasKey(c => new { c.ImportId, c.No });
        chunk.HasOne<LeadImport>().WithMany().HasForeignKey(c => c.ImportId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<ImportError> error)
    {
        error.ToTable("import_errors");
        error.HasKey(e => new { e.ImportId, e.Row });
        error.HasOne<LeadImport>().WithMany().HasForeignKey(e => e.ImportId).OnDelete(DeleteBehavior.Cascade);
    }
}
