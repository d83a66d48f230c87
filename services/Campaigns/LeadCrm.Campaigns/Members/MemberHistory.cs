using LeadCrm.Campaigns.Campaigns;
using LeadCrm.ServiceDefaults.Auth;

namespace LeadCrm.Campaigns.Members;

/// <summary>
/// The field history of statements on many members, as an ordinary save would write it. Each part is SQL for a common table expression:
/// <c>chosen</c> holds the rows before, <c>changed</c> what <see cref="Returning"/> answers, <c>added</c> new rows.
/// </summary>
internal static class MemberHistory
{
    /// <summary>What an update of <c>campaign_members m</c> from <c>chosen c</c> answers: what it was and what it is.</summary>
    public const string Returning = """
        returning m.id, m.version, (c.deleted_at is null and m.deleted_at is not null) as is_removed,
            jsonb_strip_nulls(jsonb_build_object(
                'personType', case when c.person_type <> m.person_type then jsonb_build_object('old', c.person_type, 'new', m.person_type) end,
                'personId', case when c.person_id <> m.person_id then jsonb_build_object('old', c.person_id, 'new', m.person_id) end,
                'statusId', case when c.status_id <> m.status_id then jsonb_build_object('old', c.status_id, 'new', m.status_id) end,
                'createdAt', case when c.created_at <> m.created_at then jsonb_build_object('old', c.created_at, 'new', m.created_at) end,
                'firstRespondedAt', case when c.first_responded_at is distinct from m.first_responded_at
                    then jsonb_build_object('old', c.first_responded_at, 'new', m.first_responded_at) end,
                'deletedAt', case when c.deleted_at is distinct from m.deleted_at then jsonb_build_object('old', c.deleted_at, 'new', m.deleted_at) end)) as changes
        """;

    /// <summary>A line for each changed member.</summary>
    public const string OfChanged = """
        insert into platform.field_history (id, record_type, record_id, version, kind, at, actor_id, operation_id, changes)
        select new_id(@at), 'campaignMember', c.id, c.version, case when c.is_removed then 'deleted' else 'updated' end, @at, @actor, @operation, c.changes from changed c
        """;

    /// <summary>A line for each new member.</summary>
    public const string OfAdded = """
        insert into platform.field_history (id, record_type, record_id, version, kind, at, actor_id, operation_id, changes)
        select new_id(@at), 'campaignMember', m.id, m.version, 'created', @at, @actor, @operation, jsonb_strip_nulls(jsonb_build_object(
            'campaignId', jsonb_build_object('new', m.campaign_id), 'personType', jsonb_build_object('new', m.person_type),
            'personId', jsonb_build_object('new', m.person_id), 'statusId', jsonb_build_object('new', m.status_id),
            'firstRespondedAt', case when m.first_responded_at is not null then jsonb_build_object('new', m.first_responded_at) end,
            'createdAt', jsonb_build_object('new', m.created_at))) from added m
        """;

    /// <summary>Who acts, when and for which operation: the parameters of all of this.</summary>
    public static (string, object?)[] Acting(DateTimeOffset at) =>
        [("at", at.ToUniversalTime()), ("actor", CampaignAccess.ActorId), ("operation", Actor.Current.OperationId)];
}
