using LeadCrm.Identity.Contracts;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Identity.Sharing;

/// <summary>
/// Opens what the members of one team own, and of the teams below it, to another team (PM2). A deleted rule stays as a tombstone, so that
/// the services' copies learn of it whenever they ask.
/// </summary>
internal sealed class SharingRule : ITracked
{
    public const string Read = "read";
    public const string ReadWrite = "readWrite";

    private SharingRule()
    {
    }

    public SharingRule(Guid id, SharingRuleInput input)
    {
        Id = id;
        Change(input);
    }

    public Guid Id { get; private set; }

    /// <summary>Object that the rule is about, such as <c>lead</c>.</summary>
    public string RecordType { get; private set; } = "";

    public Guid OwnedByTeamId { get; private set; }

    public Guid SharedWithTeamId { get; private set; }

    public string Access { get; private set; } = Read;

    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>From the directory's sequence; the entity tag of the rule.</summary>
    public long Version { get; private set; }

    public void Change(SharingRuleInput input) =>
        (RecordType, OwnedByTeamId, SharedWithTeamId, Access) = (input.RecordType, input.OwnedByTeamId, input.SharedWithTeamId, input.Access);

    public void Delete(DateTimeOffset now) => DeletedAt ??= now;

    public void TakeVersion(long version) => Version = version;

    public SharingRuleChanged ToEvent() => new()
    {
        RuleId = Id, Version = Version, RecordType = RecordType, OwnedByTeamId = OwnedByTeamId, SharedWithTeamId = SharedWithTeamId, Access = Access,
        IsDeleted = DeletedAt is not null,
    };
}
