using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace LeadCrm.Gateway.Pages;

/// <summary>The web client, the developers' page and the API reference: files beside the program.</summary>
internal static class PageFiles
{
    private static readonly FileExtensionContentTypeProvider Types = new();

    public static WebClient UsePages(this WebApplication app)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        var built = app.Configuration["Gateway:Client:Folder"] ?? Path.Combine(folder, "client");
        var client = new WebClient(Directory.Exists(built) ? new PhysicalFileProvider(built) : new NullFileProvider());
        app.Use(client.Files);

        var files = new PhysicalFileProvider(folder);
        app.UseWhen(http => !http.Request.Path.StartsWithSegments("/client", StringComparison.OrdinalIgnoreCase), pages =>
        {
            pages.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
            pages.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = files,
                // Asked for anew each time (an unchanged file costs a 304), so that an upgrade shows at once.
                OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
            });
        });
        return client;
    }

    /// <summary>The media type of a file by its name; null: none that is served.</summary>
    public static string? TypeOf(string name) => Types.TryGetContentType(name, out var type) ? type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type : null;
}
