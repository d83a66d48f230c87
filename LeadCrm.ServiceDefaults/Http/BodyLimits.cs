using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace LeadCrm.ServiceDefaults.Http;

/// <summary>
/// Refuses a body that says it is too large before anything reads it. One that does not say its length is counted by the server while it
/// is read, against the same limit.
/// </summary>
internal static class BodyLimits
{
    public const long Largest = 4 * 1024 * 1024;

    public static IApplicationBuilder UseBodyLimits(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var limit = http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is { } own ? own.MaxRequestBodySize : Largest;
        return limit is { } most && http.Request.ContentLength > most
            ? Problems.Of(413, "too-large", "Too large", $"A body has at most {most / 1024:N0} KB here. Nothing was changed.").ExecuteAsync(http)
            : next(http);
    });
}
