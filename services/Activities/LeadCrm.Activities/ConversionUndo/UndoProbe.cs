using LeadCrm.Activities.Conversion;
using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.ConversionUndo;

/// <summary>
/// What stands in the way of an undo here (C35): what was put since on the records that are to go and would hang on nothing without them.
/// The check (step 0) and the step itself both ask it. Which records are meant is read from what was carried over here, never taken from who asks.
/// </summary>
internal sealed class UndoProbe(ActivitiesDb db, Viewer viewer)
{
    private const string NotYours = "You may not undo this conversion: that takes the permission to undo conversions, and to change the lead.";

    // What hangs on the lead as well loses nothing. What the conversion itself made (C39) goes with it, unless somebody has worked with it since.
    private const string Others = """
        select l.record_type, l.record_id, count(*)::int
        from item_links l join items i on i.id = l.item_id and i.deleted_at is null
        where (l.record_type, l.record_id) in (select * from unnest($1::text[], $2::uuid[]))
          and not (l.conversion_id is not null and l.conversion_id = $3 and exists (select from item_links o where o.item_id = l.item_id and o.record_type = 'lead' and o.record_id = $4))
          and not exists (
              select from platform.field_history made where made.record_id = i.id and made.kind = 'created' and made.operation_id = $3
              and not exists (select from platform.field_history h where h.record_id = i.id and h.kind <> 'created' and h.operation_id is distinct from $3))
        group by l.record_type, l.record_id
        """;

    /// <summary>
    /// The verdict for the current actor. Whether the actor may is decided first; if not, nothing else has been looked at. With
    /// <paramref name="onlyPermission"/> it ends there.
    /// </summary>
    public async Task<ConversionUndoCheck> Ask(ConversionUndoBegun undo, bool onlyPermission, CancellationToken ct)
    {
        var actor = Actor.Current;
        var editable = viewer.Records("edit");
        if (actor.UserId != undo.ActingUserId || !actor.Has("leads.undoConversion")
            || !await editable.AnyAsync(row => row.RecordType == RecordTypes.Lead && row.RecordId == undo.LeadId, ct))
            return new ConversionUndoCheck { Status = 403, Reason = NotYours };
        if (onlyPermission) return new ConversionUndoCheck { Status = 200 };

        var done = await db.Conversions.AsNoTracking().FirstOrDefaultAsync(c => c.ConversionId == undo.ConversionId && c.LeadId == undo.LeadId && c.UndoneAt == null, ct);
        if (done is null) return new ConversionUndoCheck { Status = 403, Reason = NotYours };
        var going = Going(undo, done);
        var found = await db.Rows(Others, row => (Record: new RecordRef(row.GetString(0), row.GetGuid(1)), Count: row.GetInt32(2)), ct,
            going.Select(record => record.Type).ToArray(), going.Select(record => record.Id).ToArray(), done.ConversionId, done.LeadId);
        List<UndoBlocker> blockers = [.. found.Order().Select(on => new UndoBlocker
        {
            RecordType = on.Record.Type, RecordId = on.Record.Id, Code = "activities",
            Detail = $"{(on.Count == 1 ? "1 activity, note or file was" : $"{on.Count} activities, notes or files were")} put on it since. Move or delete them first.",
        })];
        return new ConversionUndoCheck { Status = blockers.Count > 0 ? 409 : 200, Reason = blockers.Count > 0 ? "Some records cannot be removed." : null, Blockers = blockers };
    }

    /// <summary>What the conversion made, of what the lead became.</summary>
    internal static IReadOnlyList<RecordRef> Going(ConversionUndoBegun undo, CarriedConversion done) =>
    [
        .. done.Became.Where(record => record.Type switch
        {
            RecordTypes.Account => undo.AccountCreated,
            RecordTypes.Contact => undo.ContactCreated,
            _ => undo.OpportunityCreated,
        }).Order(),
    ];
}
