using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.ConversionUndo;

/// <summary>A contact that an undo is about to remove joins no campaign meanwhile.</summary>
internal static class HeldPeople
{
    /// <summary>409 when one of them is held. Call after their rows are locked, as an undo locks them before it looks.</summary>
    public static async Task Refuse(CampaignsDb db, Guid[] people, CancellationToken ct)
    {
        var held = await db.UndoHolds.AsNoTracking().FirstOrDefaultAsync(h => h.State == UndoHoldState.Held && h.ContactId != null && people.Contains(h.ContactId.Value), ct);
        if (held is not null)
            throw new DomainRuleException("provisional", "A contact among them belongs to a conversion that is just being undone. Try again when that is done.").With("undoId", held.UndoId);
    }
}
