using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.ConversionUndo;
using LeadCrm.Accounts.Merging;
using LeadCrm.Accounts.Touches;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Data;

/// <summary>The service's one database.</summary>
internal sealed class AccountsDb(DbContextOptions<AccountsDb> options) : DbContext(options)
{
    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<Contact> Contacts => Set<Contact>();
    public DbSet<ConversionStep> ConversionSteps => Set<ConversionStep>();
    public DbSet<UndoHold> UndoHolds => Set<UndoHold>();
    public DbSet<RecordMerge> Merges => Set<RecordMerge>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("pg_trgm");
        modelBuilder.ApplyConfiguration(new AccountMapping());
        modelBuilder.ApplyConfiguration(new ContactMapping());
        modelBuilder.ApplyConfiguration(new ConversionStepMapping());
        modelBuilder.ApplyConfiguration(new UndoHoldMapping());
        modelBuilder.ApplyConfiguration(new RecordMergeMapping());
        modelBuilder.MapTouches();
        modelBuilder.AddCustomFields();
        modelBuilder.AddPlatform();
    }
}
