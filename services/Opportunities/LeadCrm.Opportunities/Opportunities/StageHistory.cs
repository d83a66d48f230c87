using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Every stage move with amount and probability of its time (OP3).</summary>
internal static class StageHistory
{
    private static readonly ListFields<StageMove> Fields = new ListFields<StageMove>()
        .Add("at", m => m.At).Add("kind", m => m.Kind).Add("fromStage", m => m.FromStage).Add("toStage", m => m.ToStage).Add("actorId", m => m.ActorId);

    internal sealed record Move
    {
        /// <summary>The move.</summary>
        public required Guid Id { get; init; }
        /// <summary>Created, moved, won, lost or reopened.</summary>
        public required StageMoveKind Kind { get; init; }
        /// <summary>Stage left, by the name it had.</summary>
        public string? FromStage { get; init; }
        /// <summary>Stage entered, by the name it had.</summary>
        public required string ToStage { get; init; }
        /// <summary>Amount at that time.</summary>
        public decimal? Amount { get; init; }
        /// <summary>ISO 4217 code.</summary>
        public required string Currency { get; init; }
        /// <summary>Probability with which it entered the stage.</summary>
        public required int Probability { get; init; }
        /// <summary>Days it had been in the stage it left.</summary>
        public double? DaysInFromStage { get; init; }
        /// <summary>Reason or remark.</summary>
        public string? Reason { get; init; }
        /// <summary>Who moved it.</summary>
        public Guid? ActorId { get; init; }
        /// <summary>The actor's name, when known.</summary>
        public string? ActorName { get; init; }
        /// <summary>When (UTC).</summary>
        public required DateTimeOffset At { get; init; }
    }

    internal static async Task<Results<Ok<ListPage<Move>>, ProblemHttpResult>> Handle(
        Guid id, HttpRequest request, OpportunitiesDb db, OpportunityAccess access, IDirectory directory, CancellationToken ct)
    {
        if (await access.Find(id, ct) is null) return Problems.NotFound();
        return TypedResults.Ok(await Lists.Page(db.StageMoves.AsNoTracking().Where(m => m.OpportunityId == id), Fields, request, "-at", m => new Move
        {
            Id = m.Id,
            Kind = m.Kind,
            FromStage = m.FromStage,
            ToStage = m.ToStage,
            Amount = m.Amount,
            Currency = m.Currency,
            Probability = m.Probability,
            DaysInFromStage = m.DaysInFromStage,
            Reason = m.Reason,
            ActorId = m.ActorId,
            At = m.At,
        }, m => m with { ActorName = m.ActorId is { } actor ? directory.FindUser(actor)?.Name : null }, ct));
    }
}
