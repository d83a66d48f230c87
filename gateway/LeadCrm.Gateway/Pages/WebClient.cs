using System.Security.Cryptography;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace LeadCrm.Gateway.Pages;

/// <summary>
/// The web client: one page for every address that nobody else answers, and its files, which were compressed when it was built. Their names change
/// with what is in them, so browsers keep them for good; the page itself is asked for anew and brings the names of the day.
/// </summary>
internal sealed class WebClient
{
    private const string Assets = "/assets";
    private const string Placeholder = "{{nonce}}";

    /// <summary>These answer for themselves: what is not there is a 404 and no page of the client.</summary>
    private static readonly PathString[] NotOurs = ["/api", "/openapi", "/reference", "/developers", "/forms", "/health", "/internal", Assets];

    private readonly IFileProvider files;
    private readonly string[]? page;

    /// <param name="files">What the client's build made; without a page nothing is served, and the start page sends on to the developers' one.</param>
    public WebClient(IFileProvider files)
    {
        this.files = files;
        if (files.GetFileInfo("index.html") is not { Exists: true } index) return;
        using var reader = new StreamReader(index.CreateReadStream());
        page = reader.ReadToEnd().Split(Placeholder);
    }

    /// <summary>Answers for the client's files.</summary>
    public async Task Files(HttpContext http, RequestDelegate next)
    {
        if (page is null || !IsRead(http) || !http.Request.Path.StartsWithSegments(Assets, StringComparison.Ordinal)
            || files.GetFileInfo(http.Request.Path) is not { Exists: true, IsDirectory: false } file || PageFiles.TypeOf(file.Name) is not { } type)
        {
            await next(http);
            return;
        }

        var headers = http.Response.Headers;
        headers.ContentType = type;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (files.GetFileInfo(http.Request.Path + ".br") is { Exists: true } packed && TakesBrotli(http))
        {
            headers.ContentEncoding = "br";
            file = packed;
        }
        headers.ContentLength = file.Length;
        if (HttpMethods.IsGet(http.Request.Method)) await http.Response.SendFileAsync(file, http.RequestAborted);
    }

    /// <summary>Whether a browser asks for a page here, of which the client decides what it shows.</summary>
    public static bool IsPage(HttpContext http) =>
        IsRead(http) && !Array.Exists(NotOurs, path => http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
        && (http.Request.Path == "/" || http.Request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType == "text/html"));

    /// <summary>The one page, with a number of its own that its styles are recognised by.</summary>
    public async Task Page(HttpContext http)
    {
        if (page is null)
        {
            http.Response.Redirect("/developers/");
            return;
        }
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        http.Features.Set(new StyleNonce(nonce));
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        if (HttpMethods.IsGet(http.Request.Method)) await http.Response.WriteAsync(string.Join(nonce, page), http.RequestAborted);
    }

    private static bool IsRead(HttpContext http) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);

    private static bool TakesBrotli(HttpContext http) =>
        http.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && encoding.Quality is not 0);
}

/// <summary>What a style element of this page must carry to be taken.</summary>
internal sealed record StyleNonce(string Value);
