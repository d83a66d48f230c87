using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.Queues;

/// <summary>Holds leads that nobody owns yet; its members may take them.</summary>
internal sealed class LeadQueue : IVersioned, ITracked
{
    private LeadQueue() { }

    public LeadQueue(Guid id, string name, IEnumerable<Guid> members)
    {
        Id = id;
        Name = name;
        Members = [.. members];
    }

    public Guid Id { get; private set; }
    public long Version { get; private set; } = 1;
    public string Name { get; private set; } = "";

    /// <summary>Users who see, change and take what the queue holds.</summary>
    public IReadOnlyList<Guid> Members { get; private set; } = [];

    public void Describe(string name, IEnumerable<Guid> members) => (Name, Members) = (name, [.. members.Distinct()]);
}

internal sealed class LeadQueueMapping : IEntityTypeConfiguration<LeadQueue>
{
    public void Configure(EntityTypeBuilder<LeadQueue> queue)
    {
        queue.ToTable("lead_queues");
        queue.HasKey(q => q.Id);
        queue.Property(q => q.Id).ValueGeneratedNever();
        queue.HasIndex(q => q.Name).IsUnique();
        queue.Property(q => q.Members).HasColumnType("uuid[]");
    }
}
