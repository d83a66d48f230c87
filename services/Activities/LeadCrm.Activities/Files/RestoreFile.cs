using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Activities.Files;

/// <summary>Takes a file out of the recycle bin.</summary>
internal static class RestoreFile
{
    internal static async Task<Results<VersionedOk<FileResponse>, ProblemHttpResult>> Handle(Guid id, ItemAccess access, FileActions files, TimeProvider clock, CancellationToken ct)
    {
        if (await access.FindDeletedToo<StoredFile>(id, ct) is not { } file) return Problems.NotFound();
        file.Restore(ItemAccess.ActorId, clock.GetUtcNow());
        await access.Save(file, [.. file.Links.Select(link => link.Record)], ct);
        return Answers.Ok(await files.Describe(file, ct), file.Version);
    }
}
