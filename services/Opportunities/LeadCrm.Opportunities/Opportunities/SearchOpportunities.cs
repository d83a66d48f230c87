using LeadCrm.ServiceDefaults.Search;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Finds opportunities by their name, their account's name or their description (LD8).</summary>
internal static class SearchOpportunities
{
    private static readonly SearchSource Source = new("opportunity", "opportunities", "r.name", "(select a.name from account_refs a where a.id = r.account_id)", "r.owner_id",
        ["lower(r.name)"], "r.deleted_at is null and r.pending_conversion_id is null")
    {
        Related = $"select o.id from account_refs a join opportunities o on o.account_id = a.id where {SearchSource.BeginsWith("lower(a.name)")}",
    };

    internal static async Task<Ok<SearchAnswer>> Handle(NpgsqlDataSource dataSource, IVisibility visibility, CancellationToken ct, string? q = null, int? limit = null)
    {
        var (text, most) = RecordSearch.Read(q, limit);
        return TypedResults.Ok(await RecordSearch.Find(dataSource, Source, visibility.Of("opportunity"), text, most, ct));
    }
}
