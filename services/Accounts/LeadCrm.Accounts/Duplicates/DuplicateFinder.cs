using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.Accounts.Duplicates;

/// <summary>How sure a candidate must be.</summary>
internal sealed class DuplicateOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Duplicates";

    /// <summary>Candidates below this score (0 to 100) are not named.</summary>
    public int Threshold { get; set; } = 65;

    /// <summary>What follows when an account to be created looks like one that is there (C22).</summary>
    public DuplicateAction Accounts { get; set; } = DuplicateAction.Alert;

    /// <summary>What follows when a contact to be created looks like one that is there.</summary>
    public DuplicateAction Contacts { get; set; } = DuplicateAction.Alert;
}

/// <summary>What follows from a candidate.</summary>
internal enum DuplicateAction
{
    /// <summary>It is named, and nothing has to be decided.</summary>
    Allow,
    /// <summary>Somebody has to decide: use it, or create anyway.</summary>
    Alert,
    /// <summary>It is used, or nothing is created.</summary>
    Block,
}

/// <summary>What to look for, normalised; what is null is not looked for.</summary>
internal sealed record DuplicateQuery
{
    /// <summary>Company name from <see cref="MatchNames.Company"/>, to look for accounts.</summary>
    public string? AccountName { get; init; }
    /// <summary>False: only accounts of exactly that name are looked for.</summary>
    public bool SimilarAccountNames { get; init; } = true;
    /// <summary>Domains, to look for accounts.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];
    /// <summary>E-mail, to look for contacts.</summary>
    public string? Email { get; init; }
    /// <summary>Phones, to look for contacts.</summary>
    public IReadOnlyList<string> Phones { get; init; } = [];
    /// <summary>Full name from <see cref="MatchNames.Person"/>: looked for at the account and company named here.</summary>
    public string? ContactName { get; init; }
    /// <summary>The account where the contact's name is looked for.</summary>
    public Guid? AtAccountId { get; init; }
}

/// <summary>Finds records that may be the same, among those that the acting user may see. Every branch is served by an index of its own, and at most 20 of a kind come back.</summary>
internal sealed class DuplicateFinder(AccountsDb db, IVisibility visibility, IOptions<DuplicateOptions> options)
{
    public const int MostCandidates = 20;

    /// <summary>How sure candidates must be, and what follows from them.</summary>
    public DuplicateOptions Options => options.Value;

    // Similarity threshold of pg_trgm's % operator for this transaction or batch.
    private const string SetThreshold = "select set_config('pg_trgm.similarity_threshold', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true)";

    // A similar name begins alike: that leaves a page or two of an ordinary index, where an index of trigrams visits a part of all names, however many there
    // are. With the operator % instead of the function the planner would take that one.
    private string Similar => $" or (a.match_name ~>=~ left(q.name, 4) and a.match_name ~<~ (left(q.name, 4) || chr(1114111)) and similarity(a.match_name, q.name) >= {SimilarityThreshold})";

    // One statement for all that are searched for at the same time, with an index scan for each: a statement for each would cost as much again as what it finds.
    private string Accounts(Scope scope, bool similar) => $"""
        select q.place, hit.*
        from unnest($1::text[], $2::text[]) with ordinality as q(name, domains, place) cross join lateral (
            select 'account', a.id, a.name, null::uuid, a.match_domain, coalesce(similarity(a.match_name, q.name), 0)::float8,
                   coalesce(a.match_name = q.name, false), coalesce(a.match_domain = any(string_to_array(q.domains, ' ')), false), false, false, false
            from accounts a
            where a.deleted_at is null and a.pending_conversion_id is null
              and (a.match_name = q.name or a.match_domain = any(string_to_array(q.domains, ' ')){(similar ? Similar : "")}){(scope.SeesAll ? "" : " and a.owner_id = any($3)")}
            order by 7 desc, 8 desc, 6 desc, a.id
            limit 20
        ) as hit
        """;

    private static string Contacts(Scope scope) => $"""
        select q.place, hit.*
        from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[]) with ordinality as q(email, phones, name, account_id, account_name, place) cross join lateral (
            select 'contact', c.id, concat_ws(' ', c.first_name, c.last_name), c.account_id, c.email,
                   coalesce(similarity(c.match_name, q.name), 0)::float8, coalesce(c.match_name = q.name, false), false, coalesce(c.email = q.email, false),
                   coalesce(c.phone = any(string_to_array(q.phones, ' ')) or c.mobile = any(string_to_array(q.phones, ' ')), false),
                   coalesce(c.account_id = q.account_id or a.match_name = q.account_name, false)
            from (
                select id from contacts where deleted_at is null and pending_conversion_id is null and email = q.email
                union select id from contacts where deleted_at is null and pending_conversion_id is null and phone = any(string_to_array(q.phones, ' '))
                union select id from contacts where deleted_at is null and pending_conversion_id is null and mobile = any(string_to_array(q.phones, ' '))
                union select id from contacts where deleted_at is null and pending_conversion_id is null and account_id = q.account_id and match_name % q.name
                union select c.id from accounts a join contacts c on c.account_id = a.id
                      where a.deleted_at is null and a.pending_conversion_id is null and a.match_name = q.account_name and a.match_name <> ''
                        and c.deleted_at is null and c.pending_conversion_id is null and c.match_name % q.name
            ) as found join contacts c using (id) left join accounts a on a.id = c.account_id{(scope.SeesAll ? "" : " where c.owner_id = any($6)")}
            order by 9 desc, 6 desc, c.id
            limit 20
        ) as hit
        """;

    private string SimilarityThreshold => Math.Clamp(options.Value.Threshold / 85.0, 0.3, 1.0).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Candidates of both kinds at or above the threshold, best first.</summary>
    public async Task<IReadOnlyList<DuplicateMatch>> Find(DuplicateQuery query, CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            await using var batch = CreateBatch();
            Begin(batch);
            AddTo(batch, [query]);
            await using var reader = await batch.ExecuteReaderAsync(ct);
            return (await Read(reader, 1, ct))[0];
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>A batch on the context's connection and in its transaction.</summary>
    public NpgsqlBatch CreateBatch() => new((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());

    /// <summary>Goes before the first search of a batch.</summary>
    public void Begin(NpgsqlBatch batch)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SetThreshold) { Parameters = { Text(SimilarityThreshold) } });
    }

    /// <summary>
    /// Adds the two statements of some searches to a batch, so that they share its round trip with other reads. Searches as the current actor may see. All of them look
    /// for similar names of accounts, or none does.
    /// </summary>
    public void AddTo(NpgsqlBatch batch, IReadOnlyList<DuplicateQuery> queries)
    {
        var (accounts, contacts) = (visibility.Of("account"), visibility.Of("contact"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Accounts(accounts, queries[0].SimilarAccountNames)) { Parameters = { Texts(q => q.AccountName), Texts(q => Words(q.Domains)) } });
        if (!accounts.SeesAll) batch.BatchCommands[^1].Parameters.Add(new() { Value = accounts.Owners });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Contacts(contacts))
        {
            Parameters =
            {
                Texts(q => q.Email), Texts(q => Words(q.Phones)), Texts(q => q.ContactName),
                new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = queries.Select(q => q.AtAccountId).ToArray() }, Texts(q => q.AccountName),
            },
        });
        if (!contacts.SeesAll) batch.BatchCommands[^1].Parameters.Add(new() { Value = contacts.Owners });

        NpgsqlParameter Texts(Func<DuplicateQuery, string?> text) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = queries.Select(text).ToArray() };
        // Domains and stored numbers hold no blanks.
        static string? Words(IReadOnlyList<string> words) => words.Count == 0 ? null : string.Join(' ', words);
    }

    /// <summary>Reads the results of what <see cref="AddTo"/> added for so many searches, from the result before them on: what each has found, in their order.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<DuplicateMatch>>> Read(NpgsqlDataReader reader, int searches, CancellationToken ct)
    {
        var matches = new List<DuplicateMatch>[searches];
        for (var i = 0; i < searches; i++) matches[i] = [];
        await reader.NextResultAsync(ct);
        await ReadInto(matches, reader, ct);
        await reader.NextResultAsync(ct);
        await ReadInto(matches, reader, ct);
        return Array.ConvertAll(matches, found => (IReadOnlyList<DuplicateMatch>)
            [.. found.Where(m => m.Score >= options.Value.Threshold).OrderByDescending(m => m.Score).ThenBy(m => m.RecordId).Take(MostCandidates)]);
    }

    private static async Task ReadInto(List<DuplicateMatch>[] matches, NpgsqlDataReader reader, CancellationToken ct)
    {
        while (await reader.ReadAsync(ct))
            matches[reader.GetInt64(0) - 1].Add(new DuplicateMatch
            {
                RecordType = reader.GetString(1), RecordId = reader.GetGuid(2), Name = reader.GetString(3),
                AccountId = reader.IsDBNull(4) ? null : reader.GetGuid(4), Hint = reader.IsDBNull(5) ? null : reader.GetString(5),
                NameSimilarity = reader.GetDouble(6), SameName = reader.GetBoolean(7), SameDomain = reader.GetBoolean(8), SameEmail = reader.GetBoolean(9),
                SamePhone = reader.GetBoolean(10), SameAccount = reader.GetBoolean(11),
            });
    }

    private static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };
}
