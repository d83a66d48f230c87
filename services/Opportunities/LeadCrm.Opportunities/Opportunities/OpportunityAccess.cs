using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Conversion;
using LeadCrm.Opportunities.ConversionUndo;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Visibility;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>How the actions get at an opportunity and save it: the row, its history and its event in one commit.</summary>
internal sealed class OpportunityAccess(
    OpportunitiesDb db, PipelineCache pipelines, IVisibility visibility, CustomFieldCache custom, IDirectory directory, IPublishEndpoint publish, TimeProvider clock)
{
    /// <summary>What the acting user may see and change of opportunities.</summary>
    internal Scope Scope => visibility.Of("opportunity");

    /// <summary>As far as the acting user may see them.</summary>
    internal IQueryable<Opportunity> Visible(IQueryable<Opportunity> opportunities) => opportunities.VisibleTo(Scope, opportunity => opportunity.OwnerId);

    internal static Guid? ActorId => Actor.Current.IsSystem ? null : Actor.Current.UserId;

    internal ValueTask<PipelineCatalog> Pipelines(CancellationToken ct) => pipelines.Get(db, ct);

    /// <summary>The opportunity for reading, null when it may not be seen: also a provisional one, which says so (C33).</summary>
    internal Task<Opportunity?> Find(Guid id, CancellationToken ct) => Visible(db.Opportunities).AsNoTracking()
        .IgnoreQueryFilters([OpportunityMapping.Provisional]).Include(o => o.ContactRoles).FirstOrDefaultAsync(o => o.Id == id, ct);

    /// <summary>
    /// The opportunity for a change, null when there is none or it may not be seen, 403 when it may not be changed. Provisional: 409, which comes before the 412 of another version.
    /// </summary>
    internal async Task<Opportunity?> FindForEdit(Guid id, long? expectedVersion, CancellationToken ct)
    {
        var opportunity = await FindForEdit(db.Opportunities.IgnoreQueryFilters([OpportunityMapping.Provisional]), id, ct);
        if (opportunity is null) return null;
        opportunity.RefuseWhileProvisional();
        if (expectedVersion is { } expected) Versions.Check(expected, opportunity.Version);
        return opportunity;
    }

    /// <summary>The same among these, whatever state it is in.</summary>
    internal async Task<Opportunity?> FindForEdit(IQueryable<Opportunity> opportunities, Guid id, CancellationToken ct)
    {
        var opportunity = await Visible(opportunities).Include(o => o.ContactRoles).FirstOrDefaultAsync(o => o.Id == id, ct);
        if (opportunity is not null) Scope.DemandEdit(opportunity.OwnerId);
        return opportunity;
    }

    /// <summary>Refuses what would pull the record from under a running conversion that attached itself to it.</summary>
    internal async Task RefuseWhileConversionUses(Guid id, CancellationToken ct)
    {
        var conversion = await db.ConversionSteps.AsNoTracking().FirstOrDefaultAsync(s => s.OpportunityId == id && s.State == ConversionStepState.Applied, ct);
        if (conversion is not null)
            throw new DomainRuleException("conversion-running", "A conversion that is still running uses this opportunity. Try again when it is through.")
                .With("conversionId", conversion.ConversionId);
    }

    internal void RequireActiveUser(Guid id, string field, FieldErrors errors)
    {
        if (directory.FindUser(id) is not { IsActive: true }) errors.Add(field, "Must be an active user.");
    }

    /// <summary>Saves with the event in one commit.</summary>
    internal async Task Save(Opportunity opportunity, ChangeKind kind, CancellationToken ct)
    {
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        await HeldReferences.RefuseNewOnes(db, ct);
        await Announce(opportunity, kind, ct);
        await db.SaveChangesAsync(ct);
        if (own is not null) await own.CommitAsync(ct);
    }

    /// <summary>Puts the event into the outbox, without saving.</summary>
    internal async Task Announce(Opportunity opportunity, ChangeKind kind, CancellationToken ct)
    {
        var stage = (await Pipelines(ct)).Stage(opportunity.StageId)!;
        var pending = kind == ChangeKind.Created ? [] : await db.ConversionSteps.AsNoTracking()
            .Where(s => s.OpportunityId == opportunity.Id && s.State == ConversionStepState.Applied && s.Filled != null)
            .Select(s => s.Filled!).ToListAsync(ct);
        var message = OpportunityEvents.Changed(opportunity, kind, stage, pending, ActorId, clock.GetUtcNow());
        await publish.PublishFor(opportunity.Id, message, ct);
    }

    /// <summary>The record as it is read, with the names that this service knows.</summary>
    internal async Task<OpportunityResponse> Describe(Opportunity opportunity, CancellationToken ct)
    {
        var stage = (await Pipelines(ct)).Stage(opportunity.StageId)!;
        var account = await db.Accounts.AsNoTracking().Where(a => a.Id == opportunity.AccountId).Select(a => a.Name).FirstOrDefaultAsync(ct);
        var contactIds = opportunity.ContactRoles.Select(r => r.PersonId).Distinct().ToArray();
        var contacts = contactIds.Length == 0 ? [] : await db.Contacts.AsNoTracking().Where(c => contactIds.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Name, ct);
        var leads = await db.ConversionSteps.AsNoTracking()
            .Where(s => s.OpportunityId == opportunity.Id && s.State == ConversionStepState.Revealed)
            .OrderBy(s => s.ConversionId)
            .Select(s => new ConvertedLeadResponse { LeadId = s.LeadId!.Value, ConversionId = s.ConversionId, Created = s.Created }).ToListAsync(ct);

        var now = clock.GetUtcNow();
        var inStage = now - opportunity.StageEnteredAt;
        return new OpportunityResponse
        {
            Id = opportunity.Id,
            Version = opportunity.Version,
            Provisional = opportunity.IsProvisional,
            PendingConversionId = opportunity.PendingConversionId,
            Name = opportunity.Name,
            AccountId = opportunity.AccountId,
            AccountName = account,
            Amount = opportunity.Amount,
            Currency = opportunity.Currency,
            CloseDate = opportunity.CloseDate,
            PipelineId = stage.PipelineId,
            StageId = stage.Id,
            Stage = stage.Name,
            StageCategory = stage.Category,
            StageEnteredAt = opportunity.StageEnteredAt,
            DaysInStage = Math.Max(0, (int)inStage.TotalDays),
            Rotting = stage.IsOpen && stage.ExpectedDays is { } days && inStage > TimeSpan.FromDays(days),
            Probability = opportunity.Probability,
            ForecastCategory = opportunity.ForecastCategory,
            Type = opportunity.Type,
            Source = opportunity.Source,
            PrimaryCampaignId = opportunity.PrimaryCampaignId,
            NextStep = opportunity.NextStep,
            OwnerId = opportunity.OwnerId,
            OwnerName = directory.FindUser(opportunity.OwnerId)?.Name,
            Team = opportunity.Team,
            Competitors = opportunity.Competitors,
            Description = opportunity.Description,
            ExternalId = opportunity.ExternalId,
            Custom = custom.Of("opportunity").Shown(opportunity.Custom),
            CloseReason = opportunity.CloseReason,
            ClosedAt = opportunity.ClosedAt,
            ContactRoles = [.. opportunity.People.OrderByDescending(p => p.IsPrimary).ThenBy(p => p.Role.AddedAt).Select(p => new ContactRoleResponse
            {
                ContactId = p.Role.PersonId,
                ContactName = contacts.GetValueOrDefault(p.Role.PersonId),
                Role = p.Role.Role,
                IsPrimary = p.IsPrimary,
                Provisional = p.Role.IsProvisional,
            })],
            Leads = leads,
            CreatedAt = opportunity.CreatedAt,
            CreatedBy = opportunity.CreatedBy,
            UpdatedAt = opportunity.UpdatedAt,
            UpdatedBy = opportunity.UpdatedBy,
        };
    }
}
