using LeadCrm.Leads.AccountMatches;
using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Visibility;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Leads;

/// <summary>Custom fields of leads (LD4): what a look-up may point to, and how other services hear of a definition.</summary>
internal sealed class LeadCustomFields(LeadsDb db, LeadAccess access, IVisibility visibility, TimeProvider clock) : ICustomFieldOwner
{
    internal static readonly CustomRecord Record = new("lead", "leads", "leads");

    /// <summary>Leads are here; accounts and opportunities are known from their events.</summary>
    public IReadOnlyList<string> LookupTargets { get; } = ["lead", "account", "opportunity"];

    public async Task<IReadOnlySet<Guid>> Existing(string target, IReadOnlyCollection<Guid> ids, CancellationToken ct) => await (target switch
    {
        "lead" => access.Visible.Where(l => ids.Contains(l.Id)).Select(l => l.Id),
        "account" => AccountMatching.Visible(db, visibility.Of("account")).Where(a => ids.Contains(a.Id)).Select(a => a.Id),
        _ => db.Set<KnownOpportunity>().AsNoTracking().VisibleTo(visibility.Of("opportunity"), o => o.OwnerId).Where(o => ids.Contains(o.Id)).Select(o => o.Id),
    }).ToHashSetAsync(ct);

    public Task Announce(IPublishEndpoint publish, CustomFieldState field, CancellationToken ct) => publish.PublishFor(field.FieldId, new CustomFieldChanged
    {
        FieldId = field.FieldId, Version = field.Version, RecordType = field.RecordType, Key = field.Key, Label = field.Label, Type = field.Type,
        IsRequired = field.IsRequired, IsUnique = field.IsUnique, HasDefault = field.HasDefault, MinLength = field.MinLength, MaxLength = field.MaxLength,
        Decimals = field.Decimals, Min = field.Min, Max = field.Max, Earliest = field.Earliest, Latest = field.Latest, Options = field.Options,
        IsRestricted = field.IsRestricted, LookupTarget = field.LookupTarget, IsDeleted = field.IsDeleted,
        ActorId = Actor.Current.IsSystem ? null : Actor.Current.UserId, At = clock.GetUtcNow(),
    }, ct);
}
