using System.Text.Json;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Organisation;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.Opportunities.References;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Creates an opportunity (OP1), in the default pipeline's first stage unless another one is named.</summary>
internal static class CreateOpportunity
{
    internal sealed record ContactInput
    {
        /// <summary>The contact.</summary>
        public required Guid ContactId { get; init; }
        /// <summary>Its part in the deal.</summary>
        public ContactRoleKind Role { get; init; }
        /// <summary>True for the one primary contact.</summary>
        public bool IsPrimary { get; init; }
    }

    internal sealed record Request
    {
        /// <summary>Name of the deal.</summary>
        public string? Name { get; init; }
        /// <summary>The account it is with.</summary>
        public Guid? AccountId { get; init; }
        /// <summary>Stage by id; left out: <see cref="Stage"/>, otherwise the default pipeline's first.</summary>
        public Guid? StageId { get; init; }
        /// <summary>Stage by name, in <see cref="PipelineId"/> or the default pipeline.</summary>
        public string? Stage { get; init; }
        /// <summary>Pipeline; its first stage when no stage is named.</summary>
        public Guid? PipelineId { get; init; }
        /// <summary>Why it was won or lost, when it begins in a closed stage.</summary>
        public string? Reason { get; init; }
        /// <summary>Contacts on the deal.</summary>
        public IReadOnlyList<ContactInput> ContactRoles { get; init; } = [];

        /// <inheritdoc cref="OpportunityInput.Amount"/>
        public decimal? Amount { get; init; }
        /// <inheritdoc cref="OpportunityInput.Currency"/>
        public string? Currency { get; init; }
        /// <inheritdoc cref="OpportunityInput.CloseDate"/>
        public DateOnly? CloseDate { get; init; }
        /// <inheritdoc cref="OpportunityInput.Probability"/>
        public int? Probability { get; init; }
        /// <inheritdoc cref="OpportunityInput.ForecastCategory"/>
        public ForecastCategory? ForecastCategory { get; init; }
        /// <inheritdoc cref="OpportunityInput.Type"/>
        public string? Type { get; init; }
        /// <inheritdoc cref="OpportunityInput.Source"/>
        public string? Source { get; init; }
        /// <inheritdoc cref="OpportunityInput.PrimaryCampaignId"/>
        public Guid? PrimaryCampaignId { get; init; }
        /// <inheritdoc cref="OpportunityInput.NextStep"/>
        public string? NextStep { get; init; }
        /// <inheritdoc cref="OpportunityInput.OwnerId"/>
        public Guid? OwnerId { get; init; }
        /// <inheritdoc cref="OpportunityInput.Team"/>
        public IReadOnlyList<TeamMember>? Team { get; init; }
        /// <inheritdoc cref="OpportunityInput.Competitors"/>
        public IReadOnlyList<string>? Competitors { get; init; }
        /// <inheritdoc cref="OpportunityInput.Description"/>
        public string? Description { get; init; }
        /// <inheritdoc cref="OpportunityInput.ExternalId"/>
        public string? ExternalId { get; init; }
        /// <inheritdoc cref="OpportunityInput.Custom"/>
        public IReadOnlyDictionary<string, JsonElement>? Custom { get; init; }

        internal OpportunityInput ToInput() => new()
        {
            Name = Name, AccountId = AccountId, Amount = Amount, Currency = Currency, CloseDate = CloseDate, Probability = Probability,
            ForecastCategory = ForecastCategory, Type = Type, Source = Source, PrimaryCampaignId = PrimaryCampaignId, NextStep = NextStep,
            OwnerId = OwnerId, Team = Team, Competitors = Competitors, Description = Description, ExternalId = ExternalId, Custom = Custom,
        };
    }

    internal static async Task<VersionedCreated<OpportunityResponse>> Handle(Request request, OpportunitiesDb db, OpportunityAccess access,
        AccountsClient accounts, CustomValues custom, CurrentOrganisation organisation, TimeProvider clock, CancellationToken ct)
    {
        var opportunity = await Make(request, access, accounts, custom, organisation.Value, clock.GetUtcNow(), ct);
        db.Add(opportunity);
        await access.Save(opportunity, ChangeKind.Created, ct);
        return Answers.Created($"/api/opportunities/{opportunity.Id}", await access.Describe(opportunity, ct), opportunity.Version);
    }

    /// <summary>The opportunity that a request asks for, checked but not saved; also for lines of a bulk request.</summary>
    internal static async Task<Opportunity> Make(
        Request request, OpportunityAccess access, AccountsClient accounts, CustomValues custom, OrganisationOptions organisation, DateTimeOffset now, CancellationToken ct)
    {
        var pipelines = await access.Pipelines(ct);
        var errors = new FieldErrors();
        var stage = FindStage(request, pipelines, errors) ?? pipelines.DefaultStage;
        var values = request.ToInput().ToValues(stage, organisation.Currency, organisation.DefaultCloseDate(now), OpportunityAccess.ActorId ?? Guid.Empty)
            with { HasPrimaryContact = request.ContactRoles.Any(r => r.IsPrimary), Custom = await custom.ForNew("opportunity", request.Custom, errors, ct) };

        foreach (var (field, message) in values.Violations()) errors.Add(field, message);
        foreach (var (field, message) in Opportunity.EntryViolations(null, stage, pipelines, values, request.Reason)) errors.Add(field, message);
        if (values.OwnerId != Guid.Empty) access.RequireActiveUser(values.OwnerId, "ownerId", errors);
        foreach (var member in values.Team) access.RequireActiveUser(member.UserId, "team", errors);
        CheckContactRoles(request.ContactRoles, errors);
        if (values.AccountId != Guid.Empty) await accounts.RequireAccount(values.AccountId, "accountId", errors, ct);
        foreach (var contact in request.ContactRoles.Take(OpportunityValues.ListLength)) await accounts.RequireContact(contact.ContactId, "contactRoles", errors, ct);
        errors.ThrowIfAny();

        var opportunity = Opportunity.Create(Guid.CreateVersion7(), values, stage, pipelines, request.Reason, null, OpportunityAccess.ActorId, now);
        foreach (var role in request.ContactRoles) opportunity.SetContactRole(role.ContactId, role.Role, role.IsPrimary, OpportunityAccess.ActorId, now);
        return opportunity;
    }

    private static StageInfo? FindStage(Request request, PipelineCatalog pipelines, FieldErrors errors)
    {
        if (request.PipelineId is { } pipelineId && pipelines.Pipeline(pipelineId) is null)
        {
            errors.Add("pipelineId", "There is no such pipeline.");
            return null;
        }
        var stage = (request.StageId, request.Stage, request.PipelineId) switch
        {
            ({ } id, _, _) => pipelines.Stage(id),
            (null, { } name, var pipeline) => pipelines.Stage(name, pipeline),
            (null, null, { } pipeline) => pipelines.Pipeline(pipeline)!.Stages.First(s => s.IsOpen),
            _ => pipelines.DefaultStage,
        };
        if (stage is null) errors.Add(request.StageId is null ? "stage" : "stageId", "There is no such stage.");
        else if (request.PipelineId is { } wanted && stage.PipelineId != wanted) errors.Add("stageId", "This stage is in another pipeline.");
        return stage;
    }

    private static void CheckContactRoles(IReadOnlyList<ContactInput> roles, FieldErrors errors)
    {
        if (roles.Count > OpportunityValues.ListLength) errors.Add("contactRoles", $"Up to {OpportunityValues.ListLength} contacts can be named.");
        if (roles.Count(r => r.IsPrimary) > 1) errors.Add("contactRoles", "Only one contact can be the primary one.");
        if (roles.DistinctBy(r => r.ContactId).Count() != roles.Count) errors.Add("contactRoles", "A contact is named twice.");
    }
}
