using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Following;

/// <summary>Following records, each user for themselves.</summary>
internal static class FollowActions
{
    /// <param name="RecordType">Type of the record.</param>
    /// <param name="RecordId">Its id.</param>
    /// <param name="Name">What it is called; null when it is no longer seen.</param>
    /// <param name="Since">Since when (UTC).</param>
    internal sealed record FollowedRecord(string RecordType, Guid RecordId, string? Name, DateTimeOffset Since);

    internal sealed record Preferences
    {
        /// <summary>Whether who follows a lead also follows the account, contact and opportunity that it becomes.</summary>
        public required bool AutoFollowConverted { get; init; }
    }

    private sealed class Row
    {
        public Guid Id { get; init; }
        public string RecordType { get; init; } = "";
        public DateTimeOffset Since { get; init; }
    }

    private static readonly ListFields<Row> Fields = new ListFields<Row>().Add("recordType", r => r.RecordType).Add("since", r => r.Since);

    /// <summary>What the caller follows.</summary>
    internal static async Task<Ok<ListPage<FollowedRecord>>> List(HttpRequest request, ActivitiesDb db, Viewer viewer, CancellationToken ct)
    {
        var me = Actor.Current.UserId;
        var rows = db.Follows.AsNoTracking().Where(f => f.UserId == me).Select(f => new Row { Id = f.RecordId, RecordType = f.RecordType, Since = f.Since });
        var page = await Lists.Page(rows, Fields, request, "-since", r => new FollowedRecord(r.RecordType, r.Id, null, r.Since), ct);
        var ids = page.Items.Select(f => f.RecordId).ToArray();
        var names = await viewer.Records().AsNoTracking().Where(row => ids.Contains(row.RecordId)).ToDictionaryAsync(row => row.RecordId, row => row.Name, ct);
        return TypedResults.Ok(page with { Items = [.. page.Items.Select(f => f with { Name = names.GetValueOrDefault(f.RecordId) })] });
    }

    /// <summary>Whether the caller follows a record.</summary>
    internal static async Task<Results<Ok<FollowedRecord>, ProblemHttpResult>> Get(string recordType, Guid recordId, ActivitiesDb db, Viewer viewer, CancellationToken ct)
    {
        var me = Actor.Current.UserId;
        var follow = await db.Follows.AsNoTracking().FirstOrDefaultAsync(f => f.UserId == me && f.RecordType == recordType && f.RecordId == recordId, ct);
        if (follow is null) return Problems.NotFound("You do not follow this record.");
        var name = await viewer.Records().Where(row => row.RecordType == recordType && row.RecordId == recordId).Select(row => row.Name).FirstOrDefaultAsync(ct);
        return TypedResults.Ok(new FollowedRecord(recordType, recordId, name, follow.Since));
    }

    /// <summary>Follows a record; doing it again changes nothing.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> Put(
        string recordType, Guid recordId, ActivitiesDb db, RelatedRecords records, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        await records.Check([new RecordRef(recordType, recordId)], [], errors, ct);
        if (errors.Any) return Problems.NotFound();
        await db.Execute("insert into follows (user_id, record_type, record_id, since) values ($1, $2, $3, $4) on conflict do nothing", ct,
            Actor.Current.UserId, recordType, recordId, clock.GetUtcNow());
        return TypedResults.NoContent();
    }

    /// <summary>Follows a record no longer.</summary>
    internal static async Task<NoContent> Delete(string recordType, Guid recordId, ActivitiesDb db, CancellationToken ct)
    {
        var me = Actor.Current.UserId;
        await db.Follows.Where(f => f.UserId == me && f.RecordType == recordType && f.RecordId == recordId).ExecuteDeleteAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>The caller's preferences.</summary>
    internal static async Task<Ok<Preferences>> GetPreferences(ActivitiesDb db, CancellationToken ct)
    {
        var me = Actor.Current.UserId;
        var known = await db.FollowPreferences.AsNoTracking().FirstOrDefaultAsync(p => p.UserId == me, ct) ?? new FollowPreference();
        return TypedResults.Ok(new Preferences { AutoFollowConverted = known.AutoFollowConverted });
    }

    /// <summary>Sets the caller's preferences.</summary>
    internal static async Task<Ok<Preferences>> PutPreferences(Preferences request, ActivitiesDb db, CancellationToken ct)
    {
        await db.Execute("""
            insert into follow_preferences (user_id, auto_follow_converted) values ($1, $2)
            on conflict (user_id) do update set auto_follow_converted = excluded.auto_follow_converted
            """, ct, Actor.Current.UserId, request.AutoFollowConverted);
        return TypedResults.Ok(request);
    }
}
