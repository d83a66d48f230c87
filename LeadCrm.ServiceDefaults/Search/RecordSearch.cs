using System.Text;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Visibility;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.ServiceDefaults.Search;

/// <summary>A record that a search found.</summary>
/// <param name="Type">Kind of record, such as <c>lead</c>.</param>
/// <param name="Id">The record.</param>
/// <param name="Title">Its name.</param>
/// <param name="Subtitle">What tells it from others of that name.</param>
/// <param name="OwnerId">Its owner; null when a queue holds it.</param>
/// <param name="Score">How well it fits, 0 to 1: exact 1, beginnings above 0.85, words and fragments above 0.6, typing errors below.</param>
public sealed record SearchHit(string Type, Guid Id, string Title, string? Subtitle, Guid? OwnerId, double Score);

/// <summary>What a search found, the best first.</summary>
public sealed record SearchAnswer(IReadOnlyList<SearchHit> Items);

/// <summary>
/// How a kind of record is searched: SQL over its table, which is called <c>r</c>. The table has a <c>search_text</c> (lower case, what
/// identifies the record, with a trigram index) and a <c>search_vector</c> (words of that and of the description, with a GIN index).
/// </summary>
/// <param name="Type">Kind of record in answers.</param>
/// <param name="Table">The table.</param>
/// <param name="Title">Its name as shown.</param>
/// <param name="Subtitle">What tells it from others of that name.</param>
/// <param name="Owner">The owner's column.</param>
/// <param name="Keys">
/// What people begin to type, in lower case: names, company, e-mail. Each has an index with <c>text_pattern_ops</c>.
/// </param>
/// <param name="Where">Which records are searched at all: not deleted, not provisional.</param>
public sealed record SearchSource(string Type, string Table, string Title, string Subtitle, string Owner, IReadOnlyList<string> Keys, string Where)
{
    /// <summary>The column of the queue that holds a record, where there is one.</summary>
    public string? Queue { get; init; }

    /// <summary>A query of ids that fit for another reason, such as the name of the account; it may use <c>@text</c> and <see cref="BeginsWith"/>.</summary>
    public string? Related { get; init; }

    /// <summary>
    /// A table of the words that stand in names (<c>word</c>, with a trigram index and one of <c>word_variants(word)</c>), where there are so many records that what
    /// looks like a word is sooner found among words than among records: a million leads have fifty thousand last names.
    /// </summary>
    public string? Vocabulary { get; init; }

    /// <summary>
    /// The condition that a key begins with what was typed. A range and not <c>like</c>: only with the pattern known would an index serve that, so the
    /// statement would be planned anew each time, which costs several times what it takes to run.
    /// </summary>
    public static string BeginsWith(string key) => $"{key} ~>=~ @begin and {key} ~<~ @end";
}

/// <summary>
/// Searches one kind of record: what begins with the words first, then what holds them, and, only when that is not enough, what looks like
/// them. The first steps read a bounded number of rows through an index, so that they cost the same over many records. What looks like them is looked for
/// among the words of names where there is such a vocabulary, and in the whole text where there is none, or nothing was found.
/// </summary>
public static class RecordSearch
{
    /// <summary>Most hits of one answer.</summary>
    public const int LargestLimit = 50;

    private const int Candidates = 60;
    private const int WordsAlike = 6;
    private const int ShortestFragment = 3;

    /// <summary>No text begins with others and goes on with something beyond it.</summary>
    private const string LastCharacter = "\U0010FFFF";

    /// <summary>The words and the number of hits, as the request gives them; wrong ones are a 400.</summary>
    public static (string Text, int Limit) Read(string? q, int? limit)
    {
        var errors = new Dictionary<string, string[]>();
        var text = (q ?? "").Replace("\0", "", StringComparison.Ordinal).Trim();
        if (text.Length is 0 or > 200) errors["q"] = ["'q' takes the words to look for, 1 to 200 characters."];
        if (limit is < 1 or > LargestLimit) errors["limit"] = [$"'limit' takes 1 to {LargestLimit}."];
        return errors.Count == 0 ? (text, limit ?? 5) : throw new DomainRuleException("bad-search", string.Join(' ', errors.Values.Select(e => e[0])), 400).With("errors", errors);
    }

    /// <summary>The hits, the best first.</summary>
    /// <param name="dataSource">The service's database.</param>
    /// <param name="source">What is searched.</param>
    /// <param name="scope">What the caller may see.</param>
    /// <param name="text">The words.</param>
    /// <param name="limit">How many hits.</param>
    /// <param name="ct">Ends the query.</param>
    public static async Task<SearchAnswer> Find(NpgsqlDataSource dataSource, SearchSource source, Scope scope, string text, int limit, CancellationToken ct)
    {
        var words = new Words(text);
        source = source with { Where = $"{source.Where} and {scope.Sql(source.Owner, source.Queue)}" };
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        var hits = await Run(connection, source, Certain(source, words), scope, words, limit, ct);
        if (words.Text.Length < ShortestFragment) return new SearchAnswer(hits);
        if (hits.Count < limit && source.Vocabulary is { } vocabulary && words.Typed.Length > 0) hits = await Run(connection, source, AlikeWords(source, vocabulary), scope, words, limit, ct, hits);
        if (source.Vocabulary is null ? hits.Count < limit : hits.Count == 0) hits = await Run(connection, source, Alike(source), scope, words, limit, ct, hits);
        return new SearchAnswer(hits);
    }

    /// <summary>Records that begin with the text, hold all its words or hold it as a fragment.</summary>
    private static string Certain(SearchSource source, Words words)
    {
        var parts = source.Keys.Select(key => $"(select r.id from {source.Table} r where {SearchSource.BeginsWith(key)} and {source.Where} order by {key} using ~<~ limit {Candidates})").ToList();
        if (words.Query is not null) parts.Add($"(select r.id from {source.Table} r where r.search_vector @@ to_tsquery('simple', @words) and {source.Where} limit {Candidates})");
        if (words.Text.Length >= ShortestFragment) parts.Add($"(select r.id from {source.Table} r where r.search_text like @fragment and {source.Where} limit {Candidates})");
        if (source.Related is { } related) parts.Add($"(select r.id from {source.Table} r where r.id in ({related}) and {source.Where} limit {Candidates})");
        var exact = string.Join(" or ", source.Keys.Select(key => $"{key} = @text"));
        var beginning = string.Join(" or ", source.Keys.Select(key => $"({SearchSource.BeginsWith(key)})"));
        return $"""
            select r.id, {source.Title}, {source.Subtitle}, {source.Owner},
                   case when lower({source.Title}) = @text then 1.0 when {exact} then 0.98 when {SearchSource.BeginsWith($"lower({source.Title})")} then 0.92
                        when {beginning} then 0.88 else 0.6 + 0.25 * word_similarity(@text, r.search_text) end as score
            from {source.Table} r where r.id in ({string.Join(" union ", parts)})
            order by score desc, 2, r.id limit @limit
            """;
    }

    /// <summary>
    /// Records that hold, for each word that was typed, a word that may have been meant: one that a single slip makes of it, or, where there is none, one with
    /// similar trigrams, or the word itself. Trigrams lead to hundreds of words that have some of them, and are looked at only when nothing nearer is there. A text
    /// with digits is no name, and nothing but itself is meant by it.
    /// </summary>
    private static string AlikeWords(SearchSource source, string vocabulary)
    {
        string Meant(string fits) => $"""
            (select string_agg('''' || replace(replace(near.word, '\', '\\'), '''', '''''') || '''', ' | ') from (
                select v.word from {vocabulary} v where {fits} group by v.word order by similarity(v.word, typed.word) desc, v.word limit {WordsAlike}) as near)
            """;
        return $"""
            with alike as (
                select case when typed.word ~ '[[:digit:]]' then '''' || typed.word || ''':*'
                            else coalesce({Meant("word_variants(v.word) && word_variants(typed.word)")}, {Meant("v.word % typed.word")}, '''' || typed.word || ''':*') end as words
                from unnest(@typed) as typed (word))
            select r.id, {source.Title}, {source.Subtitle}, {source.Owner}, 0.59 * word_similarity(@text, r.search_text) as score
            from {source.Table} r where r.id in (
                select r.id from {source.Table} r where r.search_vector @@ (select string_agg('(' || words || ')', ' & ')::tsquery from alike) and {source.Where} limit {Candidates})
            order by score desc, 2, r.id limit @limit
            """;
    }

    /// <summary>Records with something that looks like the text.</summary>
    private static string Alike(SearchSource source) => $"""
        select r.id, {source.Title}, {source.Subtitle}, {source.Owner}, 0.59 * word_similarity(@text, r.search_text) as score
        from {source.Table} r where @text <% r.search_text and {source.Where}
        order by score desc, 2, r.id limit @limit
        """;

    private static async Task<List<SearchHit>> Run(
        NpgsqlConnection connection, SearchSource source, string sql, Scope scope, Words words, int limit, CancellationToken ct, List<SearchHit>? before = null)
    {
        await using var batch = new NpgsqlBatch(connection);
        // Both hold for this batch, which is a transaction. A short word has few trigrams, of which a typing error spoils more than half. And the plan
        // is the same whatever is looked for: made once for a connection.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select set_config('pg_trgm.word_similarity_threshold', @threshold, true), set_config('plan_cache_mode', 'force_generic_plan', true)") { Parameters = { new("threshold", words.Threshold) } });
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(new("text", words.Text));
        scope.AddTo(command.Parameters);
        if (before is null)
        {
            command.Parameters.Add(new("begin", NpgsqlDbType.Text) { Value = words.Begin });
            command.Parameters.Add(new("end", NpgsqlDbType.Text) { Value = words.Begin + LastCharacter });
            if (words.Query is { } query) command.Parameters.Add(new("words", query));
            if (words.Text.Length >= ShortestFragment) command.Parameters.Add(new("fragment", words.Fragment));
        }
        else if (source.Vocabulary is not null) command.Parameters.Add(new("typed", words.Typed));
        command.Parameters.Add(new("limit", limit + (before?.Count ?? 0)));
        batch.BatchCommands.Add(command);

        var hits = before ?? [];
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var id = reader.GetGuid(0);
            if (hits.Count == limit || hits.Exists(hit => hit.Id == id)) continue;
            hits.Add(new SearchHit(source.Type, id, reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetGuid(3), Math.Round(reader.GetDouble(4), 3)));
        }
        return hits;
    }

    /// <summary>What was typed, in the forms that the indexes understand.</summary>
    internal sealed class Words
    {
        public Words(string typed)
        {
            Text = string.Join(' ', typed.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            // "(0980) 200-52" is typed in many ways; numbers are stored in one, with their country in front.
            var digits = new string([.. Text.Where(char.IsAsciiDigit)]);
            var number = digits.Length >= 5 && !Text.Any(char.IsLetter) ? digits.TrimStart('0') : null;
            Begin = number is null ? Text : "+" + number;
            Fragment = "%" + Escape(number ?? Text) + "%";
            Typed = [.. Lexemes(Text)];
            Query = Typed.Length == 0 ? null : string.Join(" & ", Typed.Select(word => word + ":*"));
            Threshold = Text.Length <= 7 ? "0.4" : "0.5";
        }

        public string Text { get; }
        public string Begin { get; }
        public string Fragment { get; }
        public string[] Typed { get; }
        public string? Query { get; }
        public string Threshold { get; }

        private static IEnumerable<string> Lexemes(string text)
        {
            var word = new StringBuilder();
            foreach (var rune in text.EnumerateRunes())
            {
                if (Rune.IsLetterOrDigit(rune)) word.Append(rune);
                else if (word.Length > 0)
                {
                    yield return word.ToString();
                    word.Clear();
                }
            }
            if (word.Length > 0) yield return word.ToString();
        }

        private static string Escape(string text) =>
            text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
    }
}
