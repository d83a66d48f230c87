using LeadCrm.Opportunities.Pipelines;
using LeadCrm.Opportunities.References;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Opportunities;

internal static class OpportunityMapping
{
    /// <summary>Name of the query filter that hides what a running conversion created (C33).</summary>
    internal const string Provisional = "provisional";

    internal static void MapOpportunities(this ModelBuilder model)
    {
        model.Entity<Opportunity>(opportunity =>
        {
            opportunity.ToTable("opportunities");
            opportunity.Property(o => o.Id).ValueGeneratedNever();
            opportunity.Property(o => o.Name).HasMaxLength(OpportunityValues.NameLength);
            opportunity.Property(o => o.Amount).HasPrecision(19, 4);
            opportunity.Property(o => o.Currency).HasMaxLength(3);
            opportunity.Property(o => o.ForecastCategory).HasConversion<string>().HasMaxLength(20);
            opportunity.Property(o => o.Type).HasMaxLength(OpportunityValues.TextLength);
            opportunity.Property(o => o.Source).HasMaxLength(OpportunityValues.TextLength);
            opportunity.Property(o => o.NextStep).HasMaxLength(OpportunityValues.NextStepLength);
            opportunity.Property(o => o.CloseReason).HasMaxLength(OpportunityValues.TextLength);
            opportunity.Property(o => o.Description).HasMaxLength(OpportunityValues.DescriptionLength);
            opportunity.Property(o => o.Team).AsJsonb();
            opportunity.Property(o => o.Competitors).Metadata.SetValueComparer(JsonColumn.ByInstance<string[]>());
            opportunity.HasCustomValues(o => o.Custom);
            opportunity.HasOne<Stage>().WithMany().HasForeignKey(o => o.StageId).OnDelete(DeleteBehavior.Restrict);
            opportunity.HasMany(o => o.StageMoves).WithOne().HasForeignKey(m => m.OpportunityId).OnDelete(DeleteBehavior.Cascade);
            opportunity.HasMany(o => o.ContactRoles).WithOne().HasForeignKey(r => r.OpportunityId).OnDelete(DeleteBehavior.Cascade);
            opportunity.HasQueryFilter(Provisional, o => o.PendingConversionId == null);

            opportunity.HasIndex(o => o.AccountId);
            opportunity.HasIndex(o => o.NamedAccountId).HasFilter("named_account_id is not null");
            opportunity.HasIndex(o => o.ExternalId).IsUnique().HasFilter("external_id is not null");
            opportunity.HasIndex(o => new { o.OwnerId, o.CreatedAt, o.Id });
            opportunity.HasIndex(o => new { o.StageId, o.StageEnteredAt });
            opportunity.HasIndex(o => new { o.CloseDate, o.Id });
            opportunity.HasIndex(o => new { o.CreatedAt, o.Id });
        });

        model.Entity<ContactRole>(role =>
        {
            role.ToTable("contact_roles");
            role.HasKey(r => new { r.OpportunityId, r.ContactId });
            role.Ignore(r => r.PersonId);
            role.Property(r => r.Role).HasConversion<string>().HasMaxLength(20);
            role.HasIndex(r => r.ContactId);
            // "One primary" is said by the database, not by whoever happens to come first.
            role.HasIndex(r => r.OpportunityId).IsUnique().HasFilter("is_primary");
        });

        model.Entity<StageMove>(move =>
        {
            move.ToTable("stage_moves");
            move.Property(m => m.Id).ValueGeneratedNever();
            move.Property(m => m.Kind).HasConversion<string>().HasMaxLength(20);
            move.Property(m => m.FromStage).HasMaxLength(100);
            move.Property(m => m.ToStage).HasMaxLength(100);
            move.Property(m => m.Amount).HasPrecision(19, 4);
            move.Property(m => m.Currency).HasMaxLength(3);
            move.Property(m => m.Reason).HasMaxLength(OpportunityValues.TextLength);
            move.HasIndex(m => new { m.OpportunityId, m.At });
        });

        model.Entity<AccountRef>(account =>
        {
            account.ToTable("account_refs");
            account.Property(a => a.Id).ValueGeneratedNever();
            account.HasIndex(a => a.MergedIntoId).HasFilter("merged_into_id is not null");
        });

        model.Entity<ContactRef>(contact =>
        {
            contact.ToTable("contact_refs");
            contact.Property(c => c.Id).ValueGeneratedNever();
            contact.HasIndex(c => c.MergedIntoId).HasFilter("merged_into_id is not null");
        });
    }
}
