using System.Globalization;
using System.Linq.Expressions;

namespace LeadCrm.ServiceDefaults.Lists;

/// <summary>
/// How numbered conditions are put together: <c>1 AND (2 OR 3)</c>, <c>1 AND NOT 2</c>. Where AND and OR meet, parentheses say which comes first; every condition
/// is named.
/// </summary>
public sealed class FilterLogic
{
    private const int Longest = 500;
    private const int Deepest = 20;
    private readonly string text;
    private readonly int conditions;
    private readonly HashSet<int> named = [];
    private int at;
    private int depth;

    private FilterLogic(string text, int conditions) => (this.text, this.conditions) = (text, conditions);

    /// <summary>Reads it; null: all conditions must hold.</summary>
    /// <param name="text">As somebody typed it.</param>
    /// <param name="conditions">How many conditions there are.</param>
    /// <exception cref="FormatException">With what is wrong with it, for who typed it.</exception>
    internal static FilterNode Read(string? text, int conditions)
    {
        if (string.IsNullOrWhiteSpace(text)) return new FilterNode.All([.. Enumerable.Range(0, conditions).Select(i => new FilterNode.Condition(i))]);
        if (text.Length > Longest) throw new FormatException($"At most {Longest} characters.");
        var logic = new FilterLogic(text, conditions);
        var whole = logic.Several();
        if (logic.Next() is { } left) throw new FormatException($"“{left}” stands where AND or OR is expected.");
        if (Enumerable.Range(1, conditions).FirstOrDefault(number => !logic.named.Contains(number)) is var missing and > 0)
            throw new FormatException($"Condition {missing} is not used. Remove it, or name it here.");
        return whole;
    }

    private FilterNode Several()
    {
        List<FilterNode> parts = [One()];
        string? joined = null;
        while (Peek() is "AND" or "OR")
        {
            var word = Next()!;
            if (joined is not null && joined != word) throw new FormatException("Put parentheses where AND and OR meet, such as 1 AND (2 OR 3).");
            joined = word;
            parts.Add(One());
        }
        return parts.Count == 1 ? parts[0] : joined == "AND" ? new FilterNode.All(parts) : new FilterNode.Any(parts);
    }

    private FilterNode One()
    {
        if (++depth > Deepest) throw new FormatException($"At most {Deepest} levels of parentheses and NOT.");
        var word = Next();
        FilterNode node;
        switch (word)
        {
            case null:
                throw new FormatException("It ends where the number of a condition is expected.");
            case "NOT":
                node = new FilterNode.Not(One());
                break;
            case "(":
                node = Several();
                if (Next() != ")") throw new FormatException("A parenthesis is not closed.");
                break;
            default:
                if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > conditions)
                    throw new FormatException(conditions == 0 ? "There are no conditions that it could name." : $"“{word}” is no condition: they are numbered 1 to {conditions}.");
                named.Add(number);
                node = new FilterNode.Condition(number - 1);
                break;
        }
        depth--;
        return node;
    }

    private string? Peek()
    {
        var before = at;
        var word = Next();
        at = before;
        return word;
    }

    private string? Next()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        if (at == text.Length) return null;
        var start = at++;
        if (char.IsAsciiLetterOrDigit(text[start])) while (at < text.Length && char.IsAsciiLetterOrDigit(text[at])) at++;
        return text[start..at].ToUpperInvariant();
    }
}

/// <summary>Conditions put together.</summary>
internal abstract record FilterNode
{
    /// <summary>One condition, by its place.</summary>
    internal sealed record Condition(int Index) : FilterNode;

    /// <summary>All of these.</summary>
    internal sealed record All(IReadOnlyList<FilterNode> Parts) : FilterNode;

    /// <summary>At least one of these.</summary>
    internal sealed record Any(IReadOnlyList<FilterNode> Parts) : FilterNode;

    /// <summary>Not this.</summary>
    internal sealed record Not(FilterNode Part) : FilterNode;

    /// <summary>One expression of them all.</summary>
    /// <param name="condition">The condition at a place.</param>
    public Expression Build(Func<int, Expression> condition) => this switch
    {
        Condition one => condition(one.Index),
        All { Parts.Count: 0 } => Expression.Constant(true),
        All all => all.Parts.Select(part => part.Build(condition)).Aggregate(Expression.AndAlso),
        Any any => any.Parts.Select(part => part.Build(condition)).Aggregate(Expression.OrElse),
        // Who has no value does not have that value: unknown counts as false before it is turned round.
        Not not => Expression.Not(Expression.Coalesce(Expression.Convert(not.Part.Build(condition), typeof(bool?)), Expression.Constant(false))),
        _ => throw new InvalidOperationException($"{this} is not put together."),
    };
}
