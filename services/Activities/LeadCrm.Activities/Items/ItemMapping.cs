using LeadCrm.Activities.Activities;
using LeadCrm.Activities.Files;
using LeadCrm.Activities.Notes;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace LeadCrm.Activities.Items;

/// <summary>
/// How items lie in the database: one table for all kinds, so that what concerns all of them (a timeline, a conversion, a deletion) is one
/// statement.
/// </summary>
internal static class ItemMapping
{
    internal static void MapItems(this ModelBuilder model)
    {
        model.Entity<Item>(item =>
        {
            item.ToTable("items");
            item.HasDiscriminator<string>("type").HasValue<Activity>("activity").HasValue<Note>("note").HasValue<StoredFile>("file");
            item.Property<string>("type").HasMaxLength(20);
            item.Property(i => i.Id).ValueGeneratedNever();
            item.Property(i => i.Kind).HasConversion<string>().HasMaxLength(20);
            item.Property(i => i.Subject).HasMaxLength(ActivityRules.SubjectLength);
            item.HasMany(i => i.Links).WithOne().HasForeignKey(l => l.ItemId).OnDelete(DeleteBehavior.Cascade);
            item.Navigation(i => i.Links).UsePropertyAccessMode(PropertyAccessMode.Field);

            // What q= searches: words of everything, and fragments with typing errors of the subject.
            item.Property<string>("SearchText").IsComputedBy("lower(subject)");
            item.HasIndex("SearchText").HasMethod("gin").HasOperators("gin_trgm_ops");
            item.Property<NpgsqlTsVector>("SearchVector").IsComputedBy(
                "to_tsvector('simple', subject || ' ' || left(coalesce(description, ''), 4000) || ' ' || left(coalesce(plain_text, ''), 20000) || ' ' || coalesce(result, '') || ' ' || coalesce(place, ''))");
            item.HasIndex("SearchVector").HasMethod("gin");

            item.HasIndex(i => new { i.OwnerId, i.Moment, i.Id });
            item.HasIndex(i => new { i.CreatedBy, i.CreatedAt, i.Id });
            item.HasIndex(i => new { i.CreatedAt, i.Id });
            item.HasIndex(i => i.DeletedAt).HasFilter("deleted_at is not null");
        });

        model.Entity<Activity>(activity =>
        {
            activity.Property(a => a.Description).HasMaxLength(ActivityRules.DescriptionLength);
            activity.HasIndex(a => a.ExternalId).IsUnique().HasFilter("external_id is not null");
            activity.Property(a => a.Status).HasConversion<string>().HasMaxLength(20);
            activity.Property(a => a.Priority).HasConversion<string>().HasMaxLength(20);
            activity.Property(a => a.Direction).HasConversion<string>().HasMaxLength(20);
            activity.Property(a => a.Attendees).AsJsonb();
            activity.Property(a => a.To).AsJsonb().HasColumnName("mail_to");
            activity.Property(a => a.Cc).AsJsonb().HasColumnName("mail_cc");
            activity.Property(a => a.From).HasColumnName("mail_from");
            activity.Property(a => a.AttachmentIds).AsJsonb();
            activity.Ignore(a => a.IsOpenTask);
            activity.HasIndex(a => new { a.OwnerId, a.DueOn, a.Id }).HasFilter("kind = 'Task' and status <> 'Completed' and deleted_at is null");
            activity.HasIndex(a => a.ReminderAt).HasFilter("reminder_at is not null and reminded_at is null");
        });

        model.Entity<Note>(note => note.Property(n => n.PlainText).HasColumnName("plain_text"));

        model.Entity<StoredFile>(file =>
        {
            file.HasMany(f => f.Versions).WithOne().HasForeignKey(v => v.FileId).OnDelete(DeleteBehavior.Cascade);
            file.Navigation(f => f.Versions).UsePropertyAccessMode(PropertyAccessMode.Field);
        });

        model.Entity<ItemLink>(link =>
        {
            link.ToTable("item_links");
            link.HasKey(l => new { l.ItemId, l.RecordType, l.RecordId });
            link.Property(l => l.RecordType).HasMaxLength(20);
            link.Property(l => l.Kind).HasConversion<string>().HasMaxLength(20);
            link.Ignore(l => l.Record);
            link.HasIndex(l => new { l.RecordType, l.RecordId, l.Moment, l.ItemId });
            link.HasIndex(l => l.MergedFrom).HasFilter("merged_from is not null");
        });
    }
}
