using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace LeadCrm.Activities.Files;

/// <summary>What can be done with files over HTTP.</summary>
internal static class FileEndpoints
{
    private const int FormAround = 64 * 1024;

    internal static void MapFiles(this IEndpointRouteBuilder app)
    {
        var limit = new RequestSizeLimitAttribute(app.ServiceProvider.GetRequiredService<IOptions<FilesOptions>>().Value.LargestFile + FormAround);
        var group = app.MapGroup("/api/files").WithTags("Files").RequirePermission("activities.read").WithIdempotency<ActivitiesDb>();

        group.MapGet("", ListFiles.Handle).WithSummary("Lists files: of a record, filters, sort, search");
        group.MapPost("", UploadFile.Handle).RequirePermission("activities.create").WithMetadata(limit)
            .Accepts<IFormFile>("multipart/form-data", "application/octet-stream").WithSummary("Uploads a file");
        group.MapGet("{id:guid}", GetFile.Handle).WithSummary("Reads about a file");
        group.MapPatch("{id:guid}", ChangeFile.Handle).RequirePermission("activities.edit").WithSummary("Renames a file or hangs it on other records");
        group.MapDelete("{id:guid}", DeleteItem.Handle<StoredFile>).RequirePermission("activities.delete").WithSummary("Moves a file to the recycle bin");
        group.MapPost("{id:guid}/restore", RestoreFile.Handle).RequirePermission("activities.delete").WithSummary("Takes a file out of the recycle bin");
        group.MapGet("{id:guid}/history", ItemHistory.Handle<StoredFile>).WithSummary("Who changed which field, newest first");
        group.MapGet("{id:guid}/content", DownloadFile.Newest).WithSummary("Downloads the newest version");
        group.MapGet("{id:guid}/thumbnail", DownloadFile.Thumbnail).WithSummary("A small picture of a picture");
        group.MapGet("{id:guid}/versions", DownloadFile.Versions).WithSummary("Lists the versions of a file");
        group.MapPost("{id:guid}/versions", UploadVersion.Handle).RequirePermission("activities.edit").WithMetadata(limit).WithVersion(required: true)
            .Accepts<IFormFile>("multipart/form-data", "application/octet-stream").WithSummary("Uploads a new version");
        group.MapGet("{id:guid}/versions/{number:int}/content", DownloadFile.Older).WithSummary("Downloads a version");
    }
}
