using System.Globalization;
using LeadCrm.Accounts.Contracts;

namespace LeadCrm.Accounts.Duplicates;

/// <summary>An existing record beside what was asked for: which of its keys agree.</summary>
internal sealed record DuplicateMatch
{
    public required string RecordType { get; init; }
    public required Guid RecordId { get; init; }
    public required string Name { get; init; }
    public Guid? AccountId { get; init; }
    public string? Hint { get; init; }
    /// <summary>Trigram similarity of the normalised names, 0 to 1.</summary>
    public double NameSimilarity { get; init; }
    public bool SameName { get; init; }
    public bool SameDomain { get; init; }
    public bool SameEmail { get; init; }
    public bool SamePhone { get; init; }
    /// <summary>For a contact: at the account, or at an account of the name, that was asked for.</summary>
    public bool SameAccount { get; init; }

    public bool IsAccount => RecordType == "account";

    /// <summary>0 to 100. One strong key makes a candidate; a second one makes it surer; a similar name alone must be very similar.</summary>
    public int Score
    {
        get
        {
            var name = SameName ? 90 : (int)Math.Round(NameSimilarity * 85);
            if (IsAccount) return SameDomain ? Math.Min(100, Math.Max(name, 80) + (NameSimilarity >= 0.4 || SameName ? 10 : 0)) : name;
            if (SameEmail) return NameSimilarity >= 0.4 || SameName ? 100 : 95;
            if (SamePhone) return NameSimilarity >= 0.4 || SameName ? Math.Max(name, 85) : 60;
            return SameAccount ? name : name / 2;
        }
    }

    public DuplicateCandidate ToCandidate() => new()
    {
        RecordType = RecordType, RecordId = RecordId, Name = Name, AccountId = AccountId, Hint = Hint, Score = Score, Reasons = [.. Reasons()],
    };

    private IEnumerable<string> Reasons()
    {
        if (SameEmail) yield return "email: exact";
        if (SameDomain) yield return "domain: exact";
        if (SamePhone) yield return "phone: exact";
        if (SameName) yield return "name: exact";
        else if (NameSimilarity >= 0.4) yield return string.Create(CultureInfo.InvariantCulture, $"name: similar ({NameSimilarity:0.00})");
        if (SameAccount && !IsAccount) yield return "account: same";
    }
}
