using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>What a member of one campaign can be (CM1).</summary>
internal sealed class MemberStatus
{
    private MemberStatus() { }

    public MemberStatus(Guid id, Guid campaignId) => (Id, CampaignId) = (id, campaignId);

    public Guid Id { get; private set; }
    public Guid CampaignId { get; private set; }
    public string Name { get; private set; } = "";
    /// <summary>Place among the campaign's statuses: the higher, the more advanced.</summary>
    public int Position { get; private set; }
    /// <summary>True for the one that a member gets for whom none is named.</summary>
    public bool IsDefault { get; private set; }
    /// <summary>True: whoever has it has responded.</summary>
    public bool IsResponded { get; private set; }

    public void Become(MemberStatusInput input, int position) =>
        (Name, Position, IsDefault, IsResponded) = (input.Name!.Trim(), position, input.IsDefault, input.IsResponded);
}

/// <summary>A member status as a person writes it.</summary>
internal sealed record MemberStatusInput
{
    /// <summary>The status to keep; without it, a new one.</summary>
    public Guid? Id { get; init; }
    /// <summary>Name, unique within the campaign whatever the case.</summary>
    public string? Name { get; init; }
    /// <summary>True for the one that a member gets for whom none is named.</summary>
    public bool IsDefault { get; init; }
    /// <summary>True: whoever has it has responded.</summary>
    public bool IsResponded { get; init; }
}

/// <summary>What a change of the statuses means for members.</summary>
/// <param name="Removed">Nobody may have these any more.</param>
/// <param name="TurnedResponded">Whoever has these has responded from now on.</param>
internal sealed record StatusChanges(IReadOnlyList<MemberStatus> Removed, IReadOnlyList<MemberStatus> TurnedResponded);

/// <summary>The rules that a campaign's statuses keep (CM1).</summary>
internal static class MemberStatuses
{
    public const int Most = 50;
    private const int LongestName = 100;

    /// <summary>What every campaign begins with.</summary>
    public static IReadOnlyList<MemberStatusInput> Default { get; } =
    [
        new() { Name = "Sent", IsDefault = true },
        new() { Name = "Responded", IsResponded = true },
    ];

    /// <summary>Throws with all that is wrong: 422.</summary>
    public static void Check(IReadOnlyList<MemberStatusInput> wanted, IReadOnlyList<MemberStatus> existing)
    {
        var errors = new FieldErrors();
        if (wanted.Count > Most) errors.Add("statuses", $"A campaign has at most {Most} member statuses.");
        if (wanted.Count(s => s.IsDefault) != 1) errors.Add("statuses", "Exactly one status must be the default.");
        if (!wanted.Any(s => s.IsResponded)) errors.Add("statuses", "At least one status must count as a response.");

        var (names, ids) = (new HashSet<string>(StringComparer.OrdinalIgnoreCase), new HashSet<Guid>());
        foreach (var (status, i) in wanted.Select((s, i) => (s, i)))
        {
            var name = status.Name?.Trim() ?? "";
            if (name.Length == 0) errors.Add($"statuses[{i}].name", "A status needs a name.");
            else if (name.Length > LongestName) errors.Add($"statuses[{i}].name", $"Takes at most {LongestName} characters.");
            else if (!names.Add(name)) errors.Add($"statuses[{i}].name", $"'{name}' is there twice.");
            if (status.Id is not { } id) continue;
            if (existing.All(s => s.Id != id)) errors.Add($"statuses[{i}].id", "The campaign has no such status.");
            else if (!ids.Add(id)) errors.Add($"statuses[{i}].id", "This status is there twice.");
        }
        errors.ThrowIfAny();
    }
}
