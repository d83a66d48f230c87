using LeadCrm.Accounts.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Accounts.Accounts;

/// <summary>What other services hear of an account.</summary>
internal static class AccountEvents
{
    /// <summary>The account's full state as it will be once the running change is saved; published in that same commit.</summary>
    public static AccountChanged Changed(this Account account, ChangeKind kind, DateTimeOffset at) => new()
    {
        Kind = kind,
        AccountId = account.Id,
        Version = kind == ChangeKind.Created ? 1 : account.Version + 1,
        Name = account.Name,
        OwnerId = account.OwnerId,
        ParentAccountId = account.ParentAccountId,
        Industry = account.Industry,
        Website = account.Website,
        Phone = account.Phone,
        PrimaryContactId = account.PrimaryContactId,
        MergedIntoId = account.MergedIntoId,
        Custom = CustomJson.Texts(account.Custom),
        ActorId = Actor.Current.IsSystem ? null : Actor.Current.UserId,
        At = at,
    };
}
