using System.Text.Json;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Campaigns.Data;
using LeadCrm.Campaigns.Members;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>Replaces a campaign's member statuses (CM1). Where a status becomes a response, its members respond now (CM2).</summary>
internal static class ChangeMemberStatuses
{
    /// <summary>All statuses in order: the further down, the more advanced. What is not named is removed.</summary>
    internal sealed record Request
    {
        /// <summary>All statuses.</summary>
        public required IReadOnlyList<MemberStatusInput> Statuses { get; init; }
        /// <summary>For removed statuses that members have: the status that they get instead.</summary>
        public IReadOnlyList<Replacement> Replacements { get; init; } = [];
    }

    /// <summary>Members of the removed status get the other one.</summary>
    internal sealed record Replacement(Guid StatusId, Guid ReplacementId);

    internal static async Task<Results<VersionedOk<CampaignResponse>, ProblemHttpResult>> Handle(Guid id, Request request, HttpContext http,
        CampaignsDb db, CampaignAccess access, MemberWriting members, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await access.LockForStatuses(id, ct) is not { } campaign) return Problems.NotFound();
        Versions.Check(expected, campaign.Version);

        var now = clock.GetUtcNow();
        var before = Statuses(campaign);
        var changes = campaign.ChangeStatuses(request.Statuses, Actor.Current.UserId, now);
        db.Add(History(campaign, before, now));
        await access.Save(campaign, ChangeKind.Updated, now, ct);
        await members.Respond(changes.TurnedResponded, now, ct);
        foreach (var status in changes.Removed) await LetGo(status, campaign, request.Replacements, members, now, ct);
        await transaction.CommitAsync(ct);
        return Answers.Ok(CampaignResponse.Of(campaign), campaign.Version);
    }

    /// <summary>Nobody keeps a status that is gone; that is checked at the commit, so the statuses may be written first.</summary>
    private static async Task LetGo(MemberStatus status, Campaign campaign, IReadOnlyList<Replacement> replacements, MemberWriting members, DateTimeOffset now, CancellationToken ct)
    {
        var replacement = campaign.Statuses.FirstOrDefault(s => replacements.Any(r => r.StatusId == status.Id && r.ReplacementId == s.Id));
        if (replacement is null && await members.CountOf(status.Id, ct) is var count and > 0)
            throw new DomainRuleException("status-in-use", $"{count} members are '{status.Name}' (you may not see all of them). Name a replacement for it.").With("statusId", status.Id);
        await members.Replace(status.Id, replacement ?? campaign.DefaultStatus, now, ct);
    }

    private static IReadOnlyList<MemberStatusResponse> Statuses(Campaign campaign) => [.. campaign.Statuses.OrderBy(s => s.Position).Select(MemberStatusResponse.Of)];

    /// <summary>The statuses are a table of their own; in the campaign's history they are one of its fields.</summary>
    private static FieldHistoryRow History(Campaign campaign, IReadOnlyList<MemberStatusResponse> before, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(), RecordType = "campaign", RecordId = campaign.Id, Version = campaign.Version + 1, Kind = "updated", At = now,
        ActorId = CampaignAccess.ActorId, OperationId = Actor.Current.OperationId,
        Changes = JsonSerializer.Serialize(new { memberStatuses = new { old = before, @new = Statuses(campaign) } }, Json.Options),
    };
}
