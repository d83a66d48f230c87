using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Touches;

/// <summary>When a record was last touched and what comes next on it (AV8), kept beside it: it raises no version.</summary>
internal abstract class LastTouch
{
    public Guid RecordId { get; private set; }

    /// <summary>A call, an e-mail, an event held.</summary>
    public DateTimeOffset? LastTouchAt { get; private set; }

    /// <summary>When the next open task is due or the next event begins.</summary>
    public DateTimeOffset? NextActivityAt { get; private set; }

    /// <summary>Version of these two, as Activities counts.</summary>
    public long Version { get; private set; }
}

internal sealed class AccountTouch : LastTouch;

internal sealed class ContactTouch : LastTouch;

internal static class TouchMapping
{
    internal static void MapTouches(this ModelBuilder model)
    {
        model.Entity<Account>().HasOne(a => a.LastTouch).WithOne().HasForeignKey<AccountTouch>(t => t.RecordId).OnDelete(DeleteBehavior.Cascade);
        model.Entity<Contact>().HasOne(c => c.LastTouch).WithOne().HasForeignKey<ContactTouch>(t => t.RecordId).OnDelete(DeleteBehavior.Cascade);
        Map<AccountTouch>("account_touches");
        Map<ContactTouch>("contact_touches");

        void Map<T>(string table) where T : LastTouch => model.Entity<T>(touch =>
        {
            touch.ToTable(table);
            touch.HasKey(t => t.RecordId);
            touch.Property(t => t.RecordId).ValueGeneratedNever();
            touch.HasIndex(t => t.LastTouchAt);
            touch.HasIndex(t => t.NextActivityAt);
        });
    }
}
