using System.Text.Json;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.ConversionUndo;

/// <summary>
/// What stands in the way of an undo here (C35). The check (step 0) and the step itself both ask it. Which records are meant is read from
/// what the conversion did here, never taken from who asks.
/// </summary>
internal sealed class UndoProbe(AccountsDb db, IVisibility visibility, IDirectory directory)
{
    /// <summary>
    /// The verdict for the current actor. Whether the actor may is decided first; if not, nothing else has been looked at. With
    /// <paramref name="onlyPermission"/> it ends there.
    /// </summary>
    public async Task<ConversionUndoCheck> Ask(ConversionUndoBegun undo, bool onlyPermission, CancellationToken ct)
    {
        var step = await db.ConversionSteps.AsNoTracking().FirstOrDefaultAsync(s => s.ConversionId == undo.ConversionId && s.LeadId == undo.LeadId, ct);
        var account = step is null ? null : await db.Accounts.AsNoTracking().IgnoreQueryFilters().FirstOrDefaultAsync(a => a.Id == step.AccountId, ct);
        var contact = step is null ? null : await db.Contacts.AsNoTracking().IgnoreQueryFilters().FirstOrDefaultAsync(c => c.Id == step.ContactId, ct);
        if (Forbidden(undo, step, account, contact) is { } reason) return new ConversionUndoCheck { Status = 403, Reason = reason };
        if (onlyPermission) return new ConversionUndoCheck { Status = 200 };
        if (step!.State != ConversionStepState.Revealed)
            return new ConversionUndoCheck { Status = 409, Reason = "This conversion is not in force here.", Blockers = [Blocker("account", step.AccountId, "deleted", "The conversion was undone here already.")] };

        var others = await OthersOf(step, ct);
        List<UndoPassedOn> passedOn = [];
        if (step.AccountCreated && Heir(others, s => s.AccountId == step.AccountId) is { } accountHeir) passedOn.Add(PassedOn("account", step.AccountId, accountHeir));
        if (step.ContactCreated && Heir(others, s => s.ContactId == step.ContactId) is { } contactHeir) passedOn.Add(PassedOn("contact", step.ContactId, contactHeir));

        var blockers = await Busy(undo, step, others, ct);
        if (step.AccountCreated && passedOn.TrueForAll(p => p.RecordType != "account")) blockers.AddRange(await OfAccount(step, account, ct));
        if (step.ContactCreated && passedOn.TrueForAll(p => p.RecordType != "contact")) blockers.AddRange(await OfContact(step, contact, ct));
        return new ConversionUndoCheck
        {
            Status = blockers.Count > 0 ? 409 : 200, Reason = blockers.Count > 0 ? "Some records cannot be removed." : null, Blockers = blockers, PassedOn = passedOn,
        };
    }

    /// <summary>Undoing takes the permission for it, and edit on every record that the conversion made or changed.</summary>
    private string? Forbidden(ConversionUndoBegun undo, ConversionStep? step, Account? account, Contact? contact)
    {
        var actor = Actor.Current;
        // Nobody asks with the rights of somebody else, and what a conversion did here is no news for whoever may not undo it.
        if (step is null || actor.UserId != undo.ActingUserId || !actor.Has("leads.undoConversion")) return NotYours;
        if (account is not null && (step.AccountCreated || step.Filled.Any(f => f is { Record: "account", Changed: true }))
            && (!actor.Has("accounts.edit") || !visibility.Of("account").CanEdit(account.OwnerId))) return NotYours;
        if (contact is not null && (step.ContactCreated || step.Filled.Any(f => f is { Record: "contact", Changed: true }))
            && (!actor.Has("contacts.edit") || !visibility.Of("contact").CanEdit(contact.OwnerId))) return NotYours;
        return null;
    }

    private const string NotYours = "You may not undo this conversion: that takes the permission to undo conversions, and to change the account and contact that it made or changed.";

    /// <summary>Other conversions that use the account or the contact, in the order in which they came.</summary>
    internal Task<List<ConversionStep>> OthersOf(ConversionStep step, CancellationToken ct) => db.ConversionSteps
        .Where(s => s.ConversionId != step.ConversionId && (s.AccountId == step.AccountId || s.ContactId == step.ContactId)
            && (s.State == ConversionStepState.Pending || s.State == ConversionStepState.Revealed))
        .OrderBy(s => s.StartedAt).ThenBy(s => s.ConversionId).ToListAsync(ct);

    internal static ConversionStep? Heir(IEnumerable<ConversionStep> others, Func<ConversionStep, bool> uses) =>
        others.FirstOrDefault(s => s.State == ConversionStepState.Revealed && uses(s));

    /// <summary>Whatever is just happening to the same records has to be over first.</summary>
    private async Task<List<UndoBlocker>> Busy(ConversionUndoBegun undo, ConversionStep step, List<ConversionStep> others, CancellationToken ct)
    {
        List<UndoBlocker> busy = [];
        if (others.Exists(s => s.State == ConversionStepState.Pending))
            busy.Add(Blocker("account", step.AccountId, "conversionRunning", "A lead is just being converted into it. Try again when that is done."));
        if (await db.UndoHolds.AnyAsync(h => h.State == UndoHoldState.Held && h.UndoId != undo.UndoId && (h.AccountId == step.AccountId || h.ContactId == step.ContactId), ct))
            busy.Add(Blocker("account", step.AccountId, "undoRunning", "Another conversion into it is just being undone. Try again when that is done."));
        return busy;
    }

    private async Task<List<UndoBlocker>> OfAccount(ConversionStep step, Account? account, CancellationToken ct)
    {
        if (account?.MergedIntoId is not null) return [Merged("account", step.AccountId)];
        if (account is null or { DeletedAt: not null }) return [Deleted("account", step.AccountId)];
        List<UndoBlocker> blockers = [];
        if (await Edits("account", account.Id, ct) is { } edited) blockers.Add(edited);
        if (await Survived("account", account.Id, ct) is { } survivor) blockers.Add(survivor);

        var further = $$"""[{"accountId":"{{account.Id}}"}]""";
        var contacts = await db.Contacts.FromSql($"select * from contacts where account_id = {account.Id} or further_accounts @> {further}::jsonb")
            .IgnoreQueryFilters([Provisional.Filter]).CountAsync(c => c.Id != step.ContactId, ct);
        if (contacts > 0) blockers.Add(Blocker("account", account.Id, "contacts", $"{Count(contacts, "other contact")} at it. Move or delete them first."));
        var children = await db.Accounts.IgnoreQueryFilters([Provisional.Filter]).CountAsync(a => a.ParentAccountId == account.Id, ct);
        if (children > 0) blockers.Add(Blocker("account", account.Id, "childAccounts", $"{Count(children, "account")} below it in the hierarchy. Move or delete them first."));
        return blockers;
    }

    private async Task<List<UndoBlocker>> OfContact(ConversionStep step, Contact? contact, CancellationToken ct)
    {
        if (contact?.MergedIntoId is not null) return [Merged("contact", step.ContactId)];
        if (contact is null or { DeletedAt: not null }) return [Deleted("contact", step.ContactId)];
        List<UndoBlocker> blockers = [];
        if (await Edits("contact", contact.Id, ct) is { } edited) blockers.Add(edited);
        if (await Survived("contact", contact.Id, ct) is { } survivor) blockers.Add(survivor);

        var reports = await db.Contacts.IgnoreQueryFilters([Provisional.Filter]).CountAsync(c => c.ReportsToId == contact.Id, ct);
        if (reports > 0) blockers.Add(Blocker("contact", contact.Id, "reports", $"{Count(reports, "contact")} reporting to it. Let them report to somebody else first."));
        // Where a conversion made it the primary contact, the undo takes that back; where a person did, somebody counts on it.
        var (id, own) = (contact.Id, step.Filled.Any(f => f is { Record: "account", Field: "primaryContactId", Changed: true }) || step.AccountCreated);
        var primaries = await db.Accounts.IgnoreQueryFilters([Provisional.Filter]).CountAsync(a => a.PrimaryContactId == id && !(own && a.Id == step.AccountId), ct);
        if (primaries > 0) blockers.Add(Blocker("contact", id, "primaryContact", $"It is the primary contact of {Count(primaries, "account")}. Make another contact the primary one first."));
        return blockers;
    }

    /// <summary>Who else has changed the record since: conversions and their undos do not count, they answer for themselves.</summary>
    private async Task<UndoBlocker?> Edits(string type, Guid id, CancellationToken ct)
    {
        var edits = await db.Set<FieldHistoryRow>().AsNoTracking()
            .Where(h => h.RecordId == id && h.Kind != "created"
                && !db.ConversionSteps.Any(s => s.ConversionId == h.OperationId) && !db.UndoHolds.Any(u => u.UndoId == h.OperationId))
            .OrderByDescending(h => h.At).Take(20).ToListAsync(ct);
        if (edits.Count == 0) return null;
        var fields = edits.SelectMany(edit => JsonDocument.Parse(edit.Changes).RootElement.EnumerateObject().Select(change => change.Name)).Distinct().Order(StringComparer.Ordinal).Take(10);
        var who = edits[0].ActorId is { } actor ? directory.FindUser(actor)?.Name ?? "somebody" : "the system";
        return Blocker(type, id, "edited", $"It was changed since it was made, last by {who} on {edits[0].At:yyyy-MM-dd}: {string.Join(", ", fields)}.");
    }

    private static UndoBlocker Deleted(string type, Guid? id) => Blocker(type, id, "deleted", "It was deleted since. Restore it first.");

    /// <summary>Others became it: it is theirs, too, whatever the conversion made.</summary>
    private async Task<UndoBlocker?> Survived(string type, Guid id, CancellationToken ct) =>
        await db.Merges.AnyAsync(m => m.RecordType == type && m.SurvivorId == id && m.UndoneAt == null, ct) ? Blocker(type, id, "mergeSurvivor", "Others were merged into it since. Undo the merges first.") : null;

    private static UndoBlocker Merged(string type, Guid? id) => Blocker(type, id, "merged", "It was merged into another one since. Undo the merge first.");

    private static UndoBlocker Blocker(string type, Guid? id, string code, string detail) => new() { RecordType = type, RecordId = id!.Value, Code = code, Detail = detail };

    private static UndoPassedOn PassedOn(string type, Guid? id, ConversionStep heir) => new() { RecordType = type, RecordId = id!.Value, ConversionId = heir.ConversionId };

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
