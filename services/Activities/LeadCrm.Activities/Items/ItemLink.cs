namespace LeadCrm.Activities.Items;

/// <summary>
/// That an item hangs on a record. It repeats what a timeline is ordered and filtered by, so that one index answers it.
/// </summary>
internal sealed class ItemLink
{
    private ItemLink() { }

    public ItemLink(Item item, RecordRef record, Guid? conversionId, DateTimeOffset now)
    {
        ItemId = item.Id;
        (RecordType, RecordId) = (record.Type, record.Id);
        Kind = item.Kind;
        ConversionId = conversionId;
        LinkedAt = now;
        Place(item);
    }

    public Guid ItemId { get; private set; }
    public string RecordType { get; private set; } = "";
    public Guid RecordId { get; private set; }
    public ItemKind Kind { get; private set; }

    /// <inheritdoc cref="Item.Moment"/>
    public DateTimeOffset Moment { get; private set; }

    /// <inheritdoc cref="Item.OpenUntil"/>
    public DateTimeOffset? OpenUntil { get; private set; }

    /// <summary>The conversion that carried the item over to this record (C15); null when a person chose the record.</summary>
    public Guid? ConversionId { get; private set; }

    /// <summary>The record that became this one by a merge, on which the item hung (AC4); null when a person or a conversion chose the record.</summary>
    public Guid? MergedFrom { get; private set; }

    public DateTimeOffset LinkedAt { get; private set; }

    public RecordRef Record => new(RecordType, RecordId);

    internal void Place(Item item) => (Moment, OpenUntil) = (item.Moment, item.OpenUntil);
}
