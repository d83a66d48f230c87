using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

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

/// <summary>Uploads, reads, renames and restores files: each is a step or two over what all items have in common.</summary>
internal sealed class FileActions(ActivitiesDb db, ItemAccess access, RelatedRecords records, FileStore store, TimeProvider clock)
{
    /// <summary>Takes a file in and hangs it on a record.</summary>
    internal static async Task<VersionedCreated<FileResponse>> Upload(
        HttpRequest request, FileActions actions, CancellationToken ct, string? name = null, string? recordType = null, Guid? recordId = null)
    {
        List<RecordRef> related = [];
        if (recordType is not null && recordId is { } id) related.Add(new RecordRef(recordType, id));
        else if (recordType is not null || recordId is not null) throw new InvalidFieldsException(new Dictionary<string, string[]> { ["recordId"] = ["Name a record by both recordType and recordId."] });
        await actions.CheckRelated(related, null, ct);   // before anything is read

        var (fileName, body) = await UploadedFile.Of(request, name, ct);
        using var received = await actions.store.Receive(body, ct);
        var file = await actions.Store(received, now => StoredFile.Create(Guid.CreateVersion7(), fileName, received.Content, related, Actor.Current.UserId, now), isNew: true, ct);
        return Answers.Created($"/api/files/{file.Id}", await actions.Describe(file, ct), file.Version);
    }

    /// <summary>Takes a new version of a file in; those before stay.</summary>
    internal static async Task<Results<VersionedCreated<FileResponse>, ProblemHttpResult>> UploadVersion(
        Guid id, HttpContext http, FileActions actions, CancellationToken ct, string? name = null)
    {
        var expected = http.RequireIfMatch();
        if (await actions.access.FindForEdit<StoredFile>(id, expected, ct) is not { } file) return Problems.NotFound();
        var (fileName, body) = await UploadedFile.Of(http.Request, name ?? file.Subject, ct);
        using var received = await actions.store.Receive(body, ct);
        await actions.Store(received, now =>
        {
            file.AddVersion(fileName, received.Content, Actor.Current.UserId, now);
            return file;
        }, isNew: false, ct);
        return Answers.Created($"/api/files/{file.Id}", await actions.Describe(file, ct), file.Version);
    }

    internal static async Task<Results<VersionedOk<FileResponse>, ProblemHttpResult>> Get(Guid id, FileActions actions, CancellationToken ct) =>
        await actions.access.Find<StoredFile>(id, ct) is { } file ? Answers.Ok(await actions.Describe(file, ct), file.Version) : Problems.NotFound();

    internal static async Task<Results<VersionedOk<FileResponse>, ProblemHttpResult>> Change(
        Guid id, MergePatch<FileInput> patch, HttpContext http, FileActions actions, CancellationToken ct)
    {
        if (await actions.access.FindForEdit<StoredFile>(id, http.RequireIfMatch(), ct) is not { } file) return Problems.NotFound();
        var before = file.Links.Select(link => link.Record).ToList();
        var input = patch.ApplyTo(file.ToInput());
        if (string.IsNullOrWhiteSpace(input.Name)) throw new InvalidFieldsException(new Dictionary<string, string[]> { ["name"] = ["A file needs a name."] });
        input = input with { Name = UploadedFile.NameOf(input.Name), Related = [.. (input.Related ?? []).Distinct()] };
        await actions.CheckRelated(input.Related, before, ct);
        file.Change(input, ItemAccess.ActorId, actions.clock.GetUtcNow());
        await actions.access.Save(file, before, ct);
        return Answers.Ok(await actions.Describe(file, ct), file.Version);
    }

    internal static async Task<Results<VersionedOk<FileResponse>, ProblemHttpResult>> Restore(Guid id, FileActions actions, CancellationToken ct)
    {
        if (await actions.access.FindDeletedToo<StoredFile>(id, ct) is not { } file) return Problems.NotFound();
        file.Restore(ItemAccess.ActorId, actions.clock.GetUtcNow());
        await actions.access.Save(file, [.. file.Links.Select(link => link.Record)], ct);
        return Answers.Ok(await actions.Describe(file, ct), file.Version);
    }

    private async Task<StoredFile> Store(ReceivedFile received, Func<DateTimeOffset, StoredFile> make, bool isNew, CancellationToken ct)
    {
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        var now = clock.GetUtcNow();
        await store.Keep(db, received, now, ct);
        var file = make(now);
        if (isNew) access.Add(file);
        await access.Save(file, isNew ? [] : [.. file.Links.Select(link => link.Record)], ct);
        if (own is not null) await own.CommitAsync(ct);
        return file;
    }

    private async Task CheckRelated(IReadOnlyCollection<RecordRef> related, IReadOnlyCollection<RecordRef>? before, CancellationToken ct)
    {
        var errors = new FieldErrors();
        if (related.Count > 20) errors.Add("related", "Takes at most 20 records.");
        await records.Check(related, before ?? [], errors, ct);
        errors.ThrowIfAny();
    }

    private async Task<FileResponse> Describe(StoredFile file, CancellationToken ct) => new()
    {
        Id = file.Id, Version = file.Version, Name = file.Subject, MediaType = file.MediaType, Size = file.Size, Sha256 = file.Hash, VersionNumber = file.VersionNumber,
        HasThumbnail = MediaTypes.IsPicture(file.MediaType), Related = await records.Describe(file, ct), OwnerId = file.OwnerId,
        OwnerName = records.NameOf(file.OwnerId), CreatedAt = file.CreatedAt, UpdatedAt = file.UpdatedAt,
    };
}

/// <summary>Checks the files that are named as an e-mail's attachments.</summary>
internal sealed class AttachedFiles(ActivitiesDb db, Viewer viewer)
{
    internal async Task Check(IReadOnlyCollection<Guid> ids, FieldErrors errors, CancellationToken ct)
    {
        if (ids.Count == 0) return;
        var seen = await viewer.Visible(db.Files.AsNoTracking()).Where(file => ids.Contains(file.Id)).Select(file => file.Id).ToListAsync(ct);
        foreach (var missing in ids.Except(seen)) errors.Add("attachmentIds", $"There is no such file: {missing}.");
    }
}
