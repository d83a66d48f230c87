using System.Buffers.Text;
using System.Text.Json;
using LeadCrm.Activities.Activities;
using LeadCrm.Activities.Data;
using LeadCrm.Activities.Files;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Notes;
using LeadCrm.Activities.Organisation;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Values;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Timeline;

/// <summary>
/// What happened on a record and what comes (AV2): upcoming on top, the next first; then what is past, newest first. Pages follow a cursor that
/// remembers the moment of the first one, so that what begins or ends meanwhile is neither repeated nor left out.
/// </summary>
internal static class GetTimeline
{
    private const int PreviewLength = 300;

    /// <param name="Items">Upcoming first, then newest first.</param>
    /// <param name="Next">Cursor of the next page for <c>after=</c>; null on the last one.</param>
    internal sealed record Answer(IReadOnlyList<Entry> Items, string? Next);

    internal sealed record Entry
    {
        /// <summary>The activity, note or file.</summary>
        public required Guid Id { get; init; }
        /// <summary>Its version.</summary>
        public required long Version { get; init; }
        /// <summary>What it is.</summary>
        public required ItemKind Kind { get; init; }
        /// <summary>An open task, or an event that is not over.</summary>
        public bool Upcoming { get; init; }
        /// <summary>An open task whose day is over.</summary>
        public bool Overdue { get; init; }
        /// <summary>Its place in time (UTC); null for an open task without a day.</summary>
        public DateTimeOffset? At { get; init; }
        /// <summary>Subject, title or name.</summary>
        public required string Subject { get; init; }
        /// <summary>The beginning of its text.</summary>
        public string? Preview { get; init; }
        /// <summary>Whose it is.</summary>
        public required Guid OwnerId { get; init; }
        /// <summary>The owner's name, when known here.</summary>
        public string? OwnerName { get; init; }
        /// <inheritdoc cref="ActivityInput.DueOn"/>
        public DateOnly? DueOn { get; init; }
        /// <inheritdoc cref="ActivityInput.Status"/>
        public TaskState? Status { get; init; }
        /// <inheritdoc cref="ActivityInput.Priority"/>
        public TaskPriority? Priority { get; init; }
        /// <inheritdoc cref="ActivityInput.EndsAt"/>
        public DateTimeOffset? EndsAt { get; init; }
        /// <inheritdoc cref="ActivityInput.Place"/>
        public string? Place { get; init; }
        /// <inheritdoc cref="ActivityInput.Direction"/>
        public Direction? Direction { get; init; }
        /// <inheritdoc cref="ActivityInput.DurationMinutes"/>
        public int? DurationMinutes { get; init; }
        /// <inheritdoc cref="ActivityInput.Result"/>
        public string? Result { get; init; }
        /// <summary>A note that its author alone sees.</summary>
        public bool IsPrivate { get; init; }
        /// <summary>A file's type.</summary>
        public string? MediaType { get; init; }
        /// <summary>A file's size in bytes.</summary>
        public long? Size { get; init; }
    }

    /// <summary>Where a page ended: among what is upcoming or past, and as of when.</summary>
    private sealed record Cursor(bool Upcoming, DateTimeOffset Moment, Guid Id, DateTimeOffset AsOf);

    private sealed record Row(Item Item, DateTimeOffset Moment);

    internal static async Task<Results<Ok<Answer>, ProblemHttpResult>> Handle(
        string recordType, Guid recordId, ActivitiesDb db, Viewer viewer, RelatedRecords records, OrganisationCalendar calendar, TimeProvider clock, CancellationToken ct,
        string? kind = null, int limit = 50, string? after = null)
    {
        if (limit is < 1 or > 200) return Bad("'limit' takes 1 to 200.");
        if (Kinds(kind) is not { } kinds) return Bad($"'kind' takes {string.Join(", ", Enum.GetNames<ItemKind>().Select(JsonNamingPolicy.CamelCase.ConvertName))}, separated by commas.");
        var cursor = after is null ? null : Decode(after);
        if (after is not null && cursor is null) return Bad("'after' is not a cursor of a timeline. Start again without it.");
        if (!await viewer.Sees(new RecordRef(recordType, recordId), ct)) return Problems.NotFound();

        var me = Actor.Current.UserId;
        var asOf = cursor?.AsOf ?? clock.GetUtcNow();
        var links = db.Links.AsNoTracking().Where(link => link.RecordType == recordType && link.RecordId == recordId);
        if (kinds.Length > 0) links = links.Where(link => kinds.Contains(link.Kind));
        var entries = links.Join(db.Items.AsNoTracking(), link => link.ItemId, item => item.Id, (link, item) => new { Link = link, Item = item })
            .Where(entry => !entry.Item.IsPrivate || entry.Item.CreatedBy == me);

        List<Row> rows = [];
        if (cursor is not { Upcoming: false })
        {
            var upcoming = entries.Where(e => e.Link.OpenUntil > asOf);
            if (cursor is { } at) upcoming = upcoming.Where(e => e.Link.Moment > at.Moment || (e.Link.Moment == at.Moment && e.Link.ItemId > at.Id));
            rows = await upcoming.OrderBy(e => e.Link.Moment).ThenBy(e => e.Link.ItemId).Take(limit + 1).Select(e => new Row(e.Item, e.Link.Moment)).ToListAsync(ct);
        }
        var upcomingCount = rows.Count;
        if (rows.Count <= limit)
        {
            var past = entries.Where(e => e.Link.OpenUntil == null || e.Link.OpenUntil <= asOf);
            if (cursor is { Upcoming: false } at) past = past.Where(e => e.Link.Moment < at.Moment || (e.Link.Moment == at.Moment && e.Link.ItemId < at.Id));
            rows.AddRange(await past.OrderByDescending(e => e.Link.Moment).ThenByDescending(e => e.Link.ItemId).Take(limit + 1 - rows.Count)
                .Select(e => new Row(e.Item, e.Link.Moment)).ToListAsync(ct));
        }

        var today = calendar.Today;
        var items = rows.Take(limit).Select((row, i) => Describe(row.Item, i < upcomingCount, today) with { OwnerName = records.NameOf(row.Item.OwnerId) }).ToList();
        var next = rows.Count > limit ? Encode(new Cursor(limit - 1 < upcomingCount, rows[limit - 1].Moment, rows[limit - 1].Item.Id, asOf)) : null;
        return TypedResults.Ok(new Answer(items, next));
    }

    private static Entry Describe(Item item, bool upcoming, DateOnly today)
    {
        var entry = new Entry
        {
            Id = item.Id, Version = item.Version, Kind = item.Kind, Upcoming = upcoming, At = item.Moment == Item.Forever ? null : item.Moment,
            Subject = item.Subject, OwnerId = item.OwnerId, IsPrivate = item.IsPrivate,
        };
        return item switch
        {
            Activity a => entry with
            {
                Overdue = a.IsOpenTask && a.DueOn < today, Preview = Beginning(a.Description ?? (a.Body is { } body ? RichText.PlainText(body) : null)), DueOn = a.DueOn,
                Status = a.Status, Priority = a.Priority, EndsAt = a.EndsAt, Place = a.Place, Direction = a.Direction, DurationMinutes = a.DurationMinutes, Result = a.Result,
            },
            Note note => entry with { Preview = Beginning(note.PlainText) },
            StoredFile file => entry with { MediaType = file.MediaType, Size = file.Size },
            _ => entry,
        };
    }

    private static string? Beginning(string? text) => text is { Length: > PreviewLength } ? text[..PreviewLength] + "…" : text;

    private static ItemKind[]? Kinds(string? text)
    {
        if (string.IsNullOrEmpty(text)) return [];
        List<ItemKind> kinds = [];
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Enum.TryParse<ItemKind>(name, ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || char.IsAsciiDigit(name[0])) return null;
            kinds.Add(kind);
        }
        return [.. kinds];
    }

    private static string Encode(Cursor cursor) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(cursor));

    private static Cursor? Decode(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Cursor>(Base64Url.DecodeFromChars(text)) is { } cursor
                ? cursor with { Moment = cursor.Moment.ToUniversalTime(), AsOf = cursor.AsOf.ToUniversalTime() }
                : null;
        }
        catch (Exception ex) when (ex is FormatException or JsonException)
        {
            return null;
        }
    }

    private static ProblemHttpResult Bad(string detail) => Problems.Of(400, "bad-list-query", "The request could not be read", detail);
}
