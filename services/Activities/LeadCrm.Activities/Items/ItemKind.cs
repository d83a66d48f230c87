namespace LeadCrm.Activities.Items;

/// <summary>What hangs on a record.</summary>
internal enum ItemKind
{
    /// <summary>Something to do, due on a day.</summary>
    Task,
    /// <summary>Something that takes place, from and to.</summary>
    Event,
    /// <summary>A phone call that was made or received.</summary>
    Call,
    /// <summary>An e-mail that was sent or received.</summary>
    Email,
    /// <summary>A note.</summary>
    Note,
    /// <summary>A file.</summary>
    File,
}
