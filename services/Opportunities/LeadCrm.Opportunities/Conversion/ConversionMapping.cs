using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Conversion;

internal static class ConversionMapping
{
    internal static void MapConversion(this ModelBuilder model) => model.Entity<ConversionStep>(step =>
    {
        step.ToTable("conversion_steps");
        step.HasKey(s => s.ConversionId);
        step.Property(s => s.ConversionId).ValueGeneratedNever();
        step.Property(s => s.State).HasConversion<string>().HasMaxLength(10);
        step.Property(s => s.RoleAdded).HasConversion<string>().HasMaxLength(20);
        step.Property(s => s.Filled).AsJsonb();
        step.Property(s => s.Ready).AsJsonb();
        step.Property(s => s.Refused).AsJsonb();
        step.HasIndex(s => s.OpportunityId);
    });
}
