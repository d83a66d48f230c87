using LeadCrm.Activities.Activities;
using LeadCrm.Activities.Conversion;
using LeadCrm.Activities.ConversionUndo;
using LeadCrm.Activities.Files;
using LeadCrm.Activities.Following;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Merges;
using LeadCrm.Activities.Notes;
using LeadCrm.Activities.Records;
using LeadCrm.Activities.Touches;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Data;

/// <summary>The one database of the service.</summary>
internal sealed class ActivitiesDb(DbContextOptions<ActivitiesDb> options) : DbContext(options)
{
    public DbSet<Item> Items => Set<Item>();
    public DbSet<Activity> Activities => Set<Activity>();
    public DbSet<Note> Notes => Set<Note>();
    public DbSet<StoredFile> Files => Set<StoredFile>();
    public DbSet<FileVersion> FileVersions => Set<FileVersion>();
    public DbSet<ItemLink> Links => Set<ItemLink>();
    public DbSet<RecordRow> Records => Set<RecordRow>();
    public DbSet<RecordTouch> Touches => Set<RecordTouch>();
    public DbSet<CarriedConversion> Conversions => Set<CarriedConversion>();
    public DbSet<UndoHold> UndoHolds => Set<UndoHold>();
    public DbSet<HeldRecord> HeldRecords => Set<HeldRecord>();
    public DbSet<Follow> Follows => Set<Follow>();
    public DbSet<FollowPreference> FollowPreferences => Set<FollowPreference>();
    public DbSet<Notification> Notifications => Set<Notification>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("pg_trgm");
        modelBuilder.MapItems();
        modelBuilder.MapFiles();
        modelBuilder.MapFollowing();
        RecordRow.Map(modelBuilder);
        RecordTouch.Map(modelBuilder);
        CarriedConversion.Map(modelBuilder);
        modelBuilder.MapConversionUndo();
        FollowUp.Map(modelBuilder);
        MergedRecord.Map(modelBuilder);
        modelBuilder.AddPlatform();
    }
}
