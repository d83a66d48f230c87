using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LeadCrm.ServiceDefaults.Idempotency;

/// <summary>Makes POST endpoints safe to repeat.</summary>
public static class IdempotencyExtensions
{
    /// <summary>
    /// Honours <c>Idempotency-Key</c> on the group's POSTs: the handler runs in one transaction on the scoped <typeparamref name="TDb"/>
    /// and its answer is stored in the same commit. A 5xx is never stored.
    /// </summary>
    public static TBuilder WithIdempotency<TBuilder, TDb>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder where TDb : DbContext =>
        builder.AddEndpointFilter(Filter<TDb>).WithMetadata(new KeepsIdempotencyKey());

    /// <inheritdoc cref="WithIdempotency{TBuilder, TDb}"/>
    public static RouteGroupBuilder WithIdempotency<TDb>(this RouteGroupBuilder builder) where TDb : DbContext => builder.WithIdempotency<RouteGroupBuilder, TDb>();

    private static async ValueTask<object?> Filter<TDb>(EndpointFilterInvocationContext context, EndpointFilterDelegate next) where TDb : DbContext
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsPost(http.Request.Method) || http.GetEndpoint()?.Metadata.GetMetadata<OwnIdempotency>() is not null) return await next(context);
        if (await IdempotencyStore.ReadKey(http) is not { } key) return await next(context);

        var ct = http.RequestAborted;
        var db = http.RequestServices.GetRequiredService<TDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await IdempotencyStore.Claim(db, key, ct) is { } stored)
        {
            await transaction.RollbackAsync(ct);
            return new RepeatedAnswer(stored);
        }

        var (status, headers, body) = await Capture(http, await next(context));
        if (status < 500)
        {
            // A refused request wrote nothing, yet its answer is kept like any other: the repeat must hear the same.
            await IdempotencyStore.Store(db, key, status, headers, body, ct);
            await transaction.CommitAsync(ct);
        }
        return new RepeatedAnswer(new StoredAnswer(status, headers, body, null));
    }

    /// <summary>Runs the handler's result against a buffer, so that nothing reaches the caller before the commit.</summary>
    private static async Task<(int Status, Dictionary<string, string> Headers, byte[] Body)> Capture(HttpContext http, object? result)
    {
        var real = http.Response.Body;
        using var buffer = new MemoryStream();
        http.Response.Body = buffer;
        try
        {
            if (result is IResult answer) await answer.ExecuteAsync(http);
            else if (result is not null) await http.Response.WriteAsJsonAsync(result, result.GetType(), http.RequestAborted);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
        finally
        {
            http.Response.Body = real;
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in (string[])["Content-Type", "Location", "ETag"])
            if (http.Response.Headers.TryGetValue(name, out var value)) headers[name] = value.ToString();
        return (http.Response.StatusCode, headers, buffer.ToArray());
    }
}

/// <summary>The answer of the first request with the same key.</summary>
public sealed class RepeatedAnswer(StoredAnswer answer) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = answer.Status ?? StatusCodes.Status200OK;
        foreach (var (name, value) in answer.Headers) httpContext.Response.Headers[name] = value;
        if (answer.Body is { Length: > 0 } body) await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}

/// <summary>Endpoint metadata: POSTs here keep their idempotency key.</summary>
internal sealed class KeepsIdempotencyKey;

/// <summary>Endpoint metadata: this action keeps its idempotency key itself (a conversion answers its operation's current state).</summary>
public sealed class OwnIdempotency;
