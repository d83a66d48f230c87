using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Activities.Files;

/// <summary>Reads about a file.</summary>
internal static class GetFile
{
    internal static async Task<Results<VersionedOk<FileResponse>, ProblemHttpResult>> Handle(Guid id, ItemAccess access, FileActions files, CancellationToken ct) =>
        await access.Find<StoredFile>(id, ct) is { } file ? Answers.Ok(await files.Describe(file, ct), file.Version) : Problems.NotFound();
}
