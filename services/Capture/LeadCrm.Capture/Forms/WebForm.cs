using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Capture.Forms;

/// <summary>A form that the public fills (WL1): what it asks, whom its leads go to, and what it protects itself with.</summary>
internal sealed class WebForm : IVersioned, ISoftDeleted, ITracked
{
    private WebForm() { }

    public Guid Id { get; private set; }
    [NotInHistory] public long Version { get; private set; }
    /// <summary>What its public address ends with; never changes.</summary>
    public string Key { get; private set; } = "";
    public string Name { get; private set; } = "";
    public string? Title { get; private set; }
    public string? Description { get; private set; }
    public bool IsActive { get; private set; }
    public DateOnly? ActiveFrom { get; private set; }
    public DateOnly? ActiveUntil { get; private set; }
    public IReadOnlyList<FormField> Fields { get; private set; } = [];
    public FormConsent? Consent { get; private set; }
    public string? Source { get; private set; }
    public Guid? CampaignId { get; private set; }
    public Guid? MemberStatusId { get; private set; }
    public Guid? OwnerId { get; private set; }
    public Guid? QueueId { get; private set; }
    public KnownEmail KnownEmail { get; private set; }
    public string? ThankYouText { get; private set; }
    public string? ReturnUrl { get; private set; }
    public IReadOnlyList<string> ReturnUrls { get; private set; } = [];
    public IReadOnlyList<string> FrameAncestors { get; private set; } = [];
    public int MinimumSeconds { get; private set; }
    public bool PageOnly { get; private set; }
    public int PerAddressLimit { get; private set; }
    public int PerFormLimit { get; private set; }
    public int? DailyQuota { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }
    [NotInHistory] public DateTimeOffset CreatedAt { get; private set; }
    [NotInHistory] public Guid? CreatedBy { get; private set; }
    [NotInHistory] public DateTimeOffset UpdatedAt { get; private set; }
    [NotInHistory] public Guid? UpdatedBy { get; private set; }

    /// <summary>The heading that the public reads.</summary>
    public string ShownTitle => Title ?? Name;

    /// <summary>A new form from a normalised input.</summary>
    public static WebForm Create(Guid id, string key, FormInput normalised, Guid? actorId, DateTimeOffset now)
    {
        var form = new WebForm { Id = id, Key = key, CreatedAt = now, CreatedBy = actorId };
        form.Change(normalised, actorId, now);
        return form;
    }

    /// <summary>Takes over a normalised edit.</summary>
    public void Change(FormInput input, Guid? actorId, DateTimeOffset now)
    {
        (Name, Title, Description) = (input.Name!, input.Title, input.Description);
        (IsActive, ActiveFrom, ActiveUntil) = (input.IsActive!.Value, input.ActiveFrom, input.ActiveUntil);
        (Source, CampaignId, MemberStatusId, OwnerId, QueueId) = (input.Source, input.CampaignId, input.MemberStatusId, input.OwnerId, input.QueueId);
        (KnownEmail, ThankYouText, ReturnUrl) = (input.KnownEmail!.Value, input.ThankYouText, input.ReturnUrl);
        (MinimumSeconds, PageOnly, DailyQuota) = (input.MinimumSeconds!.Value, input.PageOnly!.Value, input.DailyQuota);
        (PerAddressLimit, PerFormLimit) = (input.PerAddressLimit!.Value, input.PerFormLimit!.Value);
        // Documents keep their instance when nothing in them changed, so that the history tells only what did.
        if (!Same(Fields, input.Fields!)) Fields = input.Fields!;
        if (Consent != input.Consent) Consent = input.Consent;
        if (!ReturnUrls.SequenceEqual(input.ReturnUrls!)) ReturnUrls = input.ReturnUrls!;
        if (!FrameAncestors.SequenceEqual(input.FrameAncestors!)) FrameAncestors = input.FrameAncestors!;
        Touch(actorId, now);
    }

    /// <summary>Whether it takes anything in on that day.</summary>
    public bool IsOpenOn(DateOnly day) => IsActive && (ActiveFrom is not { } from || day >= from) && (ActiveUntil is not { } until || day <= until);

    /// <summary>Where somebody who has sent it goes: the address that the page named if it is on the list, else the form's own, else nowhere (WL4).</summary>
    public string? ReturnFor(string? asked)
    {
        if (string.IsNullOrWhiteSpace(asked)) return ReturnUrl;
        return PublicUrls.Normal(asked) is { } url && (url == ReturnUrl || ReturnUrls.Contains(url)) ? url : null;
    }

    /// <summary>To the recycle bin; its address answers like one that never was.</summary>
    public void Delete(Guid? actorId, DateTimeOffset now)
    {
        DeletedAt = now;
        Touch(actorId, now);
    }

    /// <summary>Back from the recycle bin.</summary>
    public void Restore(Guid? actorId, DateTimeOffset now)
    {
        if (DeletedAt is null) throw new DomainRuleException("not-deleted", "The form is not in the recycle bin; there is nothing to restore.");
        DeletedAt = null;
        Touch(actorId, now);
    }

    /// <summary>What a user may write of it, as it stands: the base of a merge patch.</summary>
    public FormInput ToInput() => new()
    {
        Name = Name, Title = Title, Description = Description, IsActive = IsActive, ActiveFrom = ActiveFrom, ActiveUntil = ActiveUntil, Fields = Fields, Consent = Consent,
        Source = Source, CampaignId = CampaignId, MemberStatusId = MemberStatusId, OwnerId = OwnerId, QueueId = QueueId, KnownEmail = KnownEmail, ThankYouText = ThankYouText,
        ReturnUrl = ReturnUrl, ReturnUrls = ReturnUrls, FrameAncestors = FrameAncestors, MinimumSeconds = MinimumSeconds, PageOnly = PageOnly,
        PerAddressLimit = PerAddressLimit, PerFormLimit = PerFormLimit, DailyQuota = DailyQuota,
    };

    private static bool Same(IReadOnlyList<FormField> a, IReadOnlyList<FormField> b) =>
        a.Count == b.Count && a.Zip(b).All(pair => pair.First with { Options = null } == pair.Second with { Options = null }
            && (pair.First.Options ?? []).SequenceEqual(pair.Second.Options ?? []));

    private void Touch(Guid? actorId, DateTimeOffset now) => (UpdatedAt, UpdatedBy) = (now, actorId);
}
