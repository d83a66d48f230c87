using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Activities.Files;

/// <summary>Takes a file in, as it comes, and hangs it on a record (AV5).</summary>
internal static class UploadFile
{
    internal static async Task<VersionedCreated<FileResponse>> Handle(
        HttpRequest request, FileActions files, ItemAccess access, FileStore store, CancellationToken ct, string? name = null, string? recordType = null, Guid? recordId = null)
    {
        RecordRef[] related = (recordType, recordId) switch
        {
            ({ } type, { } id) => [new RecordRef(type, id)],
            (null, null) => [],
            _ => throw new InvalidFieldsException(new Dictionary<string, string[]> { ["recordId"] = ["Name a record by both recordType and recordId."] }),
        };
        await files.CheckRelated(related, [], ct);   // before anything is read

        var (fileName, body) = await UploadedFile.Of(request, name, ct);
        using var received = await store.Receive(body, ct);
        var file = await files.Store(received, now =>
        {
            var made = StoredFile.Create(Guid.CreateVersion7(), fileName, received.Content, related, Actor.Current.UserId, now);
            access.Add(made);
            return made;
        }, [], ct);
        return Answers.Created($"/api/files/{file.Id}", await files.Describe(file, ct), file.Version);
    }
}
