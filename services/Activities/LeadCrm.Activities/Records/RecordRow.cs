using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Records;

/// <summary>
/// A record of another service as this one knows it: who owns it and what it is called. The platform's table, kept by events and rebuilt
/// from its owner's feed; here to be read in queries.
/// </summary>
internal sealed class RecordRow
{
    public string RecordType { get; init; } = "";
    public Guid RecordId { get; init; }
    public Guid? OwnerId { get; init; }
    public Guid? QueueId { get; init; }
    public string Name { get; init; } = "";
    public bool IsDeleted { get; init; }

    internal static void Map(ModelBuilder model) => model.Entity<RecordRow>(row =>
    {
        row.ToTable("record_access", "platform", table => table.ExcludeFromMigrations());
        row.HasKey(r => new { r.RecordType, r.RecordId });
    });
}
