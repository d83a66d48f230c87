using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Activities.Files;

/// <summary>Gives a file another name or hangs it on other records.</summary>
internal static class ChangeFile
{
    internal static async Task<Results<VersionedOk<FileResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<FileInput> patch, HttpContext http, ItemAccess access, FileActions files, TimeProvider clock, CancellationToken ct)
    {
        if (await access.FindForEdit<StoredFile>(id, http.RequireIfMatch(), ct) is not { } file) return Problems.NotFound();
        var before = file.Links.Select(link => link.Record).ToList();
        var given = patch.ApplyTo(file.ToInput());
        if (string.IsNullOrWhiteSpace(given.Name)) throw new InvalidFieldsException(new Dictionary<string, string[]> { ["name"] = ["A file needs a name."] });
        var input = given with { Name = UploadedFile.NameOf(given.Name), Related = [.. (given.Related ?? []).Distinct()] };
        await files.CheckRelated(input.Related, before, ct);

        file.Change(input, ItemAccess.ActorId, clock.GetUtcNow());
        await access.Save(file, before, ct);
        return Answers.Ok(await files.Describe(file, ct), file.Version);
    }
}
