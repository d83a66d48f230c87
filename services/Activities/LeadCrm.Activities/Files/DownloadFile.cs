using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace LeadCrm.Activities.Files;

/// <summary>
/// Serves contents as attachments, never to be shown or run in place: a browser neither guesses another type nor gives them the rights of
/// this site.
/// </summary>
internal static class DownloadFile
{
    /// <param name="Number">1 is the first.</param>
    /// <param name="Name">The name it was uploaded under.</param>
    /// <param name="MediaType">What its bytes say it is.</param>
    /// <param name="Size">Bytes.</param>
    /// <param name="Sha256">SHA-256 of its content, in hex.</param>
    /// <param name="CreatedAt">When it was uploaded (UTC).</param>
    /// <param name="CreatedBy">Who uploaded it.</param>
    /// <param name="CreatedByName">Name of who uploaded it, when known here.</param>
    internal sealed record Version(int Number, string Name, string MediaType, long Size, string Sha256, DateTimeOffset CreatedAt, Guid CreatedBy, string? CreatedByName);

    /// <summary>The newest version's content.</summary>
    internal static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> Newest(Guid id, HttpContext http, ItemAccess access, FileStore store, CancellationToken ct) =>
        await access.Find<StoredFile>(id, ct) is { } file ? Serve(http, store, file.Hash, file.MediaType, file.Subject, file.UpdatedAt) : Problems.NotFound();

    /// <summary>Another version's content.</summary>
    internal static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> Older(
        Guid id, int number, HttpContext http, ActivitiesDb db, ItemAccess access, FileStore store, CancellationToken ct)
    {
        if (await access.Find<StoredFile>(id, ct) is null) return Problems.NotFound();
        var version = await db.FileVersions.AsNoTracking().FirstOrDefaultAsync(v => v.FileId == id && v.Number == number, ct);
        return version is null ? Problems.NotFound() : Serve(http, store, version.Hash, version.MediaType, version.Name, version.CreatedAt);
    }

    /// <summary>All versions, newest first.</summary>
    internal static async Task<Results<Ok<IReadOnlyList<Version>>, ProblemHttpResult>> Versions(Guid id, ActivitiesDb db, ItemAccess access, RelatedRecords records, CancellationToken ct)
    {
        if (await access.Find<StoredFile>(id, ct) is null) return Problems.NotFound();
        var versions = await db.FileVersions.AsNoTracking().Where(v => v.FileId == id).OrderByDescending(v => v.Number).ToListAsync(ct);
        return TypedResults.Ok<IReadOnlyList<Version>>(
            [.. versions.Select(v => new Version(v.Number, v.Name, v.MediaType, v.Size, v.Hash, v.CreatedAt, v.CreatedBy, records.NameOf(v.CreatedBy)))]);
    }

    /// <summary>A small picture of a picture, made here: the one thing that is shown in place.</summary>
    internal static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> Thumbnail(Guid id, HttpContext http, ItemAccess access, Thumbnails thumbnails, CancellationToken ct)
    {
        if (await access.Find<StoredFile>(id, ct) is not { } file || !MediaTypes.IsPicture(file.MediaType)) return Problems.NotFound();
        if (await thumbnails.Of(file.Hash, ct) is not { } path) return Problems.NotFound("No small picture can be made of this file.");
        Protect(http.Response);
        return TypedResults.PhysicalFile(path, "image/webp", entityTag: Tag(file.Hash));
    }

    private static PhysicalFileHttpResult Serve(HttpContext http, FileStore store, string hash, string mediaType, string name, DateTimeOffset at)
    {
        Protect(http.Response);
        return TypedResults.PhysicalFile(store.PathOf(hash), MediaTypes.Served(mediaType), name, at, Tag(hash), enableRangeProcessing: true);
    }

    private static void Protect(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.CacheControl = "private, no-cache";
    }

    private static EntityTagHeaderValue Tag(string hash) => new($"\"{hash}\"");
}
