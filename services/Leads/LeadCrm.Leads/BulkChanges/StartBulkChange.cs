using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.LeasedJobs;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.Leads.BulkChanges;

/// <summary>
/// Takes one change of many leads on: of chosen ones, or of all that a list holds now (VW5, UI10). Whether it may touch a lead is decided when the lead's turn comes,
/// with the rights that the user has then.
/// </summary>
internal static class StartBulkChange
{
    internal const int Most = 10_000;

    /// <param name="Id">The lead.</param>
    /// <param name="Version">The version that was seen: a lead that somebody has changed since is refused. Left out: whatever it is by then.</param>
    internal sealed record Chosen(Guid Id, long? Version = null);

    internal sealed record Request
    {
        /// <summary>The leads, up to 10,000, in the order in which they are changed. Or <see cref="Filter"/>.</summary>
        public IReadOnlyList<Chosen>? Leads { get; init; }
        /// <summary>All leads of a list, up to 10,000: the list's own query string, such as <c>view=current&amp;score[gte]=60</c>.</summary>
        public string? Filter { get; init; }
        /// <summary>What happens to each of them.</summary>
        public required BulkChangeAction Action { get; init; }
        /// <summary>For <c>transfer</c>: to whom.</summary>
        public TransferLead.Request? Owner { get; init; }
        /// <summary>For <c>move</c>: where to; turning leads down needs a reason and a date to look again, the same for all.</summary>
        public MoveLead.Request? Status { get; init; }
    }

    internal static async Task<Results<Accepted<BulkChangeAnswer>, ProblemHttpResult>> Handle(
        Request request, LeadsDb db, LeadLists lists, OwnerRules owners, StatusBook statuses, OrganisationCalendar calendar,
        IDirectory directory, JobSignal<BulkChangeRun> signal, TimeProvider clock, CancellationToken ct)
    {
        var actor = Actor.Current;
        var permission = BulkChangeOrder.Permission(request.Action);
        if (!actor.Has(permission)) throw new DomainRuleException("forbidden", $"This needs the permission {permission}.", 403);

        var errors = new FieldErrors();
        if (request.Leads is null == request.Filter is null) errors.Add("leads", "Say which leads: either leads or filter.");
        if (request.Leads is { Count: > Most }) errors.Add("leads", $"One change takes up to {Most:N0} leads.");
        if (request.Action != BulkChangeAction.Transfer && request.Owner is not null) errors.Add("owner", "Only a transfer has an owner.");
        if (request.Action != BulkChangeAction.Move && request.Status is not null) errors.Add("status", "Only a move has a status.");
        var order = request.Action switch
        {
            BulkChangeAction.Transfer => await Transfer(request.Owner, db, owners, directory, errors, ct),
            BulkChangeAction.Move => await Move(request.Status, statuses, calendar, errors, ct),
            _ => new BulkChangeOrder { Action = request.Action },
        };
        errors.ThrowIfAny();

        Chosen[] leads = request.Leads is { } chosen ? [.. chosen.DistinctBy(lead => lead.Id)] : await Filtered(request.Filter!, lists, ct);
        if (leads.Length == 0) return Problems.Unprocessable("no-leads", "There are no leads to change: the filter leaves none, or the list is empty.");
        if (leads.Length > Most) return Problems.Unprocessable("too-many-leads", $"One change takes up to {Most:N0} leads. Narrow the filter, or split the list.");

        var job = new BulkChange(Guid.CreateVersion7(), order, leads.Length, actor.UserId, actor.Name, clock.GetUtcNow());
        await db.InTransaction(async () =>
        {
            db.Add(job);
            await db.SaveChangesAsync(ct);
            await AddLeads(db, job.Id, leads, ct);
            return job;
        }, ct);
        signal.Wake();
        return TypedResults.Accepted($"{BulkChangeRun.Address}/{job.Id}", BulkChangeAnswer.Of(job));
    }

    private static async Task<BulkChangeOrder> Transfer(TransferLead.Request? to, LeadsDb db, OwnerRules owners, IDirectory directory, FieldErrors errors, CancellationToken ct)
    {
        var found = new FieldErrors();
        var owner = await owners.Check(to?.OwnerId, to?.QueueId, found, ct);
        foreach (var (field, messages) in found.ToDictionary()) foreach (var message in messages) errors.Add($"owner.{field}", message);
        var name = owner.UserId is { } user ? directory.FindUser(user)?.Name
            : owner.QueueId is { } queue ? await db.Queues.Where(q => q.Id == queue).Select(q => q.Name).FirstOrDefaultAsync(ct) : null;
        return new BulkChangeOrder { Action = BulkChangeAction.Transfer, OwnerId = owner.UserId, QueueId = owner.QueueId, Name = name };
    }

    private static async Task<BulkChangeOrder> Move(MoveLead.Request? to, StatusBook statuses, OrganisationCalendar calendar, FieldErrors errors, CancellationToken ct)
    {
        var status = to is null ? null : await statuses.Find(to.Status, ct);
        if (to is null) errors.Add("status", "Say which status the leads move to.");
        else if (status is null) errors.Add("status.status", $"There is no status “{to.Status}”.");
        if (to is { FollowUpOn: not null, FollowUpInDays: not null }) errors.Add("status.followUpInDays", "Send followUpOn or followUpInDays, not both.");
        if (to?.FollowUpInDays is < 1 or > 3_650) errors.Add("status.followUpInDays", "1 to 3,650 days.");
        if (errors.Any) return new BulkChangeOrder { Action = BulkChangeAction.Move };

        var today = calendar.Today;
        var move = new StatusMove(to!.Reason, to.FollowUpInDays is { } days ? today.AddDays(days) : to.FollowUpOn, today);
        Lead.EnsureMove(status!, move);
        return new BulkChangeOrder { Action = BulkChangeAction.Move, StatusId = status!.Id, Name = status.Name, Reason = move.Reason, FollowUpOn = move.FollowUpOn };
    }

    private static async Task<Chosen[]> Filtered(string filter, LeadLists lists, CancellationToken ct) =>
        await (await lists.Where(QueryHelpers.ParseQuery(filter), ct)).OrderBy(lead => lead.CreatedAt).ThenBy(lead => lead.Id).Take(Most + 1).Select(lead => new Chosen(lead.Id, null)).ToArrayAsync(ct);

    private static async Task AddLeads(LeadsDb db, Guid job, Chosen[] leads, CancellationToken ct)
    {
        await using var copy = await ((NpgsqlConnection)db.Database.GetDbConnection())
            .BeginBinaryImportAsync("copy bulk_change_leads (id, bulk_change_id, position, lead_id, lead_version, state) from stdin (format binary)", ct);
        for (var i = 0; i < leads.Length; i++)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(job, NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(i, NpgsqlDbType.Integer, ct);
            await copy.WriteAsync(leads[i].Id, NpgsqlDbType.Uuid, ct);
            if (leads[i].Version is { } version) await copy.WriteAsync(version, NpgsqlDbType.Bigint, ct);
            else await copy.WriteNullAsync(ct);
            await copy.WriteAsync(nameof(BulkChangeLeadState.Waiting), NpgsqlDbType.Text, ct);
        }
        await copy.CompleteAsync(ct);
    }
}
