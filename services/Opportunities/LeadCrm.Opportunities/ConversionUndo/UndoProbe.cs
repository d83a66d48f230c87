using System.Text.Json;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Conversion;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Opportunities;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.ConversionUndo;

/// <summary>
/// What stands in the way of an undo here (C35): at the opportunity of the conversion, and what was begun since with the account and the contact that are to go.
/// The check (step 0) and the step itself both ask it.
/// </summary>
internal sealed class UndoProbe(OpportunitiesDb db, IVisibility visibility, IDirectory directory)
{
    private const string NotYours = "You may not undo this conversion: that takes the permission to undo conversions, and to change the opportunity that it made or changed.";

    /// <summary>
    /// The verdict for the current actor. Whether the actor may is decided first; if not, nothing else has been looked at. With
    /// <paramref name="onlyPermission"/> it ends there.
    /// </summary>
    /// <param name="undo">What is asked about.</param>
    /// <param name="onlyPermission">True: only whether the actor may.</param>
    /// <param name="bySaga">True: account and contact are the conversion's, as the saga says. Otherwise whoever asks may have made them up, and is told of no
    /// opportunity that the actor does not see, unless the conversion is known here with just these.</param>
    /// <param name="ct">Ends the queries.</param>
    public async Task<ConversionUndoCheck> Ask(ConversionUndoBegun undo, bool onlyPermission, bool bySaga, CancellationToken ct)
    {
        var step = await db.ConversionSteps.AsNoTracking().FirstOrDefaultAsync(s => s.ConversionId == undo.ConversionId, ct);
        var opportunity = step?.OpportunityId is { } id
            ? await db.Opportunities.AsNoTracking().IgnoreQueryFilters().Include(o => o.ContactRoles).FirstOrDefaultAsync(o => o.Id == id, ct)
            : null;
        if (!Allowed(undo, step, opportunity)) return new ConversionUndoCheck { Status = 403, Reason = NotYours };
        if (onlyPermission) return new ConversionUndoCheck { Status = 200 };

        var trusted = bySaga || (opportunity?.AccountId == undo.AccountId && step?.ContactId == undo.ContactId);
        var deals = db.Opportunities.IgnoreQueryFilters([OpportunityMapping.Provisional]);
        if (!trusted) deals = deals.VisibleTo(visibility.Of("opportunity"), o => o.OwnerId);
        var others = step?.OpportunityId is null ? [] : await OthersOf(step, ct);
        List<UndoPassedOn> passedOn = [];
        if (step is { Created: true } && others.Find(s => s.State == ConversionStepState.Revealed) is { } heir)
            passedOn.Add(new UndoPassedOn { RecordType = "opportunity", RecordId = step.OpportunityId!.Value, ConversionId = heir.ConversionId });

        List<UndoBlocker> blockers = [];
        if (step?.OpportunityId is { } opportunityId) blockers.AddRange(await OfOpportunity(undo, step, opportunityId, opportunity, others, passedOn.Count > 0, ct));
        if (undo.AccountCreated) blockers.AddRange(await OnAccount(undo, step, deals, ct));
        if (undo.ContactCreated) blockers.AddRange(await OfContact(undo, step, opportunity, deals, passedOn.Count > 0, ct));
        return new ConversionUndoCheck
        {
            Status = blockers.Count > 0 ? 409 : 200, Reason = blockers.Count > 0 ? "Some records cannot be removed." : null, Blockers = blockers, PassedOn = passedOn,
        };
    }

    /// <summary>Other conversions with the same opportunity, in the order in which they came.</summary>
    internal Task<List<ConversionStep>> OthersOf(ConversionStep step, CancellationToken ct) => db.ConversionSteps
        .Where(s => s.OpportunityId == step.OpportunityId && s.ConversionId != step.ConversionId && (s.State == ConversionStepState.Applied || s.State == ConversionStepState.Revealed))
        .OrderBy(s => s.ConversionId).ToListAsync(ct);

    /// <summary>Whether the role is the one that the conversion gave its contact, as it gave it.</summary>
    internal static bool IsOwn(ContactRole role, ConversionStep step) => role.ContactId == step.ContactId && step.RoleAdded == role.Role;

    /// <summary>
    /// Undoing takes the permission for it, and edit on an opportunity that the conversion made or changed. A conversion without an opportunity is
    /// not known here.
    /// </summary>
    private bool Allowed(ConversionUndoBegun undo, ConversionStep? step, Opportunity? opportunity)
    {
        var actor = Actor.Current;
        if (actor.UserId != undo.ActingUserId || !actor.Has("leads.undoConversion")) return false;
        if (step is not null && (step.LeadId != undo.LeadId || step.State != ConversionStepState.Revealed)) return false;
        return opportunity is null || !(step!.Created || step.Filled is not null || step.RoleAdded is not null || step.CampaignFound is not null)
            || (actor.Has("opportunities.edit") && visibility.Of("opportunity").CanEdit(opportunity.OwnerId));
    }

    private async Task<List<UndoBlocker>> OfOpportunity(
        ConversionUndoBegun undo, ConversionStep step, Guid id, Opportunity? opportunity, List<ConversionStep> others, bool passesOn, CancellationToken ct)
    {
        List<UndoBlocker> blockers = [];
        if (others.Exists(s => s.State == ConversionStepState.Applied))
            blockers.Add(Blocker("opportunity", id, "conversionRunning", "A lead is just being converted into it. Try again when that is done."));
        if (await db.UndoHolds.AnyAsync(h => h.State == UndoHoldState.Held && h.UndoId != undo.UndoId && h.OpportunityId == id, ct))
            blockers.Add(Blocker("opportunity", id, "undoRunning", "Another conversion into it is just being undone. Try again when that is done."));
        if (!step.Created || passesOn) return blockers;

        if (opportunity is null or { DeletedAt: not null }) blockers.Add(Blocker("opportunity", id, "deleted", "It was deleted since. Restore it first."));
        else if (await Edits(id, ct) is { } edited) blockers.Add(edited);
        return blockers;
    }

    private static async Task<List<UndoBlocker>> OnAccount(ConversionUndoBegun undo, ConversionStep? step, IQueryable<Opportunity> deals, CancellationToken ct)
    {
        var own = step is { Created: true } ? step.OpportunityId : null;
        var others = await deals.CountAsync(o => o.AccountId == undo.AccountId && o.Id != own, ct);
        return others == 0 ? [] : [Blocker("account", undo.AccountId, "opportunities", $"{(others == 1 ? "1 opportunity" : $"{others} opportunities")} on it. Move or delete them first.")];
    }

    private async Task<List<UndoBlocker>> OfContact(
        ConversionUndoBegun undo, ConversionStep? step, Opportunity? opportunity, IQueryable<Opportunity> deals, bool passesOn, CancellationToken ct)
    {
        var gone = step is { Created: true } && !passesOn ? step.OpportunityId : null;
        // The role that the conversion gave goes with it, unless somebody has given another one since.
        var own = step is not null && opportunity?.ContactRoles.Any(role => IsOwn(role, step)) == true ? step.OpportunityId : null;
        var roles = await (
            from role in db.ContactRoles
            join deal in deals on role.OpportunityId equals deal.Id
            where role.ContactId == undo.ContactId && deal.Id != gone && deal.Id != own
            select role.OpportunityId).CountAsync(ct);
        return roles == 0 ? [] : [Blocker("contact", undo.ContactId, "contactRoles", $"It has a role in {(roles == 1 ? "1 opportunity" : $"{roles} opportunities")}. Take it off there first.")];
    }

    /// <summary>Who else has changed the opportunity since: conversions and their undos do not count, they answer for themselves.</summary>
    private async Task<UndoBlocker?> Edits(Guid id, CancellationToken ct)
    {
        var edits = await db.Set<FieldHistoryRow>().AsNoTracking()
            .Where(h => h.RecordId == id && h.Kind != "created"
                && !db.ConversionSteps.Any(s => s.ConversionId == h.OperationId) && !db.UndoHolds.Any(u => u.UndoId == h.OperationId))
            .OrderByDescending(h => h.At).Take(20).ToListAsync(ct);
        if (edits.Count == 0) return null;
        var fields = edits.SelectMany(edit => JsonDocument.Parse(edit.Changes).RootElement.EnumerateObject().Select(change => change.Name)).Distinct().Order(StringComparer.Ordinal).Take(10);
        var who = edits[0].ActorId is { } actor ? directory.FindUser(actor)?.Name ?? "somebody" : "the system";
        return Blocker("opportunity", id, "edited", $"It was changed since it was made, last by {who} on {edits[0].At:yyyy-MM-dd}: {string.Join(", ", fields)}.");
    }

    private static UndoBlocker Blocker(string type, Guid id, string code, string detail) => new() { RecordType = type, RecordId = id, Code = code, Detail = detail };
}
