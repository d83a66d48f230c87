using LeadCrm.ServiceDefaults.Search;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadCrm.Accounts.Accounts;

/// <summary>Finds accounts by what people remember of them (LD8).</summary>
internal static class SearchAccounts
{
    private static readonly SearchSource Source = new("account", "accounts", "r.name", "nullif(concat_ws(' · ', r.billing_city, r.website), '')", "r.owner_id",
        ["lower(r.name)"], "r.deleted_at is null and r.pending_conversion_id is null");

    internal static async Task<Ok<SearchAnswer>> Handle(NpgsqlDataSource dataSource, IVisibility visibility, CancellationToken ct, string? q = null, int? limit = null)
    {
        var (text, most) = RecordSearch.Read(q, limit);
        return TypedResults.Ok(await RecordSearch.Find(dataSource, Source, visibility.Of("account"), text, most, ct));
    }
}
