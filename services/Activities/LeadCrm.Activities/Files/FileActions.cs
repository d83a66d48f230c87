using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Activities.Files;

/// <summary>What the actions on files have in common.</summary>
internal sealed class FileActions(ActivitiesDb db, ItemAccess access, RelatedRecords records, FileStore store, TimeProvider clock)
{
    private const int MostRecords = 20;

    internal async Task CheckRelated(IReadOnlyCollection<RecordRef> related, IReadOnlyCollection<RecordRef> before, CancellationToken ct)
    {
        var errors = new FieldErrors();
        if (related.Count > MostRecords) errors.Add("related", $"Takes at most {MostRecords} records.");
        await records.Check(related, before, errors, ct);
        errors.ThrowIfAny();
    }

    /// <summary>The content takes its place and the file that refers to it is saved, in one commit.</summary>
    internal async Task<StoredFile> Store(ReceivedFile received, Func<DateTimeOffset, StoredFile> make, IReadOnlyCollection<RecordRef> before, CancellationToken ct)
    {
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        var now = clock.GetUtcNow();
        await store.Keep(db, received, now, ct);
        var file = make(now);
        await access.Save(file, before, ct);
        if (own is not null) await own.CommitAsync(ct);
        return file;
    }

    internal async Task<FileResponse> Describe(StoredFile file, CancellationToken ct) => new()
    {
        Id = file.Id, Version = file.Version, Name = file.Subject, MediaType = file.MediaType, Size = file.Size, Sha256 = file.Hash, VersionNumber = file.VersionNumber,
        HasThumbnail = MediaTypes.IsPicture(file.MediaType), Related = await records.Describe(file, ct), OwnerId = file.OwnerId,
        OwnerName = records.NameOf(file.OwnerId), CreatedAt = file.CreatedAt, UpdatedAt = file.UpdatedAt,
    };
}
