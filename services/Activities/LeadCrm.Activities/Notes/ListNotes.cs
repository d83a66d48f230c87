using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Notes;

/// <summary>Lists the notes that the caller sees, of one record when it is named; <c>deleted=true</c> lists the recycle bin instead.</summary>
internal static class ListNotes
{
    private const int PreviewLength = 300;

    internal sealed record Item
    {
        /// <inheritdoc cref="NoteResponse.Id"/>
        public required Guid Id { get; init; }
        /// <inheritdoc cref="NoteResponse.Version"/>
        public required long Version { get; init; }
        /// <inheritdoc cref="NoteResponse.Title"/>
        public required string Title { get; init; }
        /// <summary>The beginning of its text, without marks.</summary>
        public required string Preview { get; init; }
        /// <inheritdoc cref="NoteResponse.IsPrivate"/>
        public required bool IsPrivate { get; init; }
        /// <inheritdoc cref="NoteResponse.OwnerId"/>
        public required Guid OwnerId { get; init; }
        /// <inheritdoc cref="NoteResponse.OwnerName"/>
        public string? OwnerName { get; init; }
        /// <inheritdoc cref="NoteResponse.CreatedAt"/>
        public required DateTimeOffset CreatedAt { get; init; }
        /// <inheritdoc cref="NoteResponse.UpdatedAt"/>
        public required DateTimeOffset UpdatedAt { get; init; }
    }

    private static readonly ListFields<Note> Fields = new ListFields<Note>()
        .Add("title", n => n.Subject).Add("isPrivate", n => n.IsPrivate).Add("ownerId", n => n.OwnerId, sortable: false)
        .Add("createdAt", n => n.CreatedAt).Add("updatedAt", n => n.UpdatedAt).Search(ItemLists.Search);

    internal static async Task<Ok<ListPage<Item>>> Handle(
        HttpRequest request, ActivitiesDb db, Viewer viewer, RelatedRecords records, CancellationToken ct, string? recordType = null, Guid? recordId = null, bool deleted = false)
    {
        var notes = viewer.Visible(ItemLists.Of(db.Notes, deleted)).Of(recordType, recordId);
        return TypedResults.Ok(await Lists.Page(notes, Fields, request, "-createdAt", n => new Item
        {
            Id = n.Id, Version = n.Version, Title = n.Subject, Preview = n.PlainText.Substring(0, PreviewLength), IsPrivate = n.IsPrivate,
            OwnerId = n.OwnerId, CreatedAt = n.CreatedAt, UpdatedAt = n.UpdatedAt,
        }, item => item with { OwnerName = records.NameOf(item.OwnerId) }, ct, "recordType", "recordId", "deleted"));
    }
}
