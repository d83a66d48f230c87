using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Activities.Files;

/// <summary>Takes a new version of a file in; those before stay.</summary>
internal static class UploadVersion
{
    internal static async Task<Results<VersionedCreated<FileResponse>, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, FileActions files, ItemAccess access, FileStore store, CancellationToken ct, string? name = null)
    {
        if (await access.FindForEdit<StoredFile>(id, http.RequireIfMatch(), ct) is not { } file) return Problems.NotFound();

        var (fileName, body) = await UploadedFile.Of(http.Request, name ?? file.Subject, ct);
        using var received = await store.Receive(body, ct);
        await files.Store(received, now =>
        {
            file.AddVersion(fileName, received.Content, Actor.Current.UserId, now);
            return file;
        }, [.. file.Links.Select(link => link.Record)], ct);
        return Answers.Created($"/api/files/{file.Id}", await files.Describe(file, ct), file.Version);
    }
}
