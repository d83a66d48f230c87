namespace LeadCrm.Capture.Forms;

/// <summary>A field of a form.</summary>
internal sealed record FormField
{
    /// <summary>Name of a lead's field, such as <c>lastName</c>.</summary>
    public required string Name { get; init; }
    /// <summary>What the form calls it; a usual word when left out.</summary>
    public string? Label { get; init; }
    /// <summary>True: must be filled.</summary>
    public bool Required { get; init; }
    /// <summary>True: not shown; carries its default value unless the page around it sets another.</summary>
    public bool Hidden { get; init; }
    /// <summary>What it holds at first, and when nothing was sent for it.</summary>
    public string? DefaultValue { get; init; }
    /// <summary>The values to choose from; any text when left out.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>What people read beside it.</summary>
    public string ShownLabel() => Label ?? CaptureFields.Find(Name)?.Label ?? Name;
}

/// <summary>What a form asks people to agree to.</summary>
internal sealed record FormConsent
{
    /// <summary>What for, such as <c>newsletter</c>.</summary>
    public required string Purpose { get; init; }
    /// <summary>The words beside the box to tick.</summary>
    public required string Text { get; init; }
    /// <summary>Version of these words, to be told apart later.</summary>
    public string? Version { get; init; }
    /// <summary>True: without it nothing is sent.</summary>
    public bool Required { get; init; }
}

/// <summary>What happens when the e-mail belongs to a lead already (WL9).</summary>
internal enum KnownEmail
{
    /// <summary>Another lead is made.</summary>
    Create,
    /// <summary>The newest open lead with the address gets its empty fields filled.</summary>
    FillEmpty,
}
