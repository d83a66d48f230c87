using LeadCrm.Leads.AccountMatches;
using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NpgsqlTypes;

namespace LeadCrm.Leads.Leads;

/// <summary>How a lead lies in the database.</summary>
internal sealed class LeadMapping : IEntityTypeConfiguration<Lead>
{
    /// <summary>
    /// What most people's lists leave out (C25), and would else pass one by one. By the moment, and not by the state, which is locked and unlocked within its page.
    /// </summary>
    private const string NotConverted = "converted_at is null";

    public void Configure(EntityTypeBuilder<Lead> lead)
    {
        lead.ToTable("leads");
        lead.HasKey(l => l.Id);
        lead.Property(l => l.Id).ValueGeneratedNever();
        lead.Ignore(l => l.FullName).Ignore(l => l.Owner).Ignore(l => l.IsConverted);

        lead.Property(l => l.AnnualRevenue).HasColumnType("numeric(19,4)");
        lead.Property(l => l.Budget).HasColumnType("numeric(19,4)");
        lead.Property(l => l.PersonalProfiles).IsJson();
        lead.Property(l => l.CompanyProfiles).IsJson();
        lead.Property(l => l.ReferredBy).IsJson();
        lead.Property(l => l.Utm).IsJson();
        lead.Property(l => l.Consents).IsJson();
        lead.Property(l => l.Extra).IsJson();
        lead.HasCustomValues(l => l.Custom);
        lead.Property(l => l.Conversion).HasConversion<string>();

        lead.HasOne(l => l.Status).WithMany().HasForeignKey(l => l.StatusId).OnDelete(DeleteBehavior.Restrict);
        lead.HasOne<Statuses.LeadStatus>().WithMany().HasForeignKey(l => l.HeldStatusId).OnDelete(DeleteBehavior.SetNull);
        lead.HasOne<Statuses.LeadProcess>().WithMany().HasForeignKey(l => l.ProcessId).OnDelete(DeleteBehavior.Restrict);
        lead.HasOne<Queues.LeadQueue>().WithMany().HasForeignKey(l => l.QueueId).OnDelete(DeleteBehavior.Restrict);
        lead.HasOne(l => l.Signals).WithOne().HasForeignKey<LeadSignals>(s => s.LeadId).IsRequired().OnDelete(DeleteBehavior.Cascade);
        lead.Navigation(l => l.Signals).IsRequired();
        lead.HasMany(l => l.Visits).WithOne().HasForeignKey(v => v.LeadId).OnDelete(DeleteBehavior.Cascade);
        lead.HasMany(l => l.StatusChanges).WithOne().HasForeignKey(c => c.LeadId).OnDelete(DeleteBehavior.Cascade);
        lead.Navigation(l => l.Visits).UsePropertyAccessMode(PropertyAccessMode.Field).HasField("visits");
        lead.Navigation(l => l.StatusChanges).UsePropertyAccessMode(PropertyAccessMode.Field).HasField("statusChanges");

        // What q= searches: words of everything (full text), and fragments with typing errors (trigrams) of what identifies a lead.
        lead.Property<NpgsqlTsVector>("SearchVector").IsComputedBy(
            "to_tsvector('simple', coalesce(first_name, '') || ' ' || last_name || ' ' || coalesce(company, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(left(description, 4000), ''))");
        lead.Property<string>("SearchText").IsComputedBy(
            "lower(coalesce(first_name, '') || ' ' || last_name || ' ' || coalesce(company, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(mobile, ''))");
        lead.Property<string?>(AccountMatching.CompanyKey).IsComputedBy(MatchKeys.Company("company"));
        lead.Property<string?>(AccountMatching.EmailDomain).IsComputedBy(MatchKeys.EmailDomain("email"));
        lead.HasIndex("SearchVector").HasMethod("gin");
        lead.HasIndex("SearchText").HasMethod("gin").HasOperators("gin_trgm_ops");

        lead.HasIndex(l => new { l.OwnerId, l.Id });
        lead.HasIndex(l => new { l.OwnerId, l.CreatedAt, l.Id }).HasFilter(NotConverted);
        lead.HasIndex(l => new { l.QueueId, l.Id }).HasFilter("queue_id is not null");
        lead.HasIndex(l => new { l.StatusId, l.Id });
        // What the newest leads are mostly narrowed by stands behind: those that do not fit are passed by within the index.
        lead.HasIndex(l => new { l.CreatedAt, l.Id, l.Country, l.Source, l.StatusId, l.OwnerId }).HasDatabaseName("ix_leads_newest");
        lead.HasIndex(l => new { l.CreatedAt, l.Id, l.Country, l.Source, l.StatusId, l.OwnerId }, "ix_leads_newest_not_converted").HasDatabaseName("ix_leads_newest_not_converted").HasFilter(NotConverted);
        lead.HasIndex(l => new { l.LastName, l.Id });
        lead.HasIndex(l => new { l.Company, l.Id });
        lead.HasIndex(l => l.Email);
        lead.HasIndex(l => l.ExternalId).IsUnique().HasFilter("external_id is not null");
        lead.HasIndex(l => l.ImportId).HasFilter("import_id is not null");
        lead.HasIndex(l => new { l.FollowUpOn, l.Id }).HasFilter("held_status_id is not null and deleted_at is null");
        // The leads that became an account or contact: asked for when one is merged (C27). Written at the pivot alone, which changes the status, too.
        lead.HasIndex(l => l.ConvertedAccountId).HasFilter("converted_account_id is not null");
        lead.HasIndex(l => l.ConvertedContactId).HasFilter("converted_contact_id is not null");
        // That a conversion locks and unlocks a lead changes no indexed column, so that it stays within its page (HOT): twenty indexes are left alone. One live
        // conversion per lead is said by an index of conversions.
    }
}

internal sealed class LeadSignalsMapping : IEntityTypeConfiguration<LeadSignals>
{
    public void Configure(EntityTypeBuilder<LeadSignals> signals)
    {
        signals.ToTable("lead_signals");
        signals.HasKey(s => s.LeadId);
        signals.Property(s => s.LeadId).ValueGeneratedNever();
        signals.Property(s => s.OwnerId).IsKeptByDatabase();
        signals.Property(s => s.StatusId).IsKeptByDatabase();
        signals.Property(s => s.Country).IsKeptByDatabase();
        signals.Property(s => s.Source).IsKeptByDatabase();
        signals.Property(s => s.Converted).IsKeptByDatabase();
        signals.HasIndex(s => new { s.Score, s.LeadId, s.Country, s.Source, s.StatusId, s.OwnerId }).HasDatabaseName("ix_lead_signals_best");
        signals.HasIndex(s => new { s.Score, s.LeadId, s.Country, s.Source, s.StatusId, s.OwnerId }, "ix_lead_signals_best_not_converted").HasDatabaseName("ix_lead_signals_best_not_converted").HasFilter("not converted");
        signals.HasIndex(s => new { s.LastTouchAt, s.LeadId });
        signals.HasIndex(s => new { s.NextActivityAt, s.LeadId });
    }
}

internal sealed class LeadStatusChangeMapping : IEntityTypeConfiguration<LeadStatusChange>
{
    public void Configure(EntityTypeBuilder<LeadStatusChange> change)
    {
        change.ToTable("lead_status_log");
        change.HasKey(c => c.Id);
        change.Property(c => c.Id).ValueGeneratedNever();
        change.HasIndex(c => new { c.LeadId, c.Id });
        change.HasOne<Statuses.LeadStatus>().WithMany().HasForeignKey(c => c.FromStatusId).OnDelete(DeleteBehavior.Restrict);
        change.HasOne<Statuses.LeadStatus>().WithMany().HasForeignKey(c => c.ToStatusId).OnDelete(DeleteBehavior.Restrict);
    }
}
