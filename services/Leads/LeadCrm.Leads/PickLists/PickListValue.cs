using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.PickLists;

/// <summary>A list of what a field of leads may be. Statuses are a list with more to them, see <see cref="Statuses.LeadStatus"/>.</summary>
internal enum PickList
{
    /// <summary>Where leads come from.</summary>
    Source,
    /// <summary>What companies do.</summary>
    Industry,
    /// <summary>How people are addressed.</summary>
    Salutation,
}

/// <summary>One value of a pick-list, as an administrator keeps it (LD3).</summary>
internal sealed class PickListValue : IVersioned, ITracked
{
    private PickListValue() { }

    public PickListValue(Guid id, PickList list, string name, int sort) => (Id, List, Name, Sort) = (id, list, name, sort);

    public Guid Id { get; private set; }
    public long Version { get; private set; } = 1;
    public PickList List { get; private set; }
    public string Name { get; private set; } = "";

    /// <summary>Place in the list.</summary>
    public int Sort { get; private set; }

    /// <summary>New leads take it when they come without one. At most one of a list is.</summary>
    public bool IsDefault { get; private set; }

    /// <summary>False: leads that have it keep it, and nobody is offered it any more.</summary>
    public bool IsActive { get; private set; } = true;

    /// <summary>What it was called before: files, forms and programs that still say so mean this value.</summary>
    public IReadOnlyList<string> FormerNames { get; private set; } = [];

    /// <summary>Gives it another name and keeps the one it had.</summary>
    public void Rename(string name)
    {
        FormerNames = [.. FormerNames.Append(Name).Where(former => !string.Equals(former, name, StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.OrdinalIgnoreCase)];
        Name = name;
    }

    /// <summary>Another value is called so from now on.</summary>
    public void GiveUp(string formerName) => FormerNames = [.. FormerNames.Where(former => !string.Equals(former, formerName, StringComparison.OrdinalIgnoreCase))];

    public void Use(bool isActive) => IsActive = isActive;

    public void Place(int sort) => Sort = sort;

    public void MakeDefault(bool isDefault) => IsDefault = isDefault;
}

/// <summary>A value that got another name, while leads still have the old one.</summary>
internal sealed class PickListRename
{
    public Guid Id { get; init; }
    public PickList List { get; init; }

    /// <summary>What the leads say.</summary>
    public string From { get; init; } = "";

    /// <summary>The value that it is.</summary>
    public Guid ValueId { get; init; }

    /// <summary>Who renamed it, in whose name the leads are changed.</summary>
    public Guid ById { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The leads up to this id have been looked at.</summary>
    public Guid After { get; set; }
}

internal sealed class PickListMapping : IEntityTypeConfiguration<PickListValue>, IEntityTypeConfiguration<PickListRename>
{
    private static readonly (PickList List, string[] Names)[] Shipped =
    [
        (PickList.Source, ["Web", "Customer referral", "Partner", "Trade show", "Event", "Content download", "LinkedIn", "E-mail", "Phone", "Other"]),
        (PickList.Industry,
        [
            "Agriculture", "Automotive", "Banking", "Construction", "Consulting", "Consumer goods", "Education", "Energy", "Engineering", "Entertainment", "Finance", "Food and beverage",
            "Government", "Healthcare", "Hospitality", "Insurance", "Logistics", "Manufacturing", "Media", "Non-profit", "Pharmaceuticals", "Real estate", "Retail", "Technology",
            "Telecommunications", "Transport", "Utilities", "Other",
        ]),
        (PickList.Salutation, ["Mr.", "Ms.", "Mrs.", "Mx.", "Dr.", "Prof."]),
    ];

    public void Configure(EntityTypeBuilder<PickListValue> value)
    {
        value.ToTable("pick_list_values");
        value.HasKey(v => v.Id);
        value.Property(v => v.Id).ValueGeneratedNever();
        value.Property(v => v.List).HasConversion<string>();
        value.Property(v => v.FormerNames).HasColumnType("text[]");
        value.HasIndex(v => new { v.List, v.Name }).IsUnique();
        value.HasIndex(v => v.List).IsUnique().HasFilter("is_default").HasDatabaseName("ix_pick_list_values_default");
        value.HasData(Shipped.SelectMany(list => list.Names.Select((name, i) => new
        {
            Id = new Guid($"0198c1{(int)list.List:00}-0000-7000-8000-0000000000{i:00}"), Version = 1L, list.List, Name = name, Sort = (i + 1) * 10, IsDefault = false, IsActive = true,
            FormerNames = (IReadOnlyList<string>)Array.Empty<string>(),
        })));
    }

    public void Configure(EntityTypeBuilder<PickListRename> rename)
    {
        rename.ToTable("pick_list_renames");
        rename.HasKey(r => r.Id);
        rename.Property(r => r.Id).ValueGeneratedNever();
        rename.Property(r => r.List).HasConversion<string>();
        rename.HasIndex(r => new { r.List, r.From }).IsUnique();
        rename.HasIndex(r => r.ValueId);
        rename.HasOne<PickListValue>().WithMany().HasForeignKey(r => r.ValueId).OnDelete(DeleteBehavior.Cascade);
    }
}
