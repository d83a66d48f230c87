using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.CustomFields;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.Accounts.Contacts;

/// <summary>How contacts are stored.</summary>
internal sealed class ContactMapping : IEntityTypeConfiguration<Contact>
{
    public void Configure(EntityTypeBuilder<Contact> contact)
    {
        contact.HasKey(c => c.Id);
        contact.Property(c => c.Id).ValueGeneratedNever();
        contact.Ignore(c => c.MailingAddress).Ignore(c => c.FullName);
        contact.Property(c => c.FurtherAccounts).IsJsonList();
        contact.HasCustomValues(c => c.Custom);
        contact.HasOne<Account>().WithMany().HasForeignKey(c => c.AccountId).OnDelete(DeleteBehavior.Restrict);
        contact.HasOne<Contact>().WithMany().HasForeignKey(c => c.ReportsToId).OnDelete(DeleteBehavior.Restrict);

        // Not by pending_conversion_id, which a conversion takes away again: that changes no indexed column then, and stays within the page (HOT).
        const string current = "deleted_at is null";
        contact.HasIndex(c => new { c.LastName, c.FirstName, c.Id }).HasFilter(current);
        contact.HasIndex(c => new { c.OwnerId, c.LastName, c.Id }).HasFilter(current);
        contact.HasIndex(c => c.CreatedAt).HasFilter(current);
        contact.HasIndex(c => c.AccountId).HasFilter("account_id is not null");
        contact.HasIndex(c => c.ReportsToId).HasFilter("reports_to_id is not null");
        contact.HasIndex(c => c.Email).HasOperators("text_pattern_ops").HasFilter(current + " and email is not null");
        contact.HasIndex(c => c.MatchName).HasMethod("gin").HasOperators("gin_trgm_ops");
        contact.HasIndex(c => c.FurtherAccounts).HasMethod("gin").HasOperators("jsonb_path_ops");
        contact.HasIndex(c => c.Phone).HasFilter(current + " and phone is not null");
        contact.HasIndex(c => c.Mobile).HasFilter(current + " and mobile is not null");
        contact.HasIndex(c => c.ExternalId).IsUnique().HasFilter("external_id is not null");
        contact.HasQueryFilter(Provisional.Filter, c => c.PendingConversionId == null);
    }
}
