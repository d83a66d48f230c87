using System.Text;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.ServiceDefaults.Lists;

/// <summary>The values of <c>[in]</c>: a comma between them; one that holds a comma, or begins with a quote, stands in double quotes, and a quote in it is doubled, as in CSV files.</summary>
internal static class ListOfValues
{
    /// <exception cref="DomainRuleException">A quote is not closed, or something follows one that is.</exception>
    public static string[] Read(string text, string field)
    {
        if (!text.Contains('"', StringComparison.Ordinal)) return text.Split(',');
        var values = new List<string>();
        for (var at = 0; at <= text.Length; at++)   // over the comma
        {
            if (at < text.Length && text[at] == '"')
            {
                values.Add(Quoted(text, ref at, field));
                continue;
            }
            var end = text.IndexOf(',', at);
            if (end < 0) end = text.Length;
            values.Add(text[at..end]);
            at = end;
        }
        return [.. values];
    }

    /// <summary>What stands between the quote here and the one that closes it; moves on to the comma behind, or to the end.</summary>
    private static string Quoted(string text, ref int at, string field)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                value.Append(text[at]);
                continue;
            }
            at++;
            if (at == text.Length || text[at] == ',') return value.ToString();
            if (text[at] != '"') break;
            value.Append('"');
        }
        throw ListFields<object>.Bad($"'{field}' has a value in quotes that is not closed. A value with a comma stands in double quotes, and a quote in it is doubled: \"a, b\",c.", field);
    }
}
