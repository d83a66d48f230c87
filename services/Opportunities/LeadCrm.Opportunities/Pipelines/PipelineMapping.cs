using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Pipelines;

internal static class PipelineMapping
{
    internal static void MapPipelines(this ModelBuilder model)
    {
        model.Entity<Pipeline>(pipeline =>
        {
            pipeline.ToTable("pipelines");
            pipeline.Property(p => p.Id).ValueGeneratedNever();
            pipeline.Property(p => p.Name).HasMaxLength(100);
            pipeline.HasMany(p => p.Stages).WithOne().HasForeignKey(s => s.PipelineId).OnDelete(DeleteBehavior.Cascade);
            pipeline.HasIndex(p => p.Name).IsUnique();
            pipeline.HasIndex(p => p.IsDefault).IsUnique().HasFilter("is_default");
        });

        model.Entity<Stage>(stage =>
        {
            stage.ToTable("stages");
            stage.Property(s => s.Id).ValueGeneratedNever();
            stage.Property(s => s.Name).HasMaxLength(100);
            stage.Property(s => s.Category).HasConversion<string>().HasMaxLength(10);
            stage.Property(s => s.ForecastCategory).HasConversion<string>().HasMaxLength(20);
            stage.HasIndex(s => new { s.PipelineId, s.Position });
        });
    }
}
