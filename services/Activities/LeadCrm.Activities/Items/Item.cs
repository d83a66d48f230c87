using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Activities.Items;

/// <summary>
/// What activities, notes and files have in common: they hang on records as one shared item, are seen through them, and are deleted,
/// restored and carried over with them.
/// </summary>
internal abstract class Item : IVersioned, ISoftDeleted, ITracked
{
    /// <summary>Stands for "no end" where something has to be sorted by it.</summary>
    internal static readonly DateTimeOffset Forever = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<ItemLink> links = [];

    public Guid Id { get; protected set; }
    public long Version { get; private set; }
    [NotInHistory] public ItemKind Kind { get; protected set; }

    /// <summary>What it is called: a subject, a title, a file's name.</summary>
    public string Subject { get; protected set; } = "";

    /// <summary>Whose it is: who does a task, wrote a note, brought a file.</summary>
    public Guid OwnerId { get; protected set; }

    /// <summary>Seen by its author alone.</summary>
    public bool IsPrivate { get; protected set; }

    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>The record whose deletion took it along; it comes back with that record. Null: deleted by itself.</summary>
    [NotInHistory] public Guid? DeletedWith { get; private set; }
    [NotInHistory] public DateTimeOffset CreatedAt { get; protected set; }
    [NotInHistory] public Guid? CreatedBy { get; protected set; }
    [NotInHistory] public DateTimeOffset UpdatedAt { get; private set; }
    [NotInHistory] public Guid? UpdatedBy { get; private set; }

    /// <summary>Its place in time: when a task is due (or was done), an event begins, a call was made, a note was written.</summary>
    [NotInHistory] public DateTimeOffset Moment { get; private set; }

    /// <summary>Until when it is upcoming: an event's end, <see cref="Forever"/> for an open task; null for what is past.</summary>
    [NotInHistory] public DateTimeOffset? OpenUntil { get; private set; }

    public IReadOnlyList<ItemLink> Links => links;

    /// <summary>To the recycle bin, everywhere it hangs.</summary>
    public void Delete(Guid? actorId, DateTimeOffset now)
    {
        (DeletedAt, DeletedWith) = (now, null);
        Touch(actorId, now);
    }

    /// <summary>Back from the recycle bin, to everything it hangs on.</summary>
    public void Restore(Guid? actorId, DateTimeOffset now)
    {
        if (DeletedAt is null) throw new DomainRuleException("not-deleted", "This is not in the recycle bin; there is nothing to restore.");
        (DeletedAt, DeletedWith) = (null, null);
        Touch(actorId, now);
    }

    /// <summary>Hangs it on exactly these records.</summary>
    public void Relate(IReadOnlyCollection<RecordRef> records, DateTimeOffset now)
    {
        links.RemoveAll(link => !records.Contains(link.Record));
        foreach (var record in records)
            if (links.TrueForAll(link => link.Record != record)) links.Add(new ItemLink(this, record, null, now));
    }

    /// <summary>Hangs it on what the lead it hangs on became, too (C15).</summary>
    public void CarryOver(IEnumerable<RecordRef> records, Guid conversionId, DateTimeOffset now)
    {
        foreach (var record in records)
            if (links.TrueForAll(link => link.Record != record)) links.Add(new ItemLink(this, record, conversionId, now));
    }

    /// <summary>Notes who changed it last; also what makes a change of its records alone an edit.</summary>
    protected void Touch(Guid? actorId, DateTimeOffset now) => (UpdatedAt, UpdatedBy) = (now, actorId);

    /// <summary>Says where in time it stands.</summary>
    protected void MoveTo(DateTimeOffset moment, DateTimeOffset? openUntil)
    {
        (Moment, OpenUntil) = (moment, openUntil);
        foreach (var link in links) link.Place(this);
    }
}
