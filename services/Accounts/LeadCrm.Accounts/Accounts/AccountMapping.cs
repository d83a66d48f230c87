using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.CustomFields;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Accounts.Accounts;

/// <summary>How accounts are stored.</summary>
internal sealed class AccountMapping : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> account)
    {
        account.HasKey(a => a.Id);
        account.Property(a => a.Id).ValueGeneratedNever();
        account.Ignore(a => a.BillingAddress).Ignore(a => a.ShippingAddress);
        account.Property(a => a.AnnualRevenue).HasPrecision(19, 4);
        account.Property(a => a.Team).IsJsonList();
        account.HasCustomValues(a => a.Custom);
        account.HasOne<Account>().WithMany().HasForeignKey(a => a.ParentAccountId).OnDelete(DeleteBehavior.Restrict);

        // Not by pending_conversion_id, which a conversion takes away again: that changes no indexed column then, and stays within the page (HOT).
        const string current = "deleted_at is null";
        account.HasIndex(a => new { a.Name, a.Id }).HasFilter(current);
        account.HasIndex(a => new { a.OwnerId, a.Name, a.Id }).HasFilter(current);
        account.HasIndex(a => a.CreatedAt).HasFilter(current);
        account.HasIndex(a => a.MatchName, "ix_accounts_match_name").HasDatabaseName("ix_accounts_match_name").HasOperators("text_pattern_ops").HasFilter(current);
        account.HasIndex(a => a.MatchName, "ix_accounts_match_name_trgm").HasDatabaseName("ix_accounts_match_name_trgm").HasMethod("gin").HasOperators("gin_trgm_ops");
        account.HasIndex(a => a.MatchDomain).HasFilter(current + " and match_domain is not null");
        account.HasIndex(a => a.ParentAccountId).HasFilter("parent_account_id is not null");
        account.HasIndex(a => a.PrimaryContactId).HasFilter("primary_contact_id is not null");
        account.HasIndex(a => a.ExternalId).IsUnique().HasFilter("external_id is not null");
        account.HasQueryFilter(Provisional.Filter, a => a.PendingConversionId == null);
    }
}
