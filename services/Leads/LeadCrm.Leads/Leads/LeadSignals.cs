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

    /// <summary>
    /// Whether the lead is converted. Said here too, so that a list by score walks past none of them: the best leads are those that were converted.
    /// </summary>
    public bool Converted { get; private set; }

    /// <summary>The lead was converted, or is a lead again.</summary>
    public void Convert(bool converted) => Converted = converted;

    public void MarkRead(bool read) => Unread = !read;

    public void Rate(int? score, string? grade) => (Score, Grade) = (score, grade);
}
