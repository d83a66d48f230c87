using System.Collections.Frozen;
using System.Text;

namespace LeadCrm.Accounts.Normalising;

/// <summary>Texts as they are compared: lower case, Latin letters without marks, words parted by one blank, no punctuation.</summary>
internal static class Folding
{
    // The runtime carries no Unicode decomposition here (invariant globalization), so the Latin letters are spelled out.
    private static readonly FrozenDictionary<char, string> Plain = new (string Plain, string Letters)[]
    {
        ("a", "àáâãåāăąǎạảấầẩẫậắằẳẵặ"), ("ae", "äæ"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęěẹẻẽếềểễệ"), ("g", "ĝğġģ"),
        ("h", "ĥħ"), ("i", "ìíîïĩīĭįıỉị"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņňŋ"), ("o", "òóôõōŏőơọỏốồổỗộớờởỡợ"),
        ("oe", "öøœ"), ("r", "ŕŗř"), ("s", "śŝşšș"), ("ss", "ß"), ("t", "ţťŧț"), ("th", "þ"), ("u", "ùúûũūŭůűųưụủứừửữự"), ("ue", "ü"),
        ("w", "ŵ"), ("y", "ýÿŷỳỵỷỹ"), ("z", "źżž"),
    }.SelectMany(row => row.Letters.Select(letter => (letter, row.Plain))).ToFrozenDictionary(pair => pair.letter, pair => pair.Plain);

    /// <summary>Folds a text; an empty string when nothing of it can be compared.</summary>
    public static string Fold(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return "";
        var folded = new StringBuilder(text.Length);
        var gap = false;
        foreach (var raw in text)
        {
            var letter = char.ToLowerInvariant(raw);
            if (IsMark(letter) || letter is '\'' or '’' or '.') continue;   // O'Neil, S.A.: one word
            if (!char.IsLetterOrDigit(letter) && !char.IsSurrogate(letter))
            {
                gap = folded.Length > 0;
                continue;
            }
            if (gap) folded.Append(' ');
            gap = false;
            if (Plain.TryGetValue(letter, out var plain)) folded.Append(plain);
            else folded.Append(letter);
        }
        return folded.ToString();
    }

    /// <summary>Accents that stand as characters of their own behind their letter.</summary>
    private static bool IsMark(char letter) => letter is >= '\u0300' and <= '\u036f';
}
