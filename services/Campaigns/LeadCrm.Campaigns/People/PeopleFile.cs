using System.Text;
using LeadCrm.Campaigns.Members;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Campaigns.People;

/// <summary>A line of a file of people: an id or an e-mail, and the name of a status where there is one.</summary>
internal sealed record PersonLine(long Line, string Text, string Type, Guid? Id, string? Email, string? Status, string? Problem);

/// <summary>
/// A CSV file that names people: with columns <c>id</c>, <c>leadId</c>, <c>contactId</c> or <c>email</c>, and <c>status</c> if wanted. Case, spaces
/// and hyphens in headings do not matter; further columns are left alone.
/// </summary>
internal static class PeopleFile
{
    /// <summary>The lines of the file. No column of people, no UTF-8, or too many lines: 422.</summary>
    public static IReadOnlyList<PersonLine> Read(byte[] file, int most)
    {
        var text = Decode(file);
        var records = CsvText.Read(text, CsvText.DelimiterOf(text)).Take(most + 2).ToList();
        if (records.Count == 0) throw Refused("The file is empty.");
        if (records.Count > most + 1) throw Refused($"A file has at most {most:N0} lines of people. Send the rest in another one.");

        var headings = records[0].Fields.Select(heading => string.Concat(heading.Where(char.IsLetter)).ToLowerInvariant()).ToList();
        var columns = (Id: headings.IndexOf("id"), LeadId: headings.IndexOf("leadid"), ContactId: headings.IndexOf("contactid"), Email: headings.IndexOf("email"),
            Status: headings.IndexOf("status"));
        if (columns is { Id: < 0, LeadId: < 0, ContactId: < 0, Email: < 0 }) throw Refused("The first line must name at least one of the columns email, leadId, contactId, id.");

        return [.. records.Skip(1).Select(record =>
        {
            string? Cell(int column) => column >= 0 && column < record.Fields.Count && record.Fields[column] is { Length: > 0 } cell ? cell : null;
            var status = Cell(columns.Status);
            foreach (var (type, cell) in new[] { (PersonTypes.Lead, Cell(columns.LeadId)), (PersonTypes.Contact, Cell(columns.ContactId)), ("", Cell(columns.Id)) })
                if (cell is not null)
                    return Guid.TryParse(cell, out var id)
                        ? new PersonLine(record.Line, cell, type, id, null, status, null)
                        : new PersonLine(record.Line, cell, type, null, null, status, "This is not an id.");
            return Cell(columns.Email)?.ToLowerInvariant() is not { } email ? new PersonLine(record.Line, "", "", null, null, status, "The line names nobody.")
                : email.Contains('@', StringComparison.Ordinal) && !email.Contains(',', StringComparison.Ordinal) ? new PersonLine(record.Line, email, "", null, email, status, null)
                : new PersonLine(record.Line, email, "", null, null, status, "This is not an e-mail address.");
        })];
    }

    private static string Decode(byte[] file)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(file), new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
            var text = reader.ReadToEnd();
            return text.Contains('\0', StringComparison.Ordinal) ? throw Refused("The file is not a text.") : text;
        }
        catch (DecoderFallbackException)
        {
            throw Refused("The file is not UTF-8. Save it as \"CSV UTF-8\".");
        }
    }

    private static DomainRuleException Refused(string detail) => new("file-refused", detail, 422);
}
