using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace LeadCrm.Capture.Intake;

/// <summary>Names in a submission that are no fields of a lead.</summary>
internal static class OwnFields
{
    /// <summary>A field that people do not see: whoever fills it is no person.</summary>
    public const string Honeypot = "additional_notes";
    /// <summary>When the page was drawn, signed.</summary>
    public const string Stamp = "_t";
    /// <summary>The sender's own token: the same one is the same submission.</summary>
    public const string Token = "_once";
    /// <summary>Where to go afterwards.</summary>
    public const string Return = "_return";
    /// <summary>The box to tick.</summary>
    public const string Consent = "_consent";

    public static readonly string[] All = [Honeypot, Stamp, Token, Return, Consent];
}

/// <summary>What somebody sent, as names and texts: from a form (either encoding) or from a flat JSON object with the same names.</summary>
/// <param name="Raw">The body.</param>
/// <param name="ContentType">Its type.</param>
/// <param name="Values">Every name once, with its first text.</param>
internal sealed record SubmissionBody(byte[] Raw, string? ContentType, IReadOnlyDictionary<string, string> Values)
{
    private const int MostValues = 300;

    /// <summary>What has a name here; null when it was not sent or is empty.</summary>
    public string? this[string name] => Values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>Whether it is JSON; the answer is JSON then, too.</summary>
    public static bool IsJson(HttpRequest request) => request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Reads the body, whole. What cannot be read throws <see cref="UnreadableBodyException"/>.</summary>
    public static async Task<SubmissionBody> Read(HttpRequest request, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(buffer, ct);   // the server counts, against the endpoint's limit
        }
        catch (BadHttpRequestException ex) when (ex.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new UnreadableBodyException("It is too large.", 413);
        }
        var raw = buffer.ToArray();
        return new SubmissionBody(raw, request.ContentType, IsJson(request) ? FromJson(raw) : await FromForm(request, raw, ct));
    }

    private static async Task<Dictionary<string, string>> FromForm(HttpRequest request, byte[] raw, CancellationToken ct)
    {
        if (!request.HasFormContentType) throw new UnreadableBodyException("Send a form (application/x-www-form-urlencoded or multipart/form-data) or JSON.", 415);
        request.Body = new MemoryStream(raw);
        try
        {
            var form = await new FormFeature(request, new FormOptions { ValueCountLimit = MostValues, BufferBody = false }).ReadFormAsync(ct);
            var values = form.ToDictionary(field => field.Key, field => field.Value[0] ?? "", StringComparer.Ordinal);
            foreach (var file in form.Files) values.TryAdd(file.Name, "");   // a file is no value of a lead; its name is noted among the ignored
            return values;
        }
        catch (Exception ex) when (ex is InvalidDataException or IOException or BadHttpRequestException)
        {
            throw new UnreadableBodyException("It is no form: " + ex.Message, 400);
        }
    }

    private static Dictionary<string, string> FromJson(byte[] raw)
    {
        try
        {
            using var document = JsonDocument.Parse(raw, new JsonDocumentOptions { MaxDepth = 4 });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new UnreadableBodyException("Send a JSON object with the form's fields.", 400);
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (values.Count == MostValues) throw new UnreadableBodyException($"It has more than {MostValues} members.", 400);
                values.TryAdd(member.Name, member.Value.ValueKind switch
                {
                    JsonValueKind.String => member.Value.GetString()!,
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => member.Value.GetRawText(),
                    JsonValueKind.Null => "",
                    _ => throw new UnreadableBodyException($"'{member.Name}' must be a text, a number, true or false.", 400),
                });
            }
            return values;
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)   // the latter: half a surrogate pair
        {
            throw new UnreadableBodyException("It is no JSON.", 400);
        }
    }
}

/// <summary>A body that cannot be read; nothing was stored.</summary>
internal sealed class UnreadableBodyException(string message, int status) : Exception(message)
{
    public int Status { get; } = status;
}
