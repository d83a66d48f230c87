using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.References;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Custom fields of opportunities (LD4): what a look-up may point to, and how other services hear of a definition.</summary>
internal sealed class OpportunityCustomFields(OpportunitiesDb db, OpportunityAccess access, AccountsClient accounts, TimeProvider clock) : ICustomFieldOwner
{
    internal static readonly CustomRecord Record = new("opportunity", "opportunities", "opportunities");

    /// <summary>Opportunities are here; accounts and contacts are asked for as an opportunity's own account and contacts are.</summary>
    public IReadOnlyList<string> LookupTargets { get; } = ["opportunity", "account", "contact"];

    public async Task<IReadOnlySet<Guid>> Existing(string target, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        if (target == "opportunity") return await access.Visible(db.Opportunities).Where(o => ids.Contains(o.Id)).Select(o => o.Id).ToHashSetAsync(ct);
        var there = new HashSet<Guid>();
        foreach (var id in ids)
        {
            var errors = new FieldErrors();
            await (target == "account" ? accounts.RequireAccount(id, target, errors, ct) : accounts.RequireContact(id, target, errors, ct));
            if (!errors.Any) there.Add(id);
        }
        return there;
    }

    public Task Announce(IPublishEndpoint publish, CustomFieldState field, CancellationToken ct) => publish.PublishFor(field.FieldId, new CustomFieldChanged
    {
        FieldId = field.FieldId, Version = field.Version, RecordType = field.RecordType, Key = field.Key, Label = field.Label, Type = field.Type,
        IsRequired = field.IsRequired, IsUnique = field.IsUnique, HasDefault = field.HasDefault, MinLength = field.MinLength, MaxLength = field.MaxLength,
        Decimals = field.Decimals, Min = field.Min, Max = field.Max, Earliest = field.Earliest, Latest = field.Latest, Options = field.Options,
        IsRestricted = field.IsRestricted, LookupTarget = field.LookupTarget, IsDeleted = field.IsDeleted,
        ActorId = OpportunityAccess.ActorId, At = clock.GetUtcNow(),
    }, ct);
}
