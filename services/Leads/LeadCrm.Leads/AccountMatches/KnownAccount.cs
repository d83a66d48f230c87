using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Leads.AccountMatches;

/// <summary>What this service knows of an account: enough to tell a salesperson that a lead's company is a customer already (LD12).</summary>
internal sealed class KnownAccount
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public string Name { get; init; } = "";
    public string? Website { get; init; }
    public Guid OwnerId { get; init; }
    public bool IsDeleted { get; init; }

    /// <summary>Computed by the database, see <see cref="MatchKeys"/>.</summary>
    public string? CompanyKey { get; init; }
    public string? Domain { get; init; }
}

/// <summary>What this service knows of an opportunity: what an account that matches has in progress.</summary>
internal sealed class KnownOpportunity
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public Guid AccountId { get; init; }
    public string Name { get; init; } = "";
    public string Stage { get; init; } = "";
    public decimal? Amount { get; init; }
    public string Currency { get; init; } = "";
    public DateOnly CloseDate { get; init; }
    public Guid OwnerId { get; init; }

    /// <summary>Neither won nor lost, and not deleted.</summary>
    public bool IsOpen { get; init; }
}

internal sealed class KnownAccountMapping : IEntityTypeConfiguration<KnownAccount>
{
    public void Configure(EntityTypeBuilder<KnownAccount> account)
    {
        account.ToTable("known_accounts");
        account.Property(a => a.Id).ValueGeneratedNever();
        account.Property(a => a.CompanyKey).IsComputedBy(MatchKeys.Company("name"));
        account.Property(a => a.Domain).IsComputedBy(MatchKeys.WebDomain("website"));
        account.HasIndex(a => a.CompanyKey).HasFilter("not is_deleted and company_key is not null");
        account.HasIndex(a => a.Domain).HasFilter("not is_deleted and domain is not null");
    }
}

internal sealed class KnownOpportunityMapping : IEntityTypeConfiguration<KnownOpportunity>
{
    public void Configure(EntityTypeBuilder<KnownOpportunity> opportunity)
    {
        opportunity.ToTable("known_opportunities");
        opportunity.Property(o => o.Id).ValueGeneratedNever();
        opportunity.Property(o => o.Amount).HasColumnType("numeric(19,4)");
        opportunity.HasIndex(o => o.AccountId).HasFilter("is_open");
    }
}
