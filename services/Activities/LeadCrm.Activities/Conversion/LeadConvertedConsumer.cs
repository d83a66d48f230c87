using LeadCrm.Activities.Activities;
using LeadCrm.Activities.Contracts;
using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Merges;
using LeadCrm.Activities.Organisation;
using LeadCrm.Activities.Records;
using LeadCrm.Activities.Touches;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Conversion;

/// <summary>
/// Everything that hangs on a converted lead hangs on what it became, too, as the same item (C15, C17); what the converting user still had
/// to do passes to the new owner, as does what somebody did who has no access any more (C16); followers hear of it (C20), and the owner if that was asked for; the task that was asked for is made (C39).
/// A handful of statements for a lead on which anything hangs, however much it is, and none for the others; a repetition gets the first answer.
/// </summary>
internal sealed class LeadConvertedConsumer(ActivitiesDb db, LeadRecords leads, RecordTouches touches, FollowMerges merges, OrganisationCalendar calendar)
    : IConsumer<LeadsConverted>, IConsumer<LeadConverted>
{
    private const string Loaded = """
        select l from unnest($1::uuid[]) as l
        where exists (select from item_links where record_type = 'lead' and record_id = l) or exists (select from follows where record_type = 'lead' and record_id = l)
        """;

    // What is in the recycle bin is linked as well: restored anywhere, it is back everywhere.
    private const string Link = """
        insert into item_links (item_id, record_type, record_id, kind, moment, open_until, conversion_id, linked_at)
        select l.item_id, r.t, r.i, l.kind, l.moment, l.open_until, $1, $2
        from item_links l cross join unnest($3::text[], $4::uuid[]) as r(t, i) where l.record_type = 'lead' and l.record_id = $5
        on conflict do nothing
        """;

    // A new version for each, so that an edit begun before does not take the new links away again.
    private const string Raise = """
        with raised as (
            update items a set version = a.version + 1, owner_id = case when n.moves then $3 else a.owner_id end,
                updated_at = case when n.moves then $4 else a.updated_at end, updated_by = case when n.moves then $2 else a.updated_by end
            from (select i.id, i.owner_id as owner_before, i.deleted_at is null and i.owner_id <> $3 and case
                         when (i.kind = 'Task' and i.status <> 'Completed') or (i.kind = 'Event' and i.ends_at > $4) then i.owner_id = $2
                         when i.kind in ('Task', 'Event', 'Call', 'Email') then exists (select from platform.directory_users u where u.id = i.owner_id and not u.is_active)
                         else false end as moves
                  from item_links l join items i on i.id = l.item_id where l.record_type = 'lead' and l.record_id = $1) n
            where a.id = n.id
            returning a.id, a.version, a.kind, a.deleted_at, n.moves, n.owner_before
        ), history as (
            insert into platform.field_history (id, record_type, record_id, version, kind, at, actor_id, operation_id, changes)
            select gen_random_uuid(), 'activity', id, version, 'updated', $4, $2, $5,
                   jsonb_build_object('ownerId', jsonb_build_object('old', owner_before, 'new', $3)) from raised where moves
        )
        select (count(*) filter (where kind in ('Task', 'Event', 'Call', 'Email')))::int, (count(*) filter (where kind = 'Note'))::int,
               (count(*) filter (where kind = 'File'))::int from raised where deleted_at is null
        """;

    private const string Notify = """
        insert into notifications (id, user_id, kind, record_type, record_id, text, related, cause_id, at)
        select gen_random_uuid(), user_id, 'LeadConverted', 'lead', $1, $2, $3::jsonb, $4, $5
        from (select user_id from follows where record_type = 'lead' and record_id = $1 union select $6::uuid where $6::uuid is not null) told
        on conflict (user_id, cause_id) do nothing
        """;

    private const string AutoFollow = """
        insert into follows (user_id, record_type, record_id, since, conversion_id)
        select f.user_id, r.t, r.i, $4, $5 from follows f left join follow_preferences p on p.user_id = f.user_id cross join unnest($2::text[], $3::uuid[]) as r(t, i)
        where f.record_type = 'lead' and f.record_id = $1 and coalesce(p.auto_follow_converted, true)
        on conflict do nothing
        """;

    public Task Consume(ConsumeContext<LeadsConverted> context) =>
        context.InOneGo(db, context.Message.Items, items => Take(context, items), item => new LeadsConverted { Items = [item] });

    /// <summary>What was sent by a version that sent single events.</summary>
    public Task Consume(ConsumeContext<LeadConverted> context) => Take(context, [context.Message]);

    private async Task Take(ConsumeContext context, IReadOnlyList<LeadConverted> converted)
    {
        var ct = context.CancellationToken;
        Guid[] ids = [.. converted.Select(one => one.Lead.LeadId)];
        Guid[] conversions = [.. converted.Select(one => one.ConversionId)];

        await leads.Apply([.. converted.Select(one => one.Lead)], converted[0].ActorId, ct);
        // What is just being put on the leads is through when these locks are had, and what comes later finds the conversion.
        await touches.Lock([.. ids.Select(id => new RecordRef(RecordTypes.Lead, id))], ct);
        var done = await db.Conversions.AsNoTracking().Where(c => conversions.Contains(c.ConversionId)).ToDictionaryAsync(c => c.ConversionId, ct);
        var loaded = (await db.Rows(Loaded, row => row.GetGuid(0), ct, ids)).ToHashSet();
        foreach (var one in converted.Where(one => !done.ContainsKey(one.ConversionId)))
        {
            using var acting = Actor.Use(Actor.Current.For(one.ConversionId));   // what it changes is told as this conversion's
            var carried = loaded.Contains(one.Lead.LeadId) || one.FollowUpTask is not null || one.NotifyOwner ? await CarryOver(one, ct) : Nothing(one);
            db.Add(carried);
            done.Add(one.ConversionId, carried);
        }
        await context.PublishFor(conversions[0], new ActivitiesOfLeadsCarriedOver
        {
            Items = [.. converted.Select(one => done[one.ConversionId]).Select(conversion => new ActivitiesCarriedOver
            {
                ConversionId = conversion.ConversionId, LeadId = conversion.LeadId, Activities = conversion.Activities, Notes = conversion.Notes, Files = conversion.Files,
            })],
        }, ct);
    }

    /// <summary>A conversion as it is noted when nothing hung on the lead.</summary>
    private static CarriedConversion Nothing(LeadConverted message) => new()
    {
        ConversionId = message.ConversionId, LeadId = message.Lead.LeadId, AccountId = message.AccountId, ContactId = message.ContactId,
        OpportunityId = message.OpportunityId, At = message.At.ToUniversalTime(),
    };

    private async Task<CarriedConversion> CarryOver(LeadConverted message, CancellationToken ct)
    {
        var (lead, at) = (message.Lead.LeadId, message.At.ToUniversalTime());
        var conversion = Nothing(message);
        RecordRef[] became = [.. conversion.Became.Order()];
        string[] types = [.. became.Select(record => record.Type)];
        Guid[] ids = [.. became.Select(record => record.Id)];

        await touches.Lock(became, ct);
        await db.Execute(Link, ct, message.ConversionId, at, types, ids, lead);
        var (activities, notes, files) = (await db.Rows(Raise, row => (row.GetInt32(0), row.GetInt32(1), row.GetInt32(2)), ct,
            lead, message.ActorId, message.OwnerId, at, message.ConversionId)).Single();
        // Behind the hand-over of what was open: whoever it is given to keeps it.
        if (message.FollowUpTask is { } wanted) await MakeTask(wanted, message, [new RecordRef(RecordTypes.Lead, lead), .. became], ct);
        await touches.Refresh(message.FollowUpTask is null ? became : [new RecordRef(RecordTypes.Lead, lead), .. became], ct);

        var news = $"{LeadRecords.NameOf(message.Lead)} was converted.";
        await db.Execute(Notify, ct, lead, news, System.Text.Json.JsonSerializer.Serialize(became, System.Text.Json.JsonSerializerOptions.Web), message.ConversionId, at,
            message.NotifyOwner ? message.OwnerId : (Guid?)null);
        await db.Execute(AutoFollow, ct, lead, types, ids, at, message.ConversionId);
        await merges.Again(became, ct);
        return new CarriedConversion
        {
            ConversionId = conversion.ConversionId, LeadId = lead, AccountId = message.AccountId, ContactId = message.ContactId, OpportunityId = message.OpportunityId, At = at,
            Activities = activities, Notes = notes, Files = files, FollowUpTaskId = message.FollowUpTask?.TaskId,
        };
    }

    private async Task MakeTask(ConversionTask wanted, LeadConverted message, RecordRef[] records, CancellationToken ct)
    {
        var task = Activity.Create(wanted.TaskId, new ActivityInput
        {
            Kind = ItemKind.Task, Subject = wanted.Subject, OwnerId = wanted.AssigneeId, DueOn = wanted.DueOn, Status = TaskState.NotStarted,
            Priority = TaskPriority.Normal, Related = records,
        }, message.ActorId, calendar, message.At.ToUniversalTime());
        db.Add(task);
        await db.SaveChangesAsync(ct);   // what comes next on the records is worked out from what is saved
    }
}
