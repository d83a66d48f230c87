using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Files;

/// <summary>Lists the files that the caller sees, of one record when it is named; <c>deleted=true</c> lists the recycle bin instead.</summary>
internal static class ListFiles
{
    internal sealed record Item
    {
        /// <inheritdoc cref="FileResponse.Id"/>
        public required Guid Id { get; init; }
        /// <inheritdoc cref="FileResponse.Version"/>
        public required long Version { get; init; }
        /// <inheritdoc cref="FileInput.Name"/>
        public required string Name { get; init; }
        /// <inheritdoc cref="FileResponse.MediaType"/>
        public required string MediaType { get; init; }
        /// <inheritdoc cref="FileResponse.Size"/>
        public required long Size { get; init; }
        /// <inheritdoc cref="FileResponse.VersionNumber"/>
        public required int VersionNumber { get; init; }
        /// <inheritdoc cref="FileResponse.OwnerId"/>
        public required Guid OwnerId { get; init; }
        /// <inheritdoc cref="FileResponse.OwnerName"/>
        public string? OwnerName { get; init; }
        /// <inheritdoc cref="FileResponse.CreatedAt"/>
        public required DateTimeOffset CreatedAt { get; init; }
        /// <inheritdoc cref="FileResponse.UpdatedAt"/>
        public required DateTimeOffset UpdatedAt { get; init; }
    }

    private static readonly ListFields<StoredFile> Fields = new ListFields<StoredFile>()
        .Add("name", f => f.Subject).Add("mediaType", f => f.MediaType).Add("size", f => f.Size).Add("versionNumber", f => f.VersionNumber)
        .Add("ownerId", f => f.OwnerId, sortable: false).Add("createdAt", f => f.CreatedAt).Add("updatedAt", f => f.UpdatedAt).Search(ItemLists.Search);

    internal static async Task<Ok<ListPage<Item>>> Handle(
        HttpRequest request, ActivitiesDb db, Viewer viewer, RelatedRecords records, CancellationToken ct, string? recordType = null, Guid? recordId = null, bool deleted = false)
    {
        var files = viewer.Visible(ItemLists.Of(db.Files, deleted)).Of(recordType, recordId);
        return TypedResults.Ok(await Lists.Page(files, Fields, request, "-createdAt", f => new Item
        {
            Id = f.Id, Version = f.Version, Name = f.Subject, MediaType = f.MediaType, Size = f.Size, VersionNumber = f.VersionNumber,
            OwnerId = f.OwnerId, CreatedAt = f.CreatedAt, UpdatedAt = f.UpdatedAt,
        }, item => item with { OwnerName = records.NameOf(item.OwnerId) }, ct, "recordType", "recordId", "deleted"));
    }
}
