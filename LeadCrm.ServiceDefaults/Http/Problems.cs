using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LeadCrm.ServiceDefaults.Http;

/// <summary>Answers that say what went wrong (RFC 9457), each with a stable <c>type</c> that a client may depend on.</summary>
public static class Problems
{
    /// <summary>Prefix of every problem type.</summary>
    public const string Urn = "urn:leadcrm:";

    /// <summary>404: there is no such record, or the caller may not see it.</summary>
    public static ProblemHttpResult NotFound(string detail = "There is no such record, or you may not see it.") => Of(404, "not-found", "Not found", detail);

    /// <summary>403: the caller lacks a permission.</summary>
    public static ProblemHttpResult Forbidden(string detail) => Of(403, "forbidden", "Not allowed", detail);

    /// <summary>409: the record's state does not allow it now.</summary>
    public static ProblemHttpResult Conflict(string type, string detail, IDictionary<string, object?>? extensions = null) =>
        Of(409, type, "Conflict", detail, extensions);

    /// <summary>422: the request is well formed but breaks a rule.</summary>
    public static ProblemHttpResult Unprocessable(string type, string detail, IDictionary<string, object?>? extensions = null) =>
        Of(422, type, "Not acceptable as it is", detail, extensions);

    /// <summary>422 with messages per field.</summary>
    public static ProblemHttpResult Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        Of(422, "validation", "Some fields need attention", "See errors: each names a field and what to do.", new Dictionary<string, object?> { ["errors"] = errors });

    /// <summary>503: something this needs is away; safe to try again.</summary>
    public static ProblemHttpResult Unavailable(string detail) => Of(503, "unavailable", "Temporarily unavailable", detail);

    /// <summary>Any other status.</summary>
    public static ProblemHttpResult Of(int status, string type, string title, string detail, IDictionary<string, object?>? extensions = null)
    {
        var problem = new ProblemDetails { Status = status, Type = FullType(type), Title = title, Detail = detail };
        if (extensions is not null)
            foreach (var (name, value) in extensions) problem.Extensions[name] = value;
        return TypedResults.Problem(problem);
    }

    internal static string FullType(string type) => type.StartsWith("urn:", StringComparison.Ordinal) ? type : Urn + type;
}
