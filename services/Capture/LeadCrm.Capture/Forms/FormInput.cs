using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Capture.Forms;

/// <summary>What people may write of a form (WL1).</summary>
internal sealed record FormInput
{
    /// <summary>What the organisation calls it.</summary>
    public string? Name { get; init; }
    /// <summary>Heading that the public reads; the name when left out.</summary>
    public string? Title { get; init; }
    /// <summary>Words above the fields.</summary>
    public string? Description { get; init; }
    /// <summary>False: closed, whatever the dates. True when left out.</summary>
    public bool? IsActive { get; init; }
    /// <summary>First day, the organisation's local date.</summary>
    public DateOnly? ActiveFrom { get; init; }
    /// <summary>Last day, the organisation's local date.</summary>
    public DateOnly? ActiveUntil { get; init; }
    /// <summary>The fields, in order. A last name and a company or an e-mail must be among them (WL2).</summary>
    public IReadOnlyList<FormField>? Fields { get; init; }
    /// <summary>What people are asked to agree to.</summary>
    public FormConsent? Consent { get; init; }
    /// <summary>Source of its leads.</summary>
    public string? Source { get; init; }
    /// <summary>Campaign that its leads come from and join.</summary>
    public Guid? CampaignId { get; init; }
    /// <summary>Status that they join it with; its default one when left out.</summary>
    public Guid? MemberStatusId { get; init; }
    /// <summary>User who gets its leads.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>Queue that gets its leads instead; without either, the queue "Web leads".</summary>
    public Guid? QueueId { get; init; }
    /// <summary>What happens when the e-mail belongs to a lead already; <c>create</c> when left out.</summary>
    public KnownEmail? KnownEmail { get; init; }
    /// <summary>What people read when they have sent it; a usual sentence when left out.</summary>
    public string? ThankYouText { get; init; }
    /// <summary>Where people go when they have sent it, instead of the page that says thank you.</summary>
    public string? ReturnUrl { get; init; }
    /// <summary>Addresses that a page may name as <c>_return</c> besides (WL4).</summary>
    public IReadOnlyList<string>? ReturnUrls { get; init; }
    /// <summary>Sites that may show it in a frame, such as <c>https://www.example.com</c>.</summary>
    public IReadOnlyList<string>? FrameAncestors { get; init; }
    /// <summary>Whoever fills the page faster than this many seconds is suspected; 3 when left out.</summary>
    public int? MinimumSeconds { get; init; }
    /// <summary>True: what does not come from the hosted page or its frame is suspected. Snippets and programs then end in quarantine.</summary>
    public bool? PageOnly { get; init; }
    /// <summary>Submissions a minute from one network address; 10 when left out.</summary>
    public int? PerAddressLimit { get; init; }
    /// <summary>Submissions a minute in all; 600 when left out.</summary>
    public int? PerFormLimit { get; init; }
    /// <summary>Leads a day; what is above is stored and becomes a lead on a later day, in order (WL7). None when left out.</summary>
    public int? DailyQuota { get; init; }

    /// <summary>Every value normalised, defaults filled in; what breaks a rule is reported by field.</summary>
    public FormInput Normalised(FieldErrors errors)
    {
        var name = Text(Name, "name", 255, errors);
        if (name is null) errors.Add("name", "A form needs a name.");
        if (ActiveUntil < ActiveFrom) errors.Add("activeUntil", "The last day must not be before the first.");
        if (OwnerId is not null && QueueId is not null) errors.Add("queueId", "Name either a user (ownerId) or a queue (queueId).");
        if (MemberStatusId is not null && CampaignId is null) errors.Add("memberStatusId", "A member status belongs to a campaign: name the campaign too.");
        return this with
        {
            Name = name,
            Title = Text(Title, "title", 255, errors),
            Description = Text(Description, "description", 4_000, errors),
            IsActive = IsActive ?? true,
            Fields = FormFieldRules.Normalised(Fields, errors),
            Consent = NormalisedConsent(errors),
            Source = Text(Source, "source", 120, errors),
            KnownEmail = KnownEmail ?? Forms.KnownEmail.Create,
            ThankYouText = Text(ThankYouText, "thankYouText", 4_000, errors),
            ReturnUrl = string.IsNullOrWhiteSpace(ReturnUrl) ? null : PublicUrls.Address(ReturnUrl, "returnUrl", errors),
            ReturnUrls = PublicUrls.List(ReturnUrls, "returnUrls", PublicUrls.Address, errors),
            FrameAncestors = PublicUrls.List(FrameAncestors, "frameAncestors", PublicUrls.Origin, errors),
            MinimumSeconds = Number(MinimumSeconds, 3, 0, 600, "minimumSeconds", errors),
            PageOnly = PageOnly ?? false,
            PerAddressLimit = Number(PerAddressLimit, 10, 1, 100_000, "perAddressLimit", errors),
            PerFormLimit = Number(PerFormLimit, 600, 1, 100_000, "perFormLimit", errors),
            DailyQuota = DailyQuota is null ? null : Number(DailyQuota, 1, 1, 10_000_000, "dailyQuota", errors),
        };
    }

    /// <summary>Trimmed; null when nothing is left; an error when too long.</summary>
    internal static string? Text(string? value, string field, int longest, FieldErrors errors)
    {
        var text = value?.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Length > longest) errors.Add(field, $"Takes at most {longest:N0} characters; this has {text.Length:N0}.");
        return text;
    }

    private FormConsent? NormalisedConsent(FieldErrors errors)
    {
        if (Consent is null) return null;
        var (purpose, text) = (Text(Consent.Purpose, "consent.purpose", 120, errors), Text(Consent.Text, "consent.text", 4_000, errors));
        if (purpose is null) errors.Add("consent.purpose", "Say what the consent is for, such as newsletter.");
        if (text is null) errors.Add("consent.text", "Say what people agree to.");
        return Consent with { Purpose = purpose ?? "", Text = text ?? "", Version = Text(Consent.Version, "consent.version", 60, errors) };
    }

    private static int Number(int? value, int usual, int least, int most, string field, FieldErrors errors)
    {
        if (value < least || value > most) errors.Add(field, $"Takes {least:N0} to {most:N0}.");
        return value ?? usual;
    }
}
