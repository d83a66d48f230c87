using LeadCrm.Activities.Activities;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace LeadCrm.Activities.Files;

/// <summary>The file in a request: the body itself, or the first file of a form, read as it comes.</summary>
internal static class UploadedFile
{
    private const int LongestBoundary = 200;

    internal static async Task<(string Name, Stream Body)> Of(HttpRequest request, string? name, CancellationToken ct)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) throw Unsupported();
        if (type.MediaType != "multipart/form-data")
            return type.MediaType.Value is "application/json" or "application/x-www-form-urlencoded" && name is null ? throw Unsupported() : (NameOf(name), request.Body);
        if (HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= LongestBoundary } boundary) throw Unsupported();

        var form = new MultipartReader(boundary, request.Body);
        while (await Next(form, ct) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.IsFileDisposition()) continue;
            var given = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
            return (NameOf(name ?? given), section.Body);
        }
        throw new InvalidFieldsException(new Dictionary<string, string[]> { ["file"] = ["The form holds no file."] });
    }

    /// <summary>A name without folders, control characters and what some systems forbid.</summary>
    internal static string NameOf(string? given)
    {
        var name = Path.GetFileName((given ?? "").Replace('\\', '/'));
        name = new string([.. name.Where(c => !char.IsControl(c) && c is not ('<' or '>' or ':' or '"' or '|' or '?' or '*') && c is not (>= '\u202A' and <= '\u202E') && c is not (>= '\u2066' and <= '\u2069'))]).Trim(' ', '.');
        if (name.Length == 0) return "file";
        if (name.Length <= ActivityRules.SubjectLength) return name;
        var extension = Path.GetExtension(name);
        return extension.Length is > 0 and < 20 ? name[..(ActivityRules.SubjectLength - extension.Length)] + extension : name[..ActivityRules.SubjectLength];
    }

    private static async Task<MultipartSection?> Next(MultipartReader form, CancellationToken ct)
    {
        try
        {
            return await form.ReadNextSectionAsync(ct);
        }
        catch (Exception ex) when (ex is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new DomainRuleException("malformed-body", "The form could not be read: " + ex.Message, 400);
        }
    }

    private static DomainRuleException Unsupported() =>
        new("unsupported-media-type", "Send the file as the body, with its name as ?name=, or as the file of a multipart/form-data form.", 415);
}
