namespace LeadCrm.Load.Seeding;

/// <summary>Calls, e-mails, tasks and events, most of them on leads, and what the service knows of who owns what.</summary>
internal static class ActivityRows
{
    private static readonly DateTimeOffset Forever = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task Write(Organisation organisation, int activities)
    {
        var database = organisation.Database("activities-db");
        await Seeder.Access(database, "lead", organisation.Leads, organisation.Now);
        await Seeder.Access(database, "account", organisation.Accounts, organisation.Now);
        await Seeder.Access(database, "contact", organisation.Contacts, organisation.Now);
        await Seeder.Access(database, "opportunity", organisation.Opportunities, organisation.Now);
        await Seeder.Access(database, "campaign", organisation.Campaigns, organisation.Now);

        var people = new People(8);
        await using var items = await CopyTable.Open(database,
            "items (id, version, type, kind, subject, owner_id, is_private, created_at, created_by, updated_at, moment, open_until, description, due_on, status, priority, completed_at, starts_at, ends_at, all_day, happened_at, direction, duration_minutes, result, mail_from, mail_to:jsonb, attendees:jsonb, mail_cc:jsonb, attachment_ids:jsonb, next_at)");
        await using var links = await CopyTable.Open(database, "item_links (item_id, record_type, record_id, kind, moment, open_until, linked_at)");
        for (var i = 0; i < activities; i++)
        {
            var (type, record) = i % 10 < 7 ? ("lead", people.Any(organisation.Leads)) : i % 10 < 9 ? ("contact", people.Any(organisation.Contacts)) : ("opportunity", people.Any(organisation.Opportunities));
            var at = people.Within(organisation.Now, 400);
            var id = people.Id(at);
            DateTimeOffset moment; DateTimeOffset? open = null; string kind;
            switch (people.Next(10))
            {
                case < 4:
                    (kind, moment) = ("Call", at);
                    items.Row(id, 1L, "activity", kind, "Called about the offer", record.Owner, false, at, record.Owner, at, moment, null, null, null, null, null, null, null, null, false,
                        at, people.In(70) ? "Outbound" : "Inbound", people.Next(30) + 1, "Talked", null, "[]", "[]", "[]", "[]", null);
                    break;
                case < 7:
                    (kind, moment) = ("Email", at);
                    items.Row(id, 1L, "activity", kind, "Your question", record.Owner, false, at, record.Owner, at, moment, null, null, null, null, null, null, null, null, false,
                        at, "Outbound", null, null, "sales@leadcrm.example", """["somebody@customer.example"]""", "[]", "[]", "[]", null);
                    break;
                case < 9:
                    kind = "Task";
                    var done = people.In(75);
                    var due = at.AddDays(people.Next(20));
                    (moment, open) = done ? (due, null) : (new DateTimeOffset(due.Date, TimeSpan.Zero), (DateTimeOffset?)Forever);
                    items.Row(id, 1L, "activity", kind, "Call back", record.Owner, false, at, record.Owner, at, moment, open, null, DateOnly.FromDateTime(due.UtcDateTime), done ? "Completed" : "NotStarted", "Normal",
                        done ? due : null, null, null, false, null, null, null, null, null, "[]", "[]", "[]", "[]", done ? null : moment);
                    break;
                default:
                    kind = "Event";
                    (moment, open) = (at.AddDays(people.Next(20)), null);
                    open = moment.AddHours(1);
                    items.Row(id, 1L, "activity", kind, "Demo", record.Owner, false, at, record.Owner, at, moment, open, null, null, null, null, null, moment, open, false,
                        null, null, null, null, null, "[]", "[]", "[]", "[]", moment);
                    break;
            }
            links.Row(id, type, record.Id, kind, moment, open, at);
        }
        await FollowUps(organisation, database, items, links);
        await items.Complete();
        await links.Complete();
    }

    private static async Task FollowUps(Organisation organisation, string database, CopyTable items, CopyTable links)
    {
        var people = new People(9);
        await using var known = await CopyTable.Open(database, "lead_follow_ups (lead_id, lead_version, follow_up_on, task_id)");
        foreach (var (lead, day) in organisation.FollowUps)
        {
            var (id, moment) = (people.Id(lead.CreatedAt), new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
            items.Row(id, 1L, "activity", "Task", $"Look at {lead.Name} again", lead.Owner, false, lead.CreatedAt, lead.Owner, lead.CreatedAt, moment, Forever, "Not qualified: No budget", day, "NotStarted", "Normal",
                null, null, null, false, null, null, null, null, null, "[]", "[]", "[]", "[]", moment);
            links.Row(id, "lead", lead.Id, "Task", moment, Forever, lead.CreatedAt);
            known.Row(lead.Id, 1L, day, id);
        }
        await known.Complete();
    }
}
