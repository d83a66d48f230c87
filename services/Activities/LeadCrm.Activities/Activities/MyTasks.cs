using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Organisation;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Activities;

/// <summary>
/// The caller's open tasks by day: overdue, today, upcoming, then those without a day. Which day it is, the organisation's time zone says.
/// </summary>
internal static class MyTasks
{
    /// <summary>Where a task stands against today.</summary>
    internal enum Bucket
    {
        /// <summary>Its day is over.</summary>
        Overdue,
        /// <summary>Its day is today.</summary>
        Today,
        /// <summary>Its day is still to come.</summary>
        Upcoming,
        /// <summary>It has no day.</summary>
        NoDay,
    }

    /// <param name="Today">The organisation's local date.</param>
    /// <param name="Counts">How many there are in each group; 10,001 means more than 10,000.</param>
    /// <param name="Items">The tasks, earliest day first.</param>
    /// <param name="Next">Cursor of the next page for <c>after=</c>; null on the last one.</param>
    internal sealed record Answer(DateOnly Today, Counts Counts, IReadOnlyList<Item> Items, string? Next);

    internal sealed record Counts(int Overdue, int Today, int Upcoming, int NoDay);

    internal sealed record Item
    {
        /// <inheritdoc cref="ActivityResponse.Id"/>
        public required Guid Id { get; init; }
        /// <inheritdoc cref="ActivityResponse.Version"/>
        public required long Version { get; init; }
        /// <summary>The group it is in.</summary>
        public required Bucket Bucket { get; init; }
        /// <inheritdoc cref="ActivityInput.Subject"/>
        public required string Subject { get; init; }
        /// <inheritdoc cref="ActivityInput.DueOn"/>
        public DateOnly? DueOn { get; init; }
        /// <inheritdoc cref="ActivityInput.Status"/>
        public required TaskState Status { get; init; }
        /// <inheritdoc cref="ActivityInput.Priority"/>
        public required TaskPriority Priority { get; init; }
        /// <inheritdoc cref="ActivityInput.ReminderAt"/>
        public DateTimeOffset? ReminderAt { get; init; }
        /// <inheritdoc cref="ActivityInput.Related"/>
        public IReadOnlyList<RelatedRecord> Related { get; init; } = [];
    }

    private static readonly ListFields<Activity> Fields = new ListFields<Activity>()
        .Add("dueOn", a => a.DueOn).Add("subject", a => a.Subject).Add("status", a => a.Status).Add("priority", a => a.Priority).Search(ItemLists.Search);

    internal static async Task<Ok<Answer>> Handle(
        HttpRequest request, ActivitiesDb db, RelatedRecords records, OrganisationCalendar calendar, CancellationToken ct, string? bucket = null)
    {
        var (me, today) = (Actor.Current.UserId, calendar.Today);
        var open = db.Activities.AsNoTracking().Where(a => a.OwnerId == me && a.Kind == ItemKind.Task && a.Status != TaskState.Completed);
        var counts = await open.Take(10_001).GroupBy(a => 1).Select(all => new Counts(
            all.Count(a => a.DueOn < today), all.Count(a => a.DueOn == today), all.Count(a => a.DueOn > today), all.Count(a => a.DueOn == null))).FirstOrDefaultAsync(ct);

        var asked = bucket switch
        {
            null => open,
            "overdue" => open.Where(a => a.DueOn < today),
            "today" => open.Where(a => a.DueOn == today),
            "upcoming" => open.Where(a => a.DueOn > today),
            "noDay" => open.Where(a => a.DueOn == null),
            _ => throw new DomainRuleException("bad-list-query", $"'{bucket}' is no group. Groups: overdue, today, upcoming, noDay.", 400),
        };
        var page = await Lists.Page(asked, Fields, request, "dueOn", a => new Item
        {
            Id = a.Id, Version = a.Version, Subject = a.Subject, DueOn = a.DueOn, Status = a.Status!.Value, Priority = a.Priority!.Value, ReminderAt = a.ReminderAt,
            Bucket = a.DueOn == null ? Bucket.NoDay : a.DueOn < today ? Bucket.Overdue : a.DueOn == today ? Bucket.Today : Bucket.Upcoming,
        }, ct, "bucket");
        var related = await records.Describe([.. page.Items.Select(item => item.Id)], ct);
        return TypedResults.Ok(new Answer(today, counts ?? new Counts(0, 0, 0, 0), [.. page.Items.Select(item => item with { Related = related[item.Id] })], page.Next));
    }
}
