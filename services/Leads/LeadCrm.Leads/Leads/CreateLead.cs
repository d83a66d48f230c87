using LeadCrm.Leads.Data;
using LeadCrm.Leads.PickLists;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Leads;

/// <summary>Takes in a lead (LD1, LD2). Without an owner it belongs to whoever creates it, without a status it takes the default one.</summary>
internal static class CreateLead
{
    internal sealed record Request : LeadDetails
    {
        /// <summary>Status by name or id; the default status when absent.</summary>
        public string? Status { get; init; }
        /// <summary>Process whose path the lead follows; the default one when absent.</summary>
        public Guid? ProcessId { get; init; }
        /// <summary>Owning user; the caller when neither owner nor queue is given.</summary>
        public Guid? OwnerId { get; init; }
        /// <summary>Queue that holds the lead instead of a user.</summary>
        public Guid? QueueId { get; init; }
        /// <summary>Score, 0 to 100.</summary>
        public int? Score { get; init; }
        /// <summary>Grade.</summary>
        public string? Grade { get; init; }
    }

    internal static async Task<Results<VersionedCreated<LeadResponse>, RepeatedAnswer>> Handle(
        Request request, HttpContext http, LeadsDb db, LeadIntake intake, StatusBook statuses, OwnerRules owners, CustomValues custom, PickListCache lists, IDirectory directory, TimeProvider clock,
        CancellationToken ct)
    {
        var key = await IdempotencyStore.ReadKey(http);
        NewLead coming;
        try
        {
            var lead = await Check(request, db, statuses, owners, custom, lists, clock, ct);
            coming = new NewLead(lead, lead.ToResponse(directory, custom), key, Actor.Current);
        }
        catch (Exception ex) when (key is not null && ex is DomainRuleException or InvalidFieldsException)
        {
            // What was allowed when the lead was created may not be any more; who asks again is told what it was told then.
            await using var reading = await db.Database.BeginTransactionAsync(ct);
            if (await IdempotencyStore.Find(db, key!, ct) is { } answer) return new RepeatedAnswer(answer);
            throw;
        }
        return await intake.Take(coming).WaitAsync(ct) is { } before ? new RepeatedAnswer(before) : Answers.Created(coming.Location, coming.Answer, coming.Lead.Version);
    }

    private static async Task<Lead> Check(
        Request request, LeadsDb db, StatusBook statuses, OwnerRules owners, CustomValues custom, PickListCache lists, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var status = await statuses.ForNewLead(request.Status, errors, ct);
        await statuses.CheckProcess(request.ProcessId, errors, ct);
        var owner = request is { OwnerId: null, QueueId: null } ? LeadOwner.User(Actor.Current.UserId) : await owners.Check(request.OwnerId, request.QueueId, errors, ct);
        request = request with { Custom = await custom.ForNew("lead", request.Custom, errors, ct) };
        return Make(request, status, owner, await lists.Get(db, ct), errors, clock.GetUtcNow());
    }

    /// <summary>The lead that a request asks for, its custom values checked before, when nothing is wrong with it; also for lines of a bulk request.</summary>
    internal static Lead Make(Request request, LeadStatus? status, LeadOwner owner, PickListBook lists, FieldErrors errors, DateTimeOffset now)
    {
        var details = lists.ForNew(LeadRules.Normalise(request, errors));
        RateLead.Check(request.Score, request.Grade, errors);
        errors.ThrowIfAny();

        var lead = Lead.Create(Guid.CreateVersion7(now), details, status!, owner, Actor.Current.UserId, now);
        lead.Follow(request.ProcessId);
        lead.Signals.Rate(request.Score, request.Grade);
        return lead;
    }
}
