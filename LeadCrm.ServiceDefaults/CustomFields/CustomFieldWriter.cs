using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>Changes definitions, one at a time in the whole service: rules that speak of all fields hold only then.</summary>
internal sealed class CustomFieldWriter(DbContext db, CustomFieldCache cache, ICustomFieldOwner owner, IPublishEndpoint publish)
{
    public DbContext Db => db;

    public ICustomFieldOwner Owner => owner;

    /// <summary>Does the work in one commit, with the definitions as they are in the database, and lets this replica know at once.</summary>
    public async Task<T> Change<T>(Func<Task<T>> work, CancellationToken ct)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            var answer = await Locked(work, ct);
            cache.Poke();   // the transaction is somebody else's, who commits it in a moment
            return answer;
        }
        T changed;
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            changed = await Locked(work, ct);
            await transaction.CommitAsync(ct);
        }
        await cache.Refresh(ct);
        return changed;
    }

    /// <summary>The fields of a kind of record as they are now, for a change.</summary>
    public async Task<CustomFieldSet> Fields(CustomRecord record, CancellationToken ct) =>
        new(record.Type, await db.Set<CustomField>().Where(f => f.RecordType == record.Type).ToListAsync(ct));

    /// <summary>Saves a definition and announces it.</summary>
    public async Task Save(CustomField field, CancellationToken ct)
    {
        db.ChangeTracker.DetectChanges();
        var version = db.Entry(field).State switch { EntityState.Added => 1, EntityState.Modified => field.Version + 1, _ => (long?)null };
        if (version is { } next) await owner.Announce(publish, CustomFieldState.Of(field, next), ct);
        await db.SaveChangesAsync(ct);
    }

    private async Task<T> Locked<T>(Func<Task<T>> work, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"update platform.custom_field_generation set generation = generation + 1", ct);
        return await work();
    }
}
