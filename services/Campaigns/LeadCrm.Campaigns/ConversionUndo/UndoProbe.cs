using LeadCrm.Campaigns.Access;
using LeadCrm.Campaigns.Data;
using LeadCrm.Campaigns.Members;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.ConversionUndo;

/// <summary>
/// What stands in the way of an undo here (C35): campaigns that the contact which is to go has joined since. The check (step 0) and the step
/// itself both ask it. Which contact is meant is read from what was moved here, never taken from who asks.
/// </summary>
internal sealed class UndoProbe(CampaignsDb db, Sight sight)
{
    private const string NotYours = "You may not undo this conversion: that takes the permission to undo conversions, and to see the lead.";

    private const string JoinedSince = """
        select count(*) from campaign_members m join lead_conversions c on c.conversion_id = @conversion
        where m.person_type = 'contact' and m.person_id = c.contact_id and m.deleted_at is null
          and not exists (select from jsonb_array_elements(c.audit -> 'lead') before where (before ->> 'id')::uuid = m.id)
        """;

    /// <summary>
    /// The verdict for the current actor. Whether the actor may is decided first; if not, nothing else has been looked at. With
    /// <paramref name="onlyPermission"/> it ends there. Call in a transaction.
    /// </summary>
    public async Task<ConversionUndoCheck> Ask(ConversionUndoBegun undo, bool onlyPermission, CancellationToken ct)
    {
        var actor = Actor.Current;
        if (actor.UserId != undo.ActingUserId || !actor.Has("leads.undoConversion")
            || !await sight.People().AnyAsync(person => person.RecordType == PersonTypes.Lead && person.RecordId == undo.LeadId, ct))
            return new ConversionUndoCheck { Status = 403, Reason = NotYours };
        if (onlyPermission) return new ConversionUndoCheck { Status = 200 };

        var done = await db.Conversions.AsNoTracking().FirstOrDefaultAsync(c => c.ConversionId == undo.ConversionId && c.LeadId == undo.LeadId && c.UndoneAt == null, ct);
        if (done is null) return new ConversionUndoCheck { Status = 403, Reason = NotYours };
        if (done.Audit is null) return Blocked(done.ContactId, "tooOld", "The conversion is from a time before memberships could be put back.");
        if (!undo.ContactCreated) return new ConversionUndoCheck { Status = 200 };

        await using var joined = db.Command(JoinedSince, ("conversion", done.ConversionId));
        var count = (long)(await joined.ExecuteScalarAsync(ct))!;
        return count == 0 ? new ConversionUndoCheck { Status = 200 }
            : Blocked(done.ContactId, "memberships", $"It has joined {(count == 1 ? "1 campaign" : $"{count} campaigns")} since. Take it out there first.");
    }

    private static ConversionUndoCheck Blocked(Guid contactId, string code, string detail) => new()
    {
        Status = 409, Reason = "The contact cannot be removed.", Blockers = [new UndoBlocker { RecordType = "contact", RecordId = contactId, Code = code, Detail = detail }],
    };
}
