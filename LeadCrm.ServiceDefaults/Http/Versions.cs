using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace LeadCrm.ServiceDefaults.Http;

/// <summary>Optimistic concurrency over HTTP: <c>ETag</c> is the quoted version.</summary>
public static class Versions
{
    /// <summary>The version in <c>If-Match</c>. Missing: 428. Not a quoted number: 400.</summary>
    public static long RequireIfMatch(this HttpContext http) => http.ReadIfMatch()
        ?? throw new DomainRuleException("if-match-required", "Send If-Match with the ETag of the record that you read, so that nobody's change is lost.", 428);

    /// <summary>The version in <c>If-Match</c>, null when there is none. Not a quoted number: 400.</summary>
    public static long? ReadIfMatch(this HttpContext http)
    {
        var text = http.Request.Headers.IfMatch.ToString();
        if (text.Length == 0) return null;
        return long.TryParse(text.Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new DomainRuleException("if-match-malformed", "If-Match must be the ETag of the record: a quoted number.", 400);
    }

    /// <summary>Throws 412 when the record has changed since the caller read it.</summary>
    public static void Check(long expected, long actual)
    {
        if (expected != actual) throw Stale(actual);
    }

    internal static DomainRuleException Stale(long? actual = null)
    {
        var stale = new DomainRuleException("stale-version", "This record was changed by somebody else since you read it. Read it again, then repeat your change.", 412);
        return actual is null ? stale : stale.With("currentVersion", actual);
    }
}

/// <summary>Answers with an <c>ETag</c>.</summary>
public static class Answers
{
    /// <summary>200 with the record and its version as <c>ETag</c>.</summary>
    public static VersionedOk<T> Ok<T>(T body, long version) => new(body, version);

    /// <summary>201 with the record, its <c>Location</c> and its version as <c>ETag</c>.</summary>
    public static VersionedCreated<T> Created<T>(string location, T body, long version) => new(location, body, version);
}

/// <summary>200 with an <c>ETag</c>.</summary>
public sealed class VersionedOk<T>(T body, long version) : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult, IValueHttpResult<T>
{
    /// <inheritdoc/>
    public int? StatusCode => 200;

    /// <inheritdoc/>
    public T? Value => body;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.ETag = $"\"{version}\"";
        return TypedResults.Ok(body).ExecuteAsync(httpContext);
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(T), ["application/json"]));
}

/// <summary>201 with an <c>ETag</c>.</summary>
public sealed class VersionedCreated<T>(string location, T body, long version) : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult, IValueHttpResult<T>
{
    /// <inheritdoc/>
    public int? StatusCode => 201;

    /// <inheritdoc/>
    public T? Value => body;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.ETag = $"\"{version}\"";
        return TypedResults.Created(location, body).ExecuteAsync(httpContext);
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(201, typeof(T), ["application/json"]));
}
