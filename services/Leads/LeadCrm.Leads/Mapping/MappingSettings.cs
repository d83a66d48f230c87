using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.Mapping;

/// <summary>What an administrator decides about the mapping of conversions: there is one row.</summary>
internal sealed class MappingSettings : IVersioned, ITracked
{
    public static readonly Guid TheOne = new("0198c000-0000-7000-8000-000000000020");

    private MappingSettings() { }

    public Guid Id { get; private set; }
    [NotInHistory] public long Version { get; private set; } = 1;

    /// <inheritdoc cref="MappingTable.SourceToAccount"/>
    public bool SourceToAccount { get; private set; }

    /// <inheritdoc cref="MappingTable.LeadWithoutCompany"/>
    public LeadWithoutCompany LeadWithoutCompany { get; private set; }

    /// <summary>The lines beside the standard ones (C11).</summary>
    public IReadOnlyList<MappingRule> Rules { get; private set; } = [];

    /// <summary>What amounts are converted at (C13).</summary>
    public IReadOnlyList<ExchangeRate> Rates { get; private set; } = [];

    /// <summary>Takes over what <see cref="SetUpMapping"/> has checked. Lists keep their instance when nothing in them changed: that is no change of theirs.</summary>
    public void Change(bool sourceToAccount, LeadWithoutCompany leadWithoutCompany, IReadOnlyList<MappingRule> rules, IReadOnlyList<ExchangeRate> rates)
    {
        (SourceToAccount, LeadWithoutCompany) = (sourceToAccount, leadWithoutCompany);
        if (!Rules.SequenceEqual(rules)) Rules = rules;
        if (!Rates.SequenceEqual(rates)) Rates = rates;
    }

    public MappingTable ToTable(FieldCatalog catalog) => new(catalog, SourceToAccount, LeadWithoutCompany, Rules, Rates);
}

internal sealed class MappingSettingsMapping : IEntityTypeConfiguration<MappingSettings>
{
    public void Configure(EntityTypeBuilder<MappingSettings> settings)
    {
        settings.ToTable("conversion_mapping");
        settings.HasKey(s => s.Id);
        settings.Property(s => s.Id).ValueGeneratedNever();
        settings.Property(s => s.LeadWithoutCompany).HasConversion<string>();
        settings.Property(s => s.Rules).IsJson();
        settings.Property(s => s.Rates).IsJson();
        settings.HasData(new
        {
            Id = MappingSettings.TheOne, Version = 1L, SourceToAccount = false, LeadWithoutCompany = LeadWithoutCompany.NameAccountAfterPerson,
            Rules = (IReadOnlyList<MappingRule>)[], Rates = (IReadOnlyList<ExchangeRate>)[],
        });
    }
}
