using System.Buffers;
using System.Collections.Frozen;
using System.Net;
using System.Text;

namespace LeadCrm.ServiceDefaults.Values;

/// <summary>
/// Makes rich text harmless: what is given is read as tokens and written anew, so that the result holds nothing but the elements and
/// attributes named here, closed in order, with every other character encoded. Elements that hide code or switch the reader's mode (script,
/// style, svg, textarea and the like) go with everything in them; of other unknown elements only the text stays.
/// </summary>
public static class RichText
{
    private const int DeepestNesting = 50;

    private static readonly FrozenSet<string> Allowed = new[]
    {
        "p", "br", "hr", "div", "span", "b", "strong", "i", "em", "u", "s", "del", "sub", "sup", "code", "pre", "blockquote",
        "h1", "h2", "h3", "h4", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Empty = new[] { "br", "hr" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Dropped = new[]
    {
        "script", "style", "svg", "math", "template", "textarea", "title", "xmp", "noscript", "noembed", "noframes", "iframe", "frameset",
        "object", "embed", "applet", "select", "audio", "video", "canvas", "head", "plaintext",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Blocks = new[]
    {
        "p", "br", "hr", "div", "pre", "blockquote", "h1", "h2", "h3", "h4", "ul", "ol", "li", "table", "tr",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly SearchValues<char> Special = SearchValues.Create("<>&\"'\u00A0");

    /// <summary>The same text with nothing in it but what is allowed.</summary>
    public static string Sanitise(string html)
    {
        var output = new StringBuilder(html.Length);
        var open = new List<string>();
        Read(html, text => Encode(output, text), (name, attributes, closing) =>
        {
            if (Empty.Contains(name))
            {
                if (!closing) output.Append('<').Append(name).Append('>');
            }
            else if (!closing)
            {
                if (open.Count >= DeepestNesting) return;
                open.Add(name);
                output.Append('<').Append(name);
                if (name == "a" && Address(attributes) is { } address)
                {
                    output.Append(" href=\"");
                    Encode(output, address);
                    output.Append("\" rel=\"noopener noreferrer nofollow\"");
                }
                output.Append('>');
            }
            else if (open.LastIndexOf(name) is var at and >= 0)
            {
                for (var i = open.Count - 1; i >= at; i--) output.Append("</").Append(open[i]).Append('>');
                open.RemoveRange(at, open.Count - at);
            }
        });
        for (var i = open.Count - 1; i >= 0; i--) output.Append("</").Append(open[i]).Append('>');
        return output.ToString().Trim();
    }

    /// <summary>The words alone, for search and previews.</summary>
    public static string PlainText(string html)
    {
        var output = new StringBuilder(html.Length);
        Read(html, text => output.Append(text), (name, _, _) =>
        {
            if (Blocks.Contains(name) && output.Length > 0 && output[^1] != '\n') output.Append('\n');
            else if (name is "td" or "th") output.Append(' ');
        });
        return output.ToString().Trim();
    }

    private delegate void OnText(string decoded);

    private delegate void OnElement(string name, IReadOnlyList<(string Name, string Value)> attributes, bool closing);

    /// <summary>Tells of texts, decoded, and of allowed elements, in order.</summary>
    private static void Read(string html, OnText onText, OnElement onElement)
    {
        var position = 0;
        while (position < html.Length)
        {
            var next = html.IndexOf('<', position);
            if (next < 0) next = html.Length;
            if (next > position) onText(WebUtility.HtmlDecode(html[position..next]).Replace("\0", "", StringComparison.Ordinal));
            if (next == html.Length) return;
            position = Markup(html, next, onText, onElement);
        }
    }

    /// <summary>What stands at a <c>&lt;</c>; answers where to go on.</summary>
    private static int Markup(string html, int at, OnText onText, OnElement onElement)
    {
        if (html.AsSpan(at).StartsWith("<!--", StringComparison.Ordinal)) return After(html, "-->", at + 4);
        if (at + 1 < html.Length && html[at + 1] is '!' or '?') return After(html, ">", at + 1);

        var closing = at + 1 < html.Length && html[at + 1] == '/';
        var begin = at + (closing ? 2 : 1);
        if (begin >= html.Length || !char.IsAsciiLetter(html[begin]))
        {
            if (closing) return After(html, ">", begin);   // a reader takes this for a comment
            onText("<");
            return at + 1;
        }

        var end = begin;
        while (end < html.Length && !char.IsWhiteSpace(html[end]) && html[end] is not ('>' or '/')) end++;
        var name = html[begin..end].ToLowerInvariant();
        var attributes = new List<(string, string)>();
        var (after, whole) = Attributes(html, end, attributes);
        if (!whole) return html.Length;   // the tag never ends: it is no text either
        if (!closing && Dropped.Contains(name)) return EndOf(html, name, after);
        if (Allowed.Contains(name)) onElement(name, attributes, closing);
        return after;
    }

    private static (int After, bool Whole) Attributes(string html, int position, List<(string, string)> attributes)
    {
        while (position < html.Length)
        {
            var c = html[position];
            if (c == '>') return (position + 1, true);
            if (char.IsWhiteSpace(c) || c == '/')
            {
                position++;
                continue;
            }

            var begin = position++;   // the first character belongs to the name whatever it is, as in a browser
            while (position < html.Length && !char.IsWhiteSpace(html[position]) && html[position] is not ('=' or '>' or '/')) position++;
            var name = html[begin..position].ToLowerInvariant();
            while (position < html.Length && char.IsWhiteSpace(html[position])) position++;
            if (position >= html.Length || html[position] != '=')
            {
                attributes.Add((name, ""));
                continue;
            }

            position++;
            while (position < html.Length && char.IsWhiteSpace(html[position])) position++;
            if (position >= html.Length) break;
            string value;
            if (html[position] is '"' or '\'')
            {
                var close = html.IndexOf(html[position], position + 1);
                if (close < 0) return (html.Length, false);
                value = html[(position + 1)..close];
                position = close + 1;
            }
            else
            {
                begin = position;
                while (position < html.Length && !char.IsWhiteSpace(html[position]) && html[position] != '>') position++;
                value = html[begin..position];
            }
            attributes.Add((name, WebUtility.HtmlDecode(value)));
        }
        return (html.Length, false);
    }

    /// <summary>Where the content of a dropped element is over; one that is never closed takes the rest along.</summary>
    private static int EndOf(string html, string name, int position)
    {
        var depth = 1;
        while (position < html.Length)
        {
            var next = html.IndexOf('<', position);
            if (next < 0) return html.Length;
            var rest = html.AsSpan(next + 1);
            if (Opens(rest, name)) depth++;
            else if (rest.Length > 0 && rest[0] == '/' && Opens(rest[1..], name) && --depth == 0) return After(html, ">", next);
            position = next + 1;
        }
        return html.Length;
    }

    private static bool Opens(ReadOnlySpan<char> text, string name) =>
        text.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (text.Length == name.Length || char.IsWhiteSpace(text[name.Length]) || text[name.Length] is '>' or '/');

    private static int After(string html, string end, int from)
    {
        var at = from < html.Length ? html.IndexOf(end, from, StringComparison.Ordinal) : -1;
        return at < 0 ? html.Length : at + end.Length;
    }

    /// <summary>A link leads to the web, a mailbox or a phone; anything else is no link.</summary>
    private static string? Address(IReadOnlyList<(string Name, string Value)> attributes)
    {
        var given = attributes.FirstOrDefault(a => a.Name == "href").Value;
        if (given is null) return null;
        // Readers skip blanks and control characters within an address, "java\nscript:" included.
        var text = new string([.. given.Where(c => !char.IsControl(c) && !char.IsWhiteSpace(c))]);
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto" or "tel" ? text : null;
    }

    private static void Encode(StringBuilder output, string text)
    {
        var rest = text.AsSpan();
        while (rest.IndexOfAny(Special) is var at and >= 0)
        {
            output.Append(rest[..at]);
            output.Append(rest[at] switch { '<' => "&lt;", '>' => "&gt;", '&' => "&amp;", '"' => "&quot;", '\'' => "&#39;", _ => "&nbsp;" });
            rest = rest[(at + 1)..];
        }
        output.Append(rest);
    }
}
