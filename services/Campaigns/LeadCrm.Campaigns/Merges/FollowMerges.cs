using LeadCrm.Campaigns.Data;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Merges;

/// <summary>
/// Memberships follow contacts that became others (AC4). Each merged contact's lie with whom it has become after all merges that are known; when that
/// changes they come back first and go there then, so that the order of events does not matter.
/// </summary>
internal sealed class FollowMerges(CampaignsDb db, MoveContact move)
{
    private const string Keep = """
        insert into contact_merges (contact_id, version, into_id) values (@id, @version, @into::uuid)
        on conflict (contact_id) do update set version = excluded.version, into_id = excluded.into_id where contact_merges.version < excluded.version
        """;

    private const string Around = """
        with recursive around as (
            select unnest(@ids) as id
            union
            select n.id from around a join contact_merges m on m.into_id is not null and (m.contact_id = a.id or m.into_id = a.id)
            cross join lateral (values (m.contact_id), (m.into_id)) as n(id)
        )
        select m.contact_id, m.into_id, m.moved_to from contact_merges m join around a on a.id = m.contact_id order by m.contact_id for update of m
        """;

    /// <summary>Takes over what an event says of a contact.</summary>
    public async Task Note(Guid id, long version, Guid? intoId, CancellationToken ct)
    {
        var known = await db.ContactMerges.AsNoTracking().FirstOrDefaultAsync(m => m.ContactId == id, ct);
        if (known is null ? intoId is null : known.Version >= version) return;   // of most contacts there is never anything to say
        await using (var keep = db.Command(Keep, ("id", id), ("version", version), ("into", intoId))) await keep.ExecuteNonQueryAsync(ct);
        if (known?.IntoId == intoId) return;
        // One after the other: of two links of a chain that are told at the same moment, the second one sees the first.
        await using (var queue = db.Command("select pg_advisory_xact_lock(@merging)", ("merging", 0x4C656164_4D657267))) await queue.ExecuteNonQueryAsync(ct);

        Guid[] ids = [id, .. known?.IntoId is { } had ? [had] : Array.Empty<Guid>()];
        var rows = new List<(Guid Id, Guid? Into, Guid? MovedTo)>();
        await using (var around = db.Command(Around, ("ids", ids)))
        await using (var row = await around.ExecuteReaderAsync(ct))
            while (await row.ReadAsync(ct)) rows.Add((row.GetGuid(0), row.IsDBNull(1) ? null : row.GetGuid(1), row.IsDBNull(2) ? null : row.GetGuid(2)));
        var merged = rows.Where(row => row.Into is not null).ToDictionary(row => row.Id, row => row.Into!.Value);
        var moves = rows.Select(row => (row.Id, row.MovedTo, Now: merged.ContainsKey(row.Id) ? Resolve(merged, row.Id) : (Guid?)null)).Where(row => row.MovedTo != row.Now).ToList();

        foreach (var (contact, movedTo, _) in moves)
            if (movedTo is { } there) await move.Back(contact, there, ct);
        foreach (var (contact, _, now) in moves)
            if (now is { } survivor) await move.To(contact, survivor, ct);
    }

    /// <summary>
    /// A conversion is heard of after its contact has become another one: the contact has its memberships back while the conversion adds to them, and
    /// <see cref="JoinAgain"/> moves all of them on. Call with the contacts locked.
    /// </summary>
    public async Task<IReadOnlyList<ContactMerge>> TakeApart(Guid[] contacts, CancellationToken ct)
    {
        var merged = await db.ContactMerges.AsNoTracking().Where(m => contacts.Contains(m.ContactId) && m.MovedTo != null).OrderBy(m => m.ContactId).ToListAsync(ct);
        foreach (var contact in merged) await move.Back(contact.ContactId, contact.MovedTo!.Value, ct);
        return merged;
    }

    /// <summary>Moves on what was taken apart.</summary>
    public async Task JoinAgain(IReadOnlyList<ContactMerge> merged, CancellationToken ct)
    {
        foreach (var contact in merged) await move.To(contact.ContactId, contact.MovedTo!.Value, ct);
    }

    private static Guid Resolve(Dictionary<Guid, Guid> merged, Guid id)
    {
        for (var steps = 0; steps <= merged.Count && merged.TryGetValue(id, out var into); steps++) id = into;
        return id;
    }
}
