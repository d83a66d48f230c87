using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;
using Microsoft.AspNetCore.Mvc;

namespace LeadCrm.Leads.Import;

/// <summary>What can be done with imports over HTTP.</summary>
internal static class ImportEndpoints
{
    internal static IHostApplicationBuilder AddImports(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ImportSignal>().AddSingleton<ImportMetrics>();
        builder.Services.AddHostedService<ImportWorker>();
        return builder;
    }

    internal static void MapImports(this IEndpointRouteBuilder app)
    {
        var largest = app.ServiceProvider.GetRequiredService<Microsoft.Extensions.Options.IOptions<LeadsOptions>>().Value.LargestImport;
        var imports = app.MapGroup("/api/leads/imports").RequirePermission("leads.import").WithTags("Import");

        imports.MapPost("", UploadImport.Handle).WithMetadata(new RequestSizeLimitAttribute(largest), new OwnIdempotency())
            .Accepts<IFormFile>("multipart/form-data", "text/csv").WithSummary("Upload a file of leads");
        imports.MapGet("", ReadImports.All).WithSummary("List the imports");
        imports.MapGet("{id:guid}", ReadImports.One).WithSummary("Read an import and its progress");
        imports.MapGet("{id:guid}/progress", ReadImports.Progress).WithSummary("Follow an import as server-sent events");
        imports.MapGet("{id:guid}/mapping", ReadImports.Mapping).WithSummary("Proposed mapping with samples");
        imports.MapGet("{id:guid}/errors.csv", ImportErrorFile.Handle).WithSummary("Rows with errors, importable after fixing");
        imports.MapPost("{id:guid}/start", StartImport.Handle).WithIdempotency<RouteHandlerBuilder, LeadsDb>().WithSummary("Start an import");
        imports.MapPost("{id:guid}/cancel", CancelImport.Handle).WithoutIdempotencyKey("stopping twice is stopping.").WithSummary("Stop an import");
        imports.MapGet("mappings", SavedMappings.List).WithSummary("List the saved mappings");
        imports.MapPost("mappings", SavedMappings.Create).WithIdempotency<RouteHandlerBuilder, LeadsDb>().WithSummary("Save a mapping");
        imports.MapDelete("mappings/{id:guid}", SavedMappings.Delete).WithSummary("Delete a saved mapping").WithoutVersion("a mapping is replaced as a whole, never edited.");
    }
}
