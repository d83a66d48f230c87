using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Organisation;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Activities;

/// <summary>
/// Lists the activities that the caller sees; <c>recordType</c> and <c>recordId</c> keep to those of one record, <c>deleted=true</c> lists the
/// recycle bin instead.
/// </summary>
internal static class ListActivities
{
    internal sealed record Item
    {
        /// <inheritdoc cref="ActivityResponse.Id"/>
        public required Guid Id { get; init; }
        /// <inheritdoc cref="ActivityResponse.Version"/>
        public required long Version { get; init; }
        /// <inheritdoc cref="ActivityInput.Kind"/>
        public required ItemKind Kind { get; init; }
        /// <inheritdoc cref="ActivityInput.Subject"/>
        public required string Subject { get; init; }
        /// <inheritdoc cref="ActivityInput.OwnerId"/>
        public required Guid OwnerId { get; init; }
        /// <inheritdoc cref="ActivityResponse.OwnerName"/>
        public string? OwnerName { get; init; }
        /// <inheritdoc cref="ActivityInput.ExternalId"/>
        public string? ExternalId { get; init; }
        /// <inheritdoc cref="ActivityInput.DueOn"/>
        public DateOnly? DueOn { get; init; }
        /// <inheritdoc cref="ActivityInput.Status"/>
        public TaskState? Status { get; init; }
        /// <inheritdoc cref="ActivityInput.Priority"/>
        public TaskPriority? Priority { get; init; }
        /// <inheritdoc cref="ActivityResponse.CompletedAt"/>
        public DateTimeOffset? CompletedAt { get; init; }
        /// <inheritdoc cref="ActivityResponse.Overdue"/>
        public bool Overdue { get; init; }
        /// <inheritdoc cref="ActivityInput.StartsAt"/>
        public DateTimeOffset? StartsAt { get; init; }
        /// <inheritdoc cref="ActivityInput.EndsAt"/>
        public DateTimeOffset? EndsAt { get; init; }
        /// <inheritdoc cref="ActivityInput.Place"/>
        public string? Place { get; init; }
        /// <inheritdoc cref="ActivityInput.HappenedAt"/>
        public DateTimeOffset? HappenedAt { get; init; }
        /// <inheritdoc cref="ActivityInput.Direction"/>
        public Direction? Direction { get; init; }
        /// <inheritdoc cref="ActivityInput.DurationMinutes"/>
        public int? DurationMinutes { get; init; }
        /// <inheritdoc cref="ActivityInput.Result"/>
        public string? Result { get; init; }
        /// <inheritdoc cref="ActivityResponse.CreatedAt"/>
        public required DateTimeOffset CreatedAt { get; init; }
        /// <inheritdoc cref="ActivityResponse.CreatedBy"/>
        public Guid? CreatedBy { get; init; }
        /// <inheritdoc cref="ActivityResponse.UpdatedAt"/>
        public required DateTimeOffset UpdatedAt { get; init; }
    }

    private static readonly ListFields<Activity> Fields = new ListFields<Activity>()
        .Add("kind", a => a.Kind).Add("subject", a => a.Subject).Add("ownerId", a => a.OwnerId, sortable: false).Add("externalId", a => a.ExternalId)
        .Add("dueOn", a => a.DueOn).Add("status", a => a.Status).Add("priority", a => a.Priority).Add("completedAt", a => a.CompletedAt)
        .Add("startsAt", a => a.StartsAt).Add("endsAt", a => a.EndsAt).Add("allDay", a => a.AllDay).Add("place", a => a.Place)
        .Add("happenedAt", a => a.HappenedAt).Add("direction", a => a.Direction).Add("durationMinutes", a => a.DurationMinutes).Add("result", a => a.Result)
        .Add("from", a => a.From).Add("createdAt", a => a.CreatedAt).Add("createdBy", a => a.CreatedBy, sortable: false).Add("updatedAt", a => a.UpdatedAt)
        .Search(ItemLists.Search);

    internal static async Task<Ok<ListPage<Item>>> Handle(
        HttpRequest request, ActivitiesDb db, Viewer viewer, RelatedRecords records, OrganisationCalendar calendar, CancellationToken ct,
        string? recordType = null, Guid? recordId = null, bool deleted = false)
    {
        var activities = viewer.Visible(ItemLists.Of(db.Activities, deleted)).Of(recordType, recordId);
        var today = calendar.Today;
        return TypedResults.Ok(await Lists.Page(activities, Fields, request, "-createdAt", a => new Item
        {
            Id = a.Id, Version = a.Version, Kind = a.Kind, Subject = a.Subject, OwnerId = a.OwnerId, ExternalId = a.ExternalId, DueOn = a.DueOn, Status = a.Status, Priority = a.Priority,
            CompletedAt = a.CompletedAt, Overdue = a.Kind == ItemKind.Task && a.Status != TaskState.Completed && a.DueOn < today, StartsAt = a.StartsAt, EndsAt = a.EndsAt,
            Place = a.Place, HappenedAt = a.HappenedAt, Direction = a.Direction, DurationMinutes = a.DurationMinutes, Result = a.Result,
            CreatedAt = a.CreatedAt, CreatedBy = a.CreatedBy, UpdatedAt = a.UpdatedAt,
        }, item => item with { OwnerName = records.NameOf(item.OwnerId) }, ct, "recordType", "recordId", "deleted"));
    }
}
