using System.Text.RegularExpressions;
using LeadCrm.Security.People;

namespace LeadCrm.Security.Leaks;

/// <summary>Something to ask that might tell of a record: by its text, or by its ids.</summary>
/// <param name="Area">As the table calls it.</param>
/// <param name="Way">Which way it goes.</param>
/// <param name="Service">Whom it asks.</param>
/// <param name="Method">How.</param>
/// <param name="Address">Where, for what is looked for.</param>
/// <param name="Body">With what, if anything.</param>
/// <param name="ContentType">Of the body.</param>
/// <param name="IfMatch">The version that is shown, if one is.</param>
internal sealed record Question(string Area, Way Way, string Service, string Method, Func<Planted, string> Address, Func<Planted, string>? Body = null, string? ContentType = null, string? IfMatch = null)
{
    public async Task<(string Sent, Answer Answer)> Ask(Person person, Planted planted)
    {
        var (address, body) = (Address(planted), Body?.Invoke(planted));
        var answer = await person.Send(Way, Service, Method, address, body, ContentType ?? "application/json", request =>
        {
            if (IfMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", IfMatch);
        });
        return ($"{method(Method)}{address} {body}", answer);

        static string method(string name) => name + " ";
    }
}

/// <summary>Makes two answers comparable: without what is different each time, and with what was looked for under one name.</summary>
internal static partial class Same
{
    public static string Form(Answer answer, Planted planted)
    {
        var text = TraceId().Replace(answer.Text, "");
        foreach (var id in planted.Ids.Values) text = text.Replace(id, "«id»", StringComparison.OrdinalIgnoreCase);
        text = text.Replace(planted.Word, "«word»", StringComparison.OrdinalIgnoreCase).Replace(planted.Typo, "«typo»", StringComparison.OrdinalIgnoreCase)
            .Replace(planted.Beginning, "«beginning»", StringComparison.OrdinalIgnoreCase).Replace(planted.Digits, "«digits»", StringComparison.Ordinal);
        text = Id().Replace(text, "«id»");
        text = Time().Replace(text, "«time»");
        return $"{answer.Status} {answer.Header("ETag")} {text}";
    }

    /// <summary>For the same request at two times: only the trace differs, and when one's own sessions were last seen.</summary>
    public static string Form(Answer answer) => $"{answer.Status} {answer.Header("ETag")} {LastSeen().Replace(TraceId().Replace(answer.Text, ""), "")}";

    [GeneratedRegex("\"lastSeenAt\":\"[^\"]*\",?", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex LastSeen();

    [GeneratedRegex("\"traceId\":\"[^\"]*\",?", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex TraceId();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Id();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Time();
}
