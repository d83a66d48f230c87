using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.Visibility;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.BulkChanges;

/// <summary>What a lead's turn came to: changed, unless there is a problem.</summary>
internal sealed record BulkChangeTurn(BulkChangeLead Lead, BulkChangeProblem? Problem)
{
    public static BulkChangeTurn Refused(BulkChangeLead lead, DomainRuleException rule) => new(lead, new BulkChangeProblem
    {
        Type = rule.Type.StartsWith(Problems.Urn, StringComparison.Ordinal) ? rule.Type : Problems.Urn + rule.Type, Status = rule.Status, Detail = rule.Message,
    });

    public static BulkChangeTurn Refused(BulkChangeLead lead, InvalidFieldsException invalid) => new(lead, new BulkChangeProblem
    {
        Type = Problems.Urn + "validation", Status = StatusCodes.Status422UnprocessableEntity, Detail = string.Join(' ', invalid.Errors.SelectMany(error => error.Value)), Errors = invalid.Errors,
    });
}

/// <summary>
/// Changes some leads of a <see cref="BulkChange"/> in the open transaction, each by the rules of its single endpoint and with the rights of the job's user. One that
/// is refused is nothing to the others. One event tells of all.
/// </summary>
internal sealed class BulkChangeTurns(BulkChange job, LeadsDb db, LeadAccess access, OrganisationCalendar calendar, IPublishEndpoint publish, TimeProvider clock)
{
    private readonly Editing editing = Editing.ByCurrentActor;
    private readonly BulkChangeOrder order = job.Order;
    private LeadStatus? status;
    private Dictionary<Guid, LeadProcess> processes = [];

    /// <summary>An outcome for each lead, in their order; saved, not committed.</summary>
    public async Task<IReadOnlyList<BulkChangeTurn>> Take(IReadOnlyList<BulkChangeLead> leads, CancellationToken ct)
    {
        if (!Actor.Current.Has(BulkChangeOrder.Permission(order.Action)))
            return [.. leads.Select(lead => BulkChangeTurn.Refused(lead, new DomainRuleException("forbidden", "Who started this may no longer do it.", 403)))];
        if (order.Action == BulkChangeAction.Move)
        {
            status = await db.Statuses.FirstOrDefaultAsync(s => s.Id == order.StatusId, ct);
            processes = await db.Processes.ToDictionaryAsync(p => p.Id, ct);
        }

        Guid[] ids = [.. leads.Select(lead => lead.LeadId)];
        // In the order of their ids, so that two of these never wait for each other crosswise.
        var found = await db.Leads.FromSql($"select * from leads where id = any({ids}) order by id for update").IgnoreQueryFilters([PlatformModel.RecycleBin])
            .VisibleTo(access.Scope, l => l.OwnerId, l => l.QueueId).Include(l => l.Status).Include(l => l.Signals).ToDictionaryAsync(l => l.Id, ct);
        var turns = leads.Select(lead => Take(lead, found.GetValueOrDefault(lead.LeadId))).ToList();
        await Save([.. turns.Where(turn => turn.Problem is null).Select(turn => found[turn.Lead.LeadId])], ct);
        return turns;
    }

    private BulkChangeTurn Take(BulkChangeLead turn, Lead? lead)
    {
        try
        {
            if (lead is null) throw new DomainRuleException("not-found", "There is no such lead, or you may not see it.", 404);
            if (lead.DeletedAt is not null && order.Action != BulkChangeAction.Restore) throw new DomainRuleException("deleted", "This lead is in the recycle bin.");
            if (order.Action == BulkChangeAction.Transfer) access.Scope.DemandTransfer(lead.OwnerId, lead.QueueId);
            else access.Scope.DemandEdit(lead.OwnerId, lead.QueueId);
            lead.EnsureEditable(editing);
            if (turn.LeadVersion is { } seen) Versions.Check(seen, lead.Version);
            Change(lead);
            return new BulkChangeTurn(turn, null);
        }
        catch (DomainRuleException rule)
        {
            return BulkChangeTurn.Refused(turn, rule);
        }
        catch (InvalidFieldsException invalid)
        {
            return BulkChangeTurn.Refused(turn, invalid);
        }
    }

    /// <summary>The change itself. Each of these says no before it touches the lead.</summary>
    private void Change(Lead lead)
    {
        var now = clock.GetUtcNow();
        switch (order.Action)
        {
            case BulkChangeAction.Transfer: lead.TransferTo(new LeadOwner(order.OwnerId, order.QueueId), editing, now); break;
            case BulkChangeAction.Move:
                if (status is null) throw new DomainRuleException("status-gone", $"There is no status “{order.Name}” any more.", 422);
                lead.MoveTo(status, new StatusMove(order.Reason, order.FollowUpOn, calendar.Today), lead.ProcessId is { } process ? processes[process] : processes.Values.First(p => p.IsDefault), editing, now);
                break;
            case BulkChangeAction.Delete: lead.Delete(editing, now); break;
            default: lead.Restore(now); break;
        }
    }

    private async Task Save(IReadOnlyList<Lead> changed, CancellationToken ct)
    {
        db.ChangeTracker.DetectChanges();
        LeadState[] states = [.. changed.Where(lead => db.Entry(lead).State == EntityState.Modified).Select(lead => lead.ToState(lead.Version + 1))];
        if (states.Length > 0)
        {
            var kind = order.Action switch { BulkChangeAction.Delete => ChangeKind.Deleted, BulkChangeAction.Restore => ChangeKind.Restored, _ => ChangeKind.Updated };
            await publish.PublishFor(job.Id, new LeadsChanged { Kind = kind, Leads = states, ActorId = Actor.Current.UserId, At = clock.GetUtcNow() }, ct);
        }
        await db.SaveChangesAsync(ct);
    }
}
