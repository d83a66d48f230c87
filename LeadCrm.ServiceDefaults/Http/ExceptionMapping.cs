using System.Diagnostics;
using System.Text.Json;
using LeadCrm.ServiceDefaults.CustomFields;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Http;

/// <summary>The one place where exceptions become problem details.</summary>
internal sealed class ExceptionMapping(IProblemDetailsService problems, ILogger<ExceptionMapping> log) : IExceptionHandler
{
    private const int NoSpaceLeft = 28;   // Linux's ENOSPC

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = Map(exception);
        // What is over when the database is back is a warning, one line long: a stack trace for each request hides everything else.
        if (problem.Status >= 500) log.Log(problem.Status == 503 ? LogLevel.Warning : LogLevel.Error, exception, "{Method} {Route} failed", httpContext.Request.Method, Route(httpContext));
        if (problem.Status == 503) httpContext.Response.Headers.RetryAfter = "2";
        httpContext.Response.StatusCode = problem.Status!.Value;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem, Exception = exception });
    }

    internal static ProblemDetails Map(Exception exception) => exception switch
    {
        DomainRuleException rule => With(Problem(rule.Status, rule.Type, Title(rule.Status), rule.Message), rule.Extensions),
        InvalidFieldsException invalid => With(
            Problem(422, "validation", "Some fields need attention", "See errors: each names a field and what to do."), new() { ["errors"] = invalid.Errors }),
        DbUpdateConcurrencyException => Map(Versions.Stale()),
        DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: { } index } } when index.EndsWith("_external_id", StringComparison.Ordinal) =>
            Map(new DomainRuleException("external-id-taken", "Another record has this external id. It may be in the recycle bin.")),
        DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "custom_field_value", ColumnName: { } key } } =>
            Map(new InvalidFieldsException(new Dictionary<string, string[]> { [CustomNames.Prefix + key] = ["Another record has this value. It may be in the recycle bin."] })),
        BadHttpRequestException { InnerException: JsonException inner } => Malformed(inner),
        BadHttpRequestException bad => Problem(bad.StatusCode, bad.StatusCode switch { 413 => "too-large", 415 => "unsupported-media-type", _ => "malformed-request" }, Title(bad.StatusCode), bad.Message),
        JsonException json => Malformed(json),
        NpgsqlException { IsTransient: true } or TimeoutException => Problem(503, "unavailable", Title(503), "The database does not answer at the moment. Nothing was changed by a request that did not say so; try again in a few seconds."),
        DbUpdateException { InnerException: NpgsqlException { IsTransient: true } } => Problem(503, "unavailable", Title(503), "The database does not answer at the moment. Try again in a few seconds."),
        InvalidOperationException { InnerException: NpgsqlException lost } => Map(lost),   // what the driver says of a transaction whose connection broke before
        IOException { HResult: NoSpaceLeft } => Problem(503, "unavailable", Title(503), "There is no space left to keep what was sent. Nothing was changed; try again later."),
        _ => Problem(500, "unexpected", "Something went wrong on our side", "The request was not carried out. Give the trace id to your administrator."),
    };

    private static ProblemDetails Malformed(JsonException json)
    {
        for (Exception? inner = json; inner is not null; inner = inner.InnerException)
            if (inner is NulCharacterException) return Problem(422, "nul-character", Title(422), inner.Message);
        var problem = Problem(400, "malformed-body", "The body could not be read", Readable(json));
        return Place(json) is { } place ? With(problem, new() { ["errors"] = new Dictionary<string, string[]> { [place] = [problem.Detail!] } }) : problem;
    }

    /// <summary>The serializer's message names the member or place; its .NET type names mean nothing to a caller.</summary>
    private static string Readable(JsonException json)
    {
        if (UnknownMember(json.Message) is { } member) return $"The body has a member '{member}' that is not known here. Remove it or correct its name.";
        var place = string.IsNullOrEmpty(json.Path) || json.Path == "$" ? "" : $" at {json.Path}";
        if (json.Message.Contains("missing required", StringComparison.Ordinal)) return "The body lacks required members:" + json.Message[(json.Message.LastIndexOf(':') + 1)..];
        return json.LineNumber is { } line ? $"The body is not valid JSON or holds a value of the wrong kind{place} (line {line + 1})." : $"The body is not valid JSON or holds a value of the wrong kind{place}.";
    }

    /// <summary>The member that is unknown or holds what it should not.</summary>
    private static string? Place(JsonException json) => UnknownMember(json.Message) ?? (json.Path is { Length: > 2 } path ? path[2..] : null);

    private static string? UnknownMember(string message)
    {
        const string before = "The JSON property '";
        if (!message.StartsWith(before, StringComparison.Ordinal) || !message.Contains("could not be mapped", StringComparison.Ordinal)) return null;
        return message[before.Length..message.IndexOf('\'', before.Length)];
    }

    private static string Title(int status) => status switch
    {
        400 => "The request could not be read",
        403 => "Not allowed",
        404 => "Not found",
        409 => "Conflict",
        412 => "Changed by somebody else",
        413 => "Too large",
        415 => "Unsupported content type",
        422 => "Not acceptable as it is",
        428 => "A precondition is required",
        503 => "Temporarily unavailable",
        _ => "The request failed",
    };

    private static ProblemDetails Problem(int status, string type, string title, string detail) =>
        new() { Status = status, Type = Problems.FullType(type), Title = title, Detail = detail };

    private static ProblemDetails With(ProblemDetails problem, Dictionary<string, object?> extensions)
    {
        foreach (var (name, value) in extensions) problem.Extensions[name] = value;
        return problem;
    }

    /// <summary>The handling of exceptions takes the endpoint off the request and keeps it itself.</summary>
    private static string Route(HttpContext http) => ((http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint()) as Microsoft.AspNetCore.Routing.RouteEndpoint)?.RoutePattern.RawText ?? "unmatched route";

    internal static void AddTraceId(ProblemDetailsContext context)
    {
        context.ProblemDetails.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? context.HttpContext.TraceIdentifier;
        // The framework fills in an address of the HTTP standard, which says no more than the status does.
        if (context.ProblemDetails.Type?.StartsWith("https://tools.ietf.org/", StringComparison.Ordinal) == false) return;
        context.ProblemDetails.Type = Problems.FullType(context.ProblemDetails.Status switch
        {
            401 => "not-signed-in", 403 => "forbidden", 404 => "not-found", 405 => "method-not-allowed", 413 => "too-large", 415 => "unsupported-media-type", _ => "error",
        });
    }
}
