using LeadCrm.ServiceDefaults.Search;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>Finds campaigns by what people remember of them (LD8).</summary>
internal static class SearchCampaigns
{
    private static readonly SearchSource Source = new("campaign", "campaigns", "r.name", "r.type", "r.owner_id", ["lower(r.name)"], "r.deleted_at is null");

    internal static async Task<Ok<SearchAnswer>> Handle(NpgsqlDataSource dataSource, IVisibility visibility, CancellationToken ct, string? q = null, int? limit = null)
    {
        var (text, most) = RecordSearch.Read(q, limit);
        return TypedResults.Ok(await RecordSearch.Find(dataSource, Source, visibility.Of("campaign"), text, most, ct));
    }
}
