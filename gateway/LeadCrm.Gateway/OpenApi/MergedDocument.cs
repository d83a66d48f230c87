using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LeadCrm.ServiceDefaults.Auth;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace LeadCrm.Gateway.OpenApi;

/// <summary>
/// The one document of everything that can be called here, put together anew when one of its parts is due. Who asks again with its ETag
/// gets it only when it has changed.
/// </summary>
internal sealed class MergedDocument(ServiceDocuments services, IServiceProvider provider, TimeProvider clock) : IDisposable
{
    public const string Path = "/api/openapi.json";

    private readonly SemaphoreSlim single = new(1, 1);
    private volatile Version? current;

    public static void Map(IEndpointRouteBuilder app) => app.MapGet(Path, async Task<IResult> (MergedDocument document, HttpContext http) =>
    {
        var version = await document.Get(http.RequestAborted);
        http.Response.Headers.CacheControl = "public, max-age=30";
        return TypedResults.Bytes(version.Body, "application/json", entityTag: version.ETag);
    }).AllowPublic().ExcludeFromDescription();

    public void Dispose() => single.Dispose();

    private async Task<Version> Get(CancellationToken ct)
    {
        if (current is { } known && known.Until > clock.GetUtcNow()) return known;
        await single.WaitAsync(ct);
        try
        {
            if (current is { } meanwhile && meanwhile.Until > clock.GetUtcNow()) return meanwhile;
            return current = await Build(ct);
        }
        finally
        {
            single.Release();
        }
    }

    private async Task<Version> Build(CancellationToken ct)
    {
        var all = services.Services();
        var answers = await Task.WhenAll(all.Select(service => services.Get(service.Name, ct)));
        var own = await provider.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync(ct);
        var ownPart = new OpenApiPart("gateway", "Gateway", JsonNode.Parse(await own.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, ct))!.AsObject(), IsCurrent: true);

        var merged = OpenApiMerge.Merge(
        [
            ownPart,
            .. all.Zip(answers, (service, answer) => new OpenApiPart(service.Name, service.Title, answer.Text is { } text ? JsonNode.Parse(text)!.AsObject() : null, answer.IsCurrent)),
        ]);
        var body = Encoding.UTF8.GetBytes(merged.ToJsonString());
        var etag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body)[..16])}\"");
        // Soon again when somebody was missing.
        var until = answers.Length == 0 ? DateTimeOffset.MaxValue : answers.Min(answer => answer.Until);
        return new Version(body, etag, until);
    }

    private sealed record Version(byte[] Body, EntityTagHeaderValue ETag, DateTimeOffset Until);
}
