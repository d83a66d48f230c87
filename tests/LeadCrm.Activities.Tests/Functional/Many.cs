using LeadCrm.Testing;

namespace LeadCrm.Activities.Tests.Functional;

/// <summary>Records with a great deal on them, written as the service would have written them.</summary>
internal static class Many
{
    private const string Items = """
        with made as (
            insert into items (id, type, version, kind, subject, owner_id, is_private, created_at, created_by, updated_at, updated_by, moment, open_until, next_at,
                               status, priority, due_on, happened_at, direction, all_day, attendees, mail_to, mail_cc, attachment_ids)
            select gen_random_uuid(), 'activity', 1, $3, 'Number ' || n, $4, false, now(), $4, now(), $4,
                   case when $3 = 'Task' then now() + n * interval '1 minute' else now() - n * interval '1 minute' end,
                   case when $3 = 'Task' then timestamptz '9999-01-01Z' end, case when $3 = 'Task' then now() + n * interval '1 minute' end,
                   case when $3 = 'Task' then 'NotStarted' end, case when $3 = 'Task' then 'Normal' end, case when $3 = 'Task' then current_date + 1 end,
                   case when $3 = 'Call' then now() - n * interval '1 minute' end, case when $3 = 'Call' then 'Outbound' end, false, '[]', '[]', '[]', '[]'
            from generate_series(1, $2) n
            returning id, kind, moment, open_until
        )
        insert into item_links (item_id, record_type, record_id, kind, moment, open_until, linked_at) select id, 'lead', $1, kind, moment, open_until, now() from made
        """;

    internal static Task Calls(ActivitiesApp app, Guid lead, int count) => app.Database.Execute(Items, lead, count, "Call", TestUser.Rep.Id);

    internal static Task Tasks(ActivitiesApp app, Guid lead, int count) => app.Database.Execute(Items, lead, count, "Task", TestUser.Rep.Id);
}
