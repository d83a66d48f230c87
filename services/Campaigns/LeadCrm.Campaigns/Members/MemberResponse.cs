using LeadCrm.Campaigns.Access;
using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Members;

/// <summary>A member as lists and pages show it.</summary>
internal sealed record MemberResponse
{
    public required Guid Id { get; init; }
    public required long Version { get; init; }
    public required Guid CampaignId { get; init; }
    /// <summary><c>lead</c> or <c>contact</c>.</summary>
    public required string Type { get; init; }
    /// <summary>The lead, when it is one.</summary>
    public Guid? LeadId { get; init; }
    /// <summary>The contact, when it is one.</summary>
    public Guid? ContactId { get; init; }
    /// <summary>The person's name.</summary>
    public required string Name { get; init; }
    /// <summary>Who owns the lead or contact; null when a queue holds it.</summary>
    public Guid? OwnerId { get; init; }
    public required Guid StatusId { get; init; }
    /// <summary>The status's name.</summary>
    public required string Status { get; init; }
    /// <summary>Whether the status counts as a response.</summary>
    public required bool Responded { get; init; }
    /// <summary>When the member first responded; set once.</summary>
    public DateTimeOffset? FirstRespondedAt { get; init; }
    /// <summary>When the person joined.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>When it was removed; only in lists of removed members.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>A member with its status and its person: what lists filter and sort by.</summary>
internal sealed class MemberRow
{
    public required Guid Id { get; init; }
    public required CampaignMember Member { get; init; }
    public required MemberStatus Status { get; init; }
    public required KnownRecord Person { get; init; }

    public static System.Linq.Expressions.Expression<Func<MemberRow, MemberResponse>> Select { get; } = r => new MemberResponse
    {
        Id = r.Id, Version = r.Member.Version, CampaignId = r.Member.CampaignId, Type = r.Member.PersonType,
        LeadId = r.Member.PersonType == PersonTypes.Lead ? r.Member.PersonId : null, ContactId = r.Member.PersonType == PersonTypes.Contact ? r.Member.PersonId : null,
        Name = r.Person.Name, OwnerId = r.Person.OwnerId, StatusId = r.Status.Id, Status = r.Status.Name, Responded = r.Status.IsResponded,
        FirstRespondedAt = r.Member.FirstRespondedAt, CreatedAt = r.Member.CreatedAt, UpdatedAt = r.Member.UpdatedAt, DeletedAt = r.Member.DeletedAt,
    };
}

/// <summary>Members in the caller's sight: whoever may not see a lead or contact does not see it as a member, nor in counts.</summary>
internal sealed class MembersInSight(CampaignsDb db, CampaignAccess campaigns, Sight sight)
{
    /// <summary>Of these members the ones whose person the caller may see.</summary>
    public IQueryable<MemberRow> Rows(IQueryable<CampaignMember> members) =>
        from m in members
        join p in sight.People() on new { Type = m.PersonType, Id = m.PersonId } equals new { Type = p.RecordType, Id = p.RecordId }
        select new MemberRow { Id = m.Id, Member = m, Status = m.Status, Person = p };

    /// <summary>One member; null when the caller may not see it or its campaign.</summary>
    public async Task<MemberResponse?> Find(Guid campaignId, Guid memberId, CancellationToken ct) =>
        await campaigns.Visible().AnyAsync(c => c.Id == campaignId, ct)
            ? await Rows(db.Members.AsNoTracking().Where(m => m.CampaignId == campaignId && m.Id == memberId)).Select(MemberRow.Select).FirstOrDefaultAsync(ct)
            : null;
}
