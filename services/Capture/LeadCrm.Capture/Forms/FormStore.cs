using LeadCrm.Capture.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Capture.Forms;

/// <summary>Finds forms: by id for who sets them up, by key for the public.</summary>
internal sealed class FormStore(CaptureDb db, IDirectory directory, TimeProvider clock)
{
    /// <summary>Who acts; null for the system.</summary>
    public static Guid? ActorId => Actor.Current.IsSystem ? null : Actor.Current.UserId;

    /// <summary>Today, where the organisation is.</summary>
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(clock.GetUtcNow(), directory.Organisation?.TimeZone ?? "UTC").DateTime);

    /// <summary>The form for a change; null when there is none.</summary>
    public Task<WebForm?> Find(Guid id, CancellationToken ct) => db.Forms.FirstOrDefaultAsync(f => f.Id == id, ct);

    /// <summary>The same, also when it is in the recycle bin.</summary>
    public Task<WebForm?> FindDeletedToo(Guid id, CancellationToken ct) => db.Forms.IgnoreQueryFilters([PlatformModel.RecycleBin]).FirstOrDefaultAsync(f => f.Id == id, ct);

    /// <summary>The form that the public knows by this key; null when there is none.</summary>
    public async Task<WebForm?> FindPublic(string key, CancellationToken ct) =>
        FormKeys.IsOne(key) ? await db.Forms.AsNoTracking().FirstOrDefaultAsync(f => f.Key == key, ct) : null;
}
