namespace LeadCrm.Leads.Leads;

/// <summary>
/// What machines touch often, kept beside the lead so that it raises no version and disturbs nobody's edit: unread, score and
/// grade, last touch and next activity.
/// </summary>
internal sealed class LeadSignals
{
    private LeadSignals() { }

    public LeadSignals(Guid leadId)
    {
        LeadId = leadId;
        Unread = true;
    }

    public Guid LeadId { get; private set; }

    /// <summary>The owner has not looked at it yet.</summary>
    public bool Unread { get; private set; }

    /// <summary>How likely the lead is to buy, 0 to 100.</summary>
    public int? Score { get; private set; }

    /// <summary>How well the lead fits, A to F.</summary>
    public string? Grade { get; private set; }

    /// <summary>When the lead was last touched: a call, an e-mail, an event held (AV8). Kept by <see cref="RecordActivityConsumer"/>.</summary>
    public DateTimeOffset? LastTouchAt { get; private set; }

    /// <summary>When the next open task is due or the next event begins (AV8).</summary>
    public DateTimeOffset? NextActivityAt { get; private set; }

    /// <summary>Version of these two, as Activities counts.</summary>
    public long? ActivityVersion { get; private set; }

    // Lists by score walk along an index of this table. What most of them are narrowed by is said here again, so that the walk passes by what does not fit
    // within the index, and reads fifty leads instead of all on its way. The database keeps these in step, whoever writes the lead.

    /// <summary>The lead's owner.</summary>
    public Guid? OwnerId { get; private set; }

    /// <summary>The lead's status.</summary>
    public Guid StatusId { get; private set; }

    /// <summary>The lead's country.</summary>
    public string? Country { get; private set; }

    /// <summary>The lead's source.</summary>
    public string? Source { get; private set; }

    /// <summary>Whether the lead is converted: the best leads are those that were.</summary>
    public bool Converted { get; private set; }

    public void MarkRead(bool read) => Unread = !read;

    public void Rate(int? score, string? grade) => (Score, Grade) = (score, grade);
}
