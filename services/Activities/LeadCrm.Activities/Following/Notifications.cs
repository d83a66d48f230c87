using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Following;

/// <summary>What the caller was told, and that it was read.</summary>
internal static class Notifications
{
    internal sealed record Item
    {
        /// <summary>The notification's id.</summary>
        public required Guid Id { get; init; }
        /// <summary>What it is about.</summary>
        public required NotificationKind Kind { get; init; }
        /// <summary>Type of the record it is about: of the lead, or <c>task</c>.</summary>
        public required string RecordType { get; init; }
        /// <summary>Id of that record.</summary>
        public required Guid RecordId { get; init; }
        /// <summary>What happened, in a sentence.</summary>
        public required string Text { get; init; }
        /// <summary>Further records, such as what a lead became.</summary>
        public required IReadOnlyList<RecordRef> Related { get; init; }
        /// <summary>When (UTC).</summary>
        public required DateTimeOffset At { get; init; }
        /// <summary>When it was read (UTC); null: unread.</summary>
        public DateTimeOffset? ReadAt { get; init; }
    }

    internal sealed record ReadState
    {
        /// <summary>True: read.</summary>
        public required bool Read { get; init; }
    }

    private static readonly ListFields<Notification> Fields = new ListFields<Notification>()
        .Add("kind", n => n.Kind).Add("recordType", n => n.RecordType).Add("recordId", n => n.RecordId, sortable: false).Add("at", n => n.At).Add("readAt", n => n.ReadAt);

    /// <summary>Newest first; <c>readAt=</c> (empty) keeps to what is unread.</summary>
    internal static async Task<Ok<ListPage<Item>>> List(HttpRequest request, ActivitiesDb db, CancellationToken ct)
    {
        var me = Actor.Current.UserId;
        return TypedResults.Ok(await Lists.Page(db.Notifications.AsNoTracking().Where(n => n.UserId == me), Fields, request, "-at", n => new Item
        {
            Id = n.Id, Kind = n.Kind, RecordType = n.RecordType, RecordId = n.RecordId, Text = n.Text, Related = n.Related, At = n.At, ReadAt = n.ReadAt,
        }, ct));
    }

    /// <summary>Marks a notification read or unread.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> Mark(Guid id, ReadState request, ActivitiesDb db, TimeProvider clock, CancellationToken ct)
    {
        var me = Actor.Current.UserId;
        DateTimeOffset? readAt = request.Read ? clock.GetUtcNow() : null;
        var found = await db.Notifications.Where(n => n.Id == id && n.UserId == me)
            .ExecuteUpdateAsync(set => set.SetProperty(n => n.ReadAt, n => request.Read ? n.ReadAt ?? readAt : null), ct);
        return found == 1 ? TypedResults.NoContent() : Problems.NotFound();
    }
}
