using LeadCrm.ServiceDefaults.Search;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadCrm.Accounts.Contacts;

/// <summary>Finds contacts by what people remember of them (LD8).</summary>
internal static class SearchContacts
{
    private static readonly SearchSource Source = new("contact", "contacts", "concat_ws(' ', r.first_name, r.last_name)", "nullif(concat_ws(' · ', (select a.name from accounts a where a.id = r.account_id), r.email), '')", "r.owner_id",
        ["lower(r.last_name)", "lower(r.first_name)", "r.email"], "r.deleted_at is null and r.pending_conversion_id is null")
    {
        Related = $"select c.id from accounts a join contacts c on c.account_id = a.id where {SearchSource.BeginsWith("lower(a.name)")} and a.deleted_at is null",
    };

    // Names of accounts neither shown nor looked for: not everybody may see each of them.
    private static readonly SearchSource WithoutAccounts = Source with { Subtitle = "r.email", Related = null };

    internal static async Task<Ok<SearchAnswer>> Handle(NpgsqlDataSource dataSource, IVisibility visibility, CancellationToken ct, string? q = null, int? limit = null)
    {
        var (text, most) = RecordSearch.Read(q, limit);
        return TypedResults.Ok(await RecordSearch.Find(dataSource, visibility.Of("account").SeesAll ? Source : WithoutAccounts, visibility.Of("contact"), text, most, ct));
    }
}
