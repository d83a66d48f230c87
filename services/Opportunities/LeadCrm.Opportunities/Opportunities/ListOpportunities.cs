using System.Text.Json;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Pipelines;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>
/// Lists opportunities. Age in stage and rotting are computed in SQL, so that they can be filtered and sorted by (OP3).
/// <c>deleted=true</c> lists the recycle bin instead.
/// </summary>
internal static class ListOpportunities
{
    internal sealed record Item
    {
        /// <summary>The opportunity.</summary>
        public required Guid Id { get; init; }
        /// <summary>Its version.</summary>
        public required long Version { get; init; }
        /// <summary>Name.</summary>
        public required string Name { get; init; }
        /// <summary>The account.</summary>
        public required Guid AccountId { get; init; }
        /// <summary>Its name, when known here.</summary>
        public string? AccountName { get; init; }
        /// <summary>The pipeline.</summary>
        public required Guid PipelineId { get; init; }
        /// <summary>The stage.</summary>
        public required Guid StageId { get; init; }
        /// <summary>The stage's name.</summary>
        public required string Stage { get; init; }
        /// <summary>Open, won or lost.</summary>
        public required StageCategory StageCategory { get; init; }
        /// <summary>When it came into the stage (UTC).</summary>
        public required DateTimeOffset StageEnteredAt { get; init; }
        /// <summary>Whole days in the stage.</summary>
        public required int DaysInStage { get; init; }
        /// <summary>True when it is open and longer in its stage than expected.</summary>
        public required bool Rotting { get; init; }
        /// <summary>Amount.</summary>
        public decimal? Amount { get; init; }
        /// <summary>ISO 4217 code.</summary>
        public required string Currency { get; init; }
        /// <summary>Expected or actual close date.</summary>
        public required DateOnly CloseDate { get; init; }
        /// <summary>Percent.</summary>
        public required int Probability { get; init; }
        /// <summary>Forecast category.</summary>
        public required ForecastCategory ForecastCategory { get; init; }
        /// <summary>Type.</summary>
        public string? Type { get; init; }
        /// <summary>Source.</summary>
        public string? Source { get; init; }
        /// <summary>Primary campaign.</summary>
        public Guid? PrimaryCampaignId { get; init; }
        /// <summary>Next step.</summary>
        public string? NextStep { get; init; }
        /// <summary>Owner.</summary>
        public required Guid OwnerId { get; init; }
        /// <summary>The owner's name, when known here.</summary>
        public string? OwnerName { get; init; }
        /// <summary>When it was last touched: a call, an e-mail, an event held (AV8).</summary>
        public DateTimeOffset? LastTouchAt { get; init; }
        /// <summary>When the next open task is due or the next event begins (AV8).</summary>
        public DateTimeOffset? NextActivityAt { get; init; }
        /// <summary>When it was created (UTC).</summary>
        public required DateTimeOffset CreatedAt { get; init; }
        /// <summary>When it was last changed (UTC).</summary>
        public required DateTimeOffset UpdatedAt { get; init; }
        /// <summary>Custom fields by key.</summary>
        public IReadOnlyDictionary<string, JsonElement> Custom { get; init; } = CustomJson.Read(null);
        internal string? StoredCustom { get; init; }
        /// <summary>When it was won or lost (UTC).</summary>
        public DateTimeOffset? ClosedAt { get; init; }
        /// <summary>When it went to the recycle bin; only in lists of the bin.</summary>
        public DateTimeOffset? DeletedAt { get; init; }
    }

    internal sealed class Row
    {
        public Guid Id { get; init; }
        public required Opportunity Opportunity { get; init; }
        public required Stage Stage { get; init; }
        public string? AccountName { get; init; }
        public int DaysInStage { get; init; }
        public bool Rotting { get; init; }
        public DateTimeOffset? LastTouchAt { get; init; }
        public DateTimeOffset? NextActivityAt { get; init; }
    }

    private static readonly ListFields<Row> Fields = Declare();

    private static ListFields<Row> Declare() => new ListFields<Row>()
        .Add("name", r => r.Opportunity.Name)
        .Add("accountId", r => r.Opportunity.AccountId, sortable: false)
        .Add("accountName", r => r.AccountName)
        .Add("pipelineId", r => r.Stage.PipelineId, sortable: false)
        .Add("stageId", r => r.Opportunity.StageId, sortable: false)
        .Add("stage", r => r.Stage.Name)
        .Add("stageCategory", r => r.Stage.Category)
        .Add("stageEnteredAt", r => r.Opportunity.StageEnteredAt)
        .Add("daysInStage", r => r.DaysInStage)
        .Add("rotting", r => r.Rotting)
        .Add("amount", r => r.Opportunity.Amount)
        .Add("currency", r => r.Opportunity.Currency)
        .Add("closeDate", r => r.Opportunity.CloseDate)
        .Add("probability", r => r.Opportunity.Probability)
        .Add("forecastCategory", r => r.Opportunity.ForecastCategory)
        .Add("type", r => r.Opportunity.Type)
        .Add("source", r => r.Opportunity.Source)
        .Add("primaryCampaignId", r => r.Opportunity.PrimaryCampaignId, sortable: false)
        .Add("nextStep", r => r.Opportunity.NextStep)
        .Add("ownerId", r => r.Opportunity.OwnerId, sortable: false)
        .Add("closeReason", r => r.Opportunity.CloseReason)
        .Add("closedAt", r => r.Opportunity.ClosedAt)
        .Add("externalId", r => r.Opportunity.ExternalId)
        .Add("lastTouchAt", r => r.LastTouchAt)
        .Add("nextActivityAt", r => r.NextActivityAt)
        .Add("createdAt", r => r.Opportunity.CreatedAt)
        .Add("updatedAt", r => r.Opportunity.UpdatedAt);

    internal static async Task<Ok<ListPage<Item>>> Handle(
        HttpRequest request, OpportunitiesDb db, OpportunityAccess access, CustomFieldCache custom, IDirectory directory, TimeProvider clock, CancellationToken ct)
    {
        var rows = Rows(request, db, access, clock);
        var customFields = custom.Of("opportunity");
        return TypedResults.Ok(await Lists.Page(rows, FieldsFor(request, db, customFields), request, "-createdAt", r => new Item
        {
            Id = r.Id,
            Version = r.Opportunity.Version,
            Name = r.Opportunity.Name,
            AccountId = r.Opportunity.AccountId,
            AccountName = r.AccountName,
            PipelineId = r.Stage.PipelineId,
            StageId = r.Stage.Id,
            Stage = r.Stage.Name,
            StageCategory = r.Stage.Category,
            StageEnteredAt = r.Opportunity.StageEnteredAt,
            DaysInStage = r.DaysInStage,
            Rotting = r.Rotting,
            Amount = r.Opportunity.Amount,
            Currency = r.Opportunity.Currency,
            CloseDate = r.Opportunity.CloseDate,
            Probability = r.Opportunity.Probability,
            ForecastCategory = r.Opportunity.ForecastCategory,
            Type = r.Opportunity.Type,
            Source = r.Opportunity.Source,
            PrimaryCampaignId = r.Opportunity.PrimaryCampaignId,
            NextStep = r.Opportunity.NextStep,
            OwnerId = r.Opportunity.OwnerId,
            LastTouchAt = r.LastTouchAt,
            NextActivityAt = r.NextActivityAt,
            CreatedAt = r.Opportunity.CreatedAt,
            UpdatedAt = r.Opportunity.UpdatedAt,
            ClosedAt = r.Opportunity.ClosedAt,
            DeletedAt = r.Opportunity.DeletedAt,
            StoredCustom = r.Opportunity.Custom,
        }, i => i with { OwnerName = directory.FindUser(i.OwnerId)?.Name, Custom = customFields.Shown(i.StoredCustom) }, ct, "deleted"));
    }

    /// <summary>The opportunities that a list with this query string holds, whatever its page and order.</summary>
    internal static IQueryable<Row> Select(HttpRequest request, OpportunitiesDb db, OpportunityAccess access, CustomFieldCache custom, IDirectory directory, TimeProvider clock) =>
        Lists.Where(Rows(request, db, access, clock), FieldsFor(request, db, custom.Of("opportunity")), request.Query, RelativeDates.Of(directory, clock), "deleted");

    private static ListFields<Row> FieldsFor(HttpRequest request, OpportunitiesDb db, CustomFieldSet custom)
    {
        var fields = request.Query.ContainsKey("q") ? Declare().Search((found, text) => Search(db, found, text)) : Fields;
        return fields.With(custom, r => r.Opportunity.Custom);
    }

    private static IQueryable<Row> Rows(HttpRequest request, OpportunitiesDb db, OpportunityAccess access, TimeProvider clock)
    {
        var opportunities = access.Visible(db.Opportunities).AsNoTracking();
        if (request.Query["deleted"] == "true") opportunities = opportunities.IgnoreQueryFilters([PlatformModel.RecycleBin]).Where(o => o.DeletedAt != null);

        var now = clock.GetUtcNow();
        return
            from o in opportunities
            join s in db.Stages on o.StageId equals s.Id
            join a in db.Accounts on o.AccountId equals a.Id into accounts
            from a in accounts.DefaultIfEmpty()
            join t in db.Touches on o.Id equals t.OpportunityId into touches
            from t in touches.DefaultIfEmpty()
            select new Row
            {
                Id = o.Id,
                Opportunity = o,
                Stage = s,
                AccountName = a.Name,
                DaysInStage = (int)Math.Floor((now - o.StageEnteredAt).TotalDays),
                LastTouchAt = t.LastTouchAt,
                NextActivityAt = t.NextActivityAt,
                Rotting = s.Category == StageCategory.Open && s.ExpectedDays != null && o.StageEnteredAt.AddDays(s.ExpectedDays!.Value) < now,
            };
    }

    // Name and account also with typos (trigrams), next step and description by words: what the search box searches, through the same two indexes. As a union of
    // ids, for an OR across two tables could use none of their indexes. The filters of the outer query (provisional, recycle bin) hold for these, too.
    private static IQueryable<Row> Search(OpportunitiesDb db, IQueryable<Row> rows, string text)
    {
        var pattern = "%" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
        var (words, fragment) = (text.ToLowerInvariant(), pattern.ToLowerInvariant());
        var byOwnText = db.Opportunities.FromSql(
            $"select * from opportunities where search_text like {fragment} or {words} <% search_text or search_vector @@ websearch_to_tsquery('simple', {text})").Select(o => o.Id);
        var byAccount =
            from a in db.Accounts
            where EF.Functions.ILike(a.Name, pattern) || EF.Functions.TrigramsAreWordSimilar(text, a.Name)
            join o in db.Opportunities on a.Id equals o.AccountId
            select o.Id;
        var found = byOwnText.Union(byAccount);
        return rows.Where(r => found.Contains(r.Id));
    }
}
