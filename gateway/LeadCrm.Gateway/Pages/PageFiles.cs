using Microsoft.Extensions.FileProviders;

namespace LeadCrm.Gateway.Pages;

/// <summary>The start page and the API reference: plain files beside the program.</summary>
internal static class PageFiles
{
    public static void UsePages(this WebApplication app)
    {
        var files = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            // Asked for anew each time (an unchanged file costs a 304), so that an upgrade shows at once.
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
    }
}
