using System.Diagnostics.CodeAnalysis;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace LeadCrm.ServiceDefaults.Lists;

/// <summary>
/// Any list as a CSV file: the same address with <c>?format=csv</c> or <c>Accept: text/csv</c>. All rows that the filters leave, in the
/// list's order, are written as they come from the database. Demands the permission <c>data.export</c> beside the list's own.
/// </summary>
public static class CsvExport
{
    /// <summary>The permission that exports demand.</summary>
    public const string Permission = "data.export";

    /// <summary>What the answer is.</summary>
    public const string ContentType = "text/csv";

    internal static IApplicationBuilder UseCsvExport(this IApplicationBuilder app) => app.UseMiddleware<CsvExportMiddleware>();

    /// <summary>Whether the request asks for a file instead of a page.</summary>
    internal static bool IsAsked(HttpRequest request) => request.Query["format"].ToString() switch
    {
        "csv" => true,
        "" => request.GetTypedHeaders().Accept is [{ } wanted, ..] && wanted.MediaType.Equals(ContentType, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>Whether an endpoint answers with a list.</summary>
    internal static bool IsList(Endpoint endpoint) => endpoint.Metadata.OfType<IProducesResponseTypeMetadata>()
        .Any(answer => answer.Type is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ListPage<>));
}

/// <summary>A request for a file: the list leaves here what writes its rows.</summary>
internal sealed class PendingExport
{
    public Func<Stream, CancellationToken, Task<long>>? Write { get; set; }
}

/// <summary>
/// Lets the list's endpoint run as ever, which checks and filters, and then writes the rows that <see cref="Lists"/> has prepared instead
/// of the page. A list needs no line of its own for this.
/// </summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the pipeline.")]
internal sealed class CsvExportMiddleware(RequestDelegate next, ILogger<CsvExportMiddleware> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || http.GetEndpoint() is not RouteEndpoint endpoint || !CsvExport.IsAsked(http.Request) || !CsvExport.IsList(endpoint))
        {
            await next(http);
            return;
        }
        if (!Actor.Current.Has(CsvExport.Permission))
        {
            await Problems.Forbidden("Exporting lists needs the permission data.export.").ExecuteAsync(http);
            return;
        }

        var export = new PendingExport();
        http.Features.Set(export);
        var answer = http.Response.Body;
        using var page = new MemoryStream();
        http.Response.Body = page;
        try
        {
            await next(http);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
        finally
        {
            http.Response.Body = answer;
        }

        if (export.Write is null)
        {
            // No list came of it: a 404, say.
            page.Position = 0;
            await page.CopyToAsync(answer, http.RequestAborted);
            return;
        }
        http.Response.ContentType = CsvExport.ContentType + "; charset=utf-8";
        http.Response.ContentLength = null;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{Name(endpoint)}.csv\"";
        var rows = await export.Write(answer, http.RequestAborted);
        log.LogInformation("{User} exported {Rows} rows of {Route}", Actor.Current.UserId, rows, endpoint.RoutePattern.RawText);
    }

    /// <summary>The last word of the address: leads, history.</summary>
    private static string Name(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText!.Split('/').LastOrDefault(part => part.Length > 0 && part[0] != '{') ?? "list";
}
