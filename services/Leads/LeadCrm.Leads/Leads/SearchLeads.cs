using LeadCrm.ServiceDefaults.Search;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadCrm.Leads.Leads;

/// <summary>Finds leads by what people remember of them (LD8). Converted ones only for who may see them (C25).</summary>
internal static class SearchLeads
{
    private static readonly SearchSource Open = new("lead", "leads", "concat_ws(' ', r.first_name, r.last_name)", "nullif(concat_ws(' · ', r.company, r.email), '')", "r.owner_id",
        ["lower(r.last_name)", "lower(r.company)", "r.email", "r.phone"], "r.deleted_at is null and r.conversion <> 'Converted'") { Queue = "r.queue_id", Vocabulary = "lead_words" };

    private static readonly SearchSource ConvertedToo = Open with { Where = "r.deleted_at is null" };

    internal static async Task<Ok<SearchAnswer>> Handle(NpgsqlDataSource dataSource, IVisibility visibility, CancellationToken ct, string? q = null, int? limit = null)
    {
        var (text, most) = RecordSearch.Read(q, limit);
        var source = ListLeads.SeesConverted ? ConvertedToo : Open;
        return TypedResults.Ok(await RecordSearch.Find(dataSource, source, visibility.Of("lead"), text, most, ct));
    }
}
