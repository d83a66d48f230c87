using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Accounts.Merging;

/// <summary>What was merged into a record, the newest first.</summary>
internal static class ReadMerges
{
    private const int Most = 100;

    /// <param name="Items">At most a hundred.</param>
    internal sealed record Response(IReadOnlyList<MergeResponse> Items);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> OfAccount(Guid id, AccountsDb db, AccountAccess access, IOptions<MergeOptions> options, CancellationToken ct) =>
        await access.VisibleDeletedToo.AnyAsync(a => a.Id == id, ct) ? await Of("account", id, db, options.Value, ct) : Problems.NotFound();

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> OfContact(Guid id, AccountsDb db, ContactAccess access, IOptions<MergeOptions> options, CancellationToken ct) =>
        await access.VisibleDeletedToo.AnyAsync(c => c.Id == id, ct) ? await Of("contact", id, db, options.Value, ct) : Problems.NotFound();

    private static async Task<Ok<Response>> Of(string type, Guid id, AccountsDb db, MergeOptions options, CancellationToken ct)
    {
        var merges = await db.Merges.AsNoTracking().Where(m => m.RecordType == type && m.SurvivorId == id).OrderByDescending(m => m.At).Take(Most).ToListAsync(ct);
        return TypedResults.Ok(new Response([.. merges.Select(merge => MergeResponse.Of(merge, options))]));
    }

    /// <summary>404 that says where a merged record is now.</summary>
    public static ProblemHttpResult Moved(string type, Guid survivor) =>
        Problems.Of(404, "merged", "Merged", $"This {type} was merged into another one: see mergedIntoId.", new Dictionary<string, object?> { ["mergedIntoId"] = survivor });

    /// <summary>The record that one became, through all merges since; null when it was not merged.</summary>
    public static async Task<Guid?> Survivor(AccountsDb db, string type, Guid id, CancellationToken ct)
    {
        Guid? survivor = null;
        for (var at = id; await db.Merges.Where(m => m.RecordType == type && m.UndoneAt == null && m.LoserIds.Contains(at)).Select(m => (Guid?)m.SurvivorId).FirstOrDefaultAsync(ct) is { } next; at = next) survivor = next;
        return survivor;
    }

    /// <summary>Every record that became this one, through all merges.</summary>
    public static async Task<IReadOnlyList<Guid>> Became(AccountsDb db, string type, Guid id, CancellationToken ct) => await db.Database.SqlQuery<Guid>($"""
        with recursive merged as (
            select unnest(m.loser_ids) as id from record_merges m where m.record_type = {type} and m.survivor_id = {id} and m.undone_at is null
            union
            select unnest(m.loser_ids) from record_merges m join merged on m.survivor_id = merged.id where m.record_type = {type} and m.undone_at is null
        )
        select id as "Value" from merged
        """).ToListAsync(ct);
}
