using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Files;

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
