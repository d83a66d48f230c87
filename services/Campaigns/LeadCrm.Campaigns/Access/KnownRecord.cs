using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Campaigns.Access;

/// <summary>A record of another service, as far as its events and feed have told of it: who owns it and what it is called.</summary>
internal sealed class KnownRecord
{
    public string RecordType { get; private set; } = "";
    public Guid RecordId { get; private set; }
    public Guid? OwnerId { get; private set; }
    public Guid? QueueId { get; private set; }
    public string Name { get; private set; } = "";
    public bool IsDeleted { get; private set; }
}

/// <summary>The table is the platform's; this service only reads it through EF.</summary>
internal sealed class KnownRecordMapping : IEntityTypeConfiguration<KnownRecord>
{
    public void Configure(EntityTypeBuilder<KnownRecord> record)
    {
        record.ToTable("record_access", "platform", table => table.ExcludeFromMigrations());
        record.HasKey(r => new { r.RecordType, r.RecordId });
    }
}
