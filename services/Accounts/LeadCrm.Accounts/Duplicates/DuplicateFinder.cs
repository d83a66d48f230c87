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
    private string Similar => $" or (match_name ~>=~ left($1, 4) and match_name ~<~ (left($1, 4) || chr(1114111)) and similarity(match_name, $1) >= {SimilarityThreshold})";

    private string Accounts(Scope scope, bool similar) => $"""
        select 'account', id, name, null::uuid, match_domain,
               coalesce(similarity(match_name, $1), 0)::float8, coalesce(match_name = $1, false), coalesce(match_domain = any($2), false), false, false, false
        from accounts
        where deleted_at is null and pending_conversion_id is null and (match_name = $1 or match_domain = any($2){(similar ? Similar : "")}){(scope.SeesAll ? "" : " and owner_id = any($3)")}
        order by coalesce(match_name = $1, false) desc, coalesce(match_domain = any($2), false) desc, 6 desc, id
        limit 20
        """;

    private static string Contacts(Scope scope) => $"""
        with hit as (
            select id from contacts where deleted_at is null and pending_conversion_id is null and email = $1
            union select id from contacts where deleted_at is null and pending_conversion_id is null and phone = any($2)
            union select id from contacts where deleted_at is null and pending_conversion_id is null and mobile = any($2)
            union select id from contacts where deleted_at is null and pending_conversion_id is null and account_id = $4 and match_name % $3
            union select c.id from accounts a join contacts c on c.account_id = a.id
                  where a.deleted_at is null and a.pending_conversion_id is null and a.match_name = $5 and a.match_name <> ''
                    and c.deleted_at is null and c.pending_conversion_id is null and c.match_name % $3
        )
        select 'contact', c.id, concat_ws(' ', c.first_name, c.last_name), c.account_id, c.email,
               coalesce(similarity(c.match_name, $3), 0)::float8, coalesce(c.match_name = $3, false), false, coalesce(c.email = $1, false),
               coalesce(c.phone = any($2) or c.mobile = any($2), false), coalesce(c.account_id = $4 or a.match_name = $5, false)
        from hit join contacts c using (id) left join accounts a on a.id = c.account_id{(scope.SeesAll ? "" : " where c.owner_id = any($6)")}
        order by coalesce(c.email = $1, false) desc, 6 desc, c.id
        limit 20
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
            AddTo(batch, query);
            await using var reader = await batch.ExecuteReaderAsync(ct);
            return await Read(reader, ct);
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

    /// <summary>Adds the two statements of a search to a batch, so that it shares its round trip with other reads. Searches as the current actor may see.</summary>
    public void AddTo(NpgsqlBatch batch, DuplicateQuery query)
    {
        var (accounts, contacts) = (visibility.Of("account"), visibility.Of("contact"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Accounts(accounts, query.SimilarAccountNames)) { Parameters = { Text(query.AccountName), Texts(query.Domains) } });
        if (!accounts.SeesAll) batch.BatchCommands[^1].Parameters.Add(new() { Value = accounts.Owners });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Contacts(contacts))
        {
            Parameters = { Text(query.Email), Texts(query.Phones), Text(query.ContactName), Id(query.AtAccountId), Text(query.AccountName) },
        });
        if (!contacts.SeesAll) batch.BatchCommands[^1].Parameters.Add(new() { Value = contacts.Owners });
    }

    /// <summary>Reads the results of what <see cref="AddTo"/> added, from the result before them on.</summary>
    public async Task<IReadOnlyList<DuplicateMatch>> Read(NpgsqlDataReader reader, CancellationToken ct)
    {
        List<DuplicateMatch> matches = [];
        await reader.NextResultAsync(ct);
        await ReadInto(matches, reader, ct);
        await reader.NextResultAsync(ct);
        await ReadInto(matches, reader, ct);
        return [.. matches.Where(m => m.Score >= options.Value.Threshold).OrderByDescending(m => m.Score).ThenBy(m => m.RecordId).Take(MostCandidates)];
    }

    private static async Task ReadInto(List<DuplicateMatch> matches, NpgsqlDataReader reader, CancellationToken ct)
    {
        while (await reader.ReadAsync(ct))
            matches.Add(new DuplicateMatch
            {
                RecordType = reader.GetString(0), RecordId = reader.GetGuid(1), Name = reader.GetString(2),
                AccountId = reader.IsDBNull(3) ? null : reader.GetGuid(3), Hint = reader.IsDBNull(4) ? null : reader.GetString(4),
                NameSimilarity = reader.GetDouble(5), SameName = reader.GetBoolean(6), SameDomain = reader.GetBoolean(7), SameEmail = reader.GetBoolean(8),
                SamePhone = reader.GetBoolean(9), SameAccount = reader.GetBoolean(10),
            });
    }

    private static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Texts(IReadOnlyList<string> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = values.ToArray() };

    private static NpgsqlParameter Id(Guid? value) => new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)value ?? DBNull.Value };
}
