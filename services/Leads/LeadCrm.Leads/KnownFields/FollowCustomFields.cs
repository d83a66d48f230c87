using LeadCrm.Leads.Data;
using MassTransit;
using AccountsField = LeadCrm.Accounts.Contracts.CustomFieldChanged;
using OpportunitiesField = LeadCrm.Opportunities.Contracts.CustomFieldChanged;

namespace LeadCrm.Leads.KnownFields;

/// <summary>Follows the custom fields of accounts, contacts and opportunities.</summary>
internal sealed class TargetFieldChangedConsumer(LeadsDb db) : IConsumer<AccountsField>, IConsumer<OpportunitiesField>
{
    public Task Consume(ConsumeContext<AccountsField> context) => Keep(db, context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<OpportunitiesField> context) => Keep(db, context.Message, context.CancellationToken);

    internal static Task Keep(LeadsDb db, AccountsField field, CancellationToken ct) => KnownCustomFields.Keep(db, new KnownCustomField
    {
        Id = field.FieldId, Version = field.Version, RecordType = field.RecordType, Key = field.Key, Label = field.Label, Type = field.Type, IsRequired = field.IsRequired,
        IsUnique = field.IsUnique, HasDefault = field.HasDefault, MinLength = field.MinLength, MaxLength = field.MaxLength, Decimals = field.Decimals, Min = field.Min, Max = field.Max,
        Earliest = field.Earliest, Latest = field.Latest, Options = [.. field.Options], IsRestricted = field.IsRestricted, LookupTarget = field.LookupTarget, IsDeleted = field.IsDeleted,
    }, ct);

    internal static Task Keep(LeadsDb db, OpportunitiesField field, CancellationToken ct) => KnownCustomFields.Keep(db, new KnownCustomField
    {
        Id = field.FieldId, Version = field.Version, RecordType = field.RecordType, Key = field.Key, Label = field.Label, Type = field.Type, IsRequired = field.IsRequired,
        IsUnique = field.IsUnique, HasDefault = field.HasDefault, MinLength = field.MinLength, MaxLength = field.MaxLength, Decimals = field.Decimals, Min = field.Min, Max = field.Max,
        Earliest = field.Earliest, Latest = field.Latest, Options = [.. field.Options], IsRestricted = field.IsRestricted, LookupTarget = field.LookupTarget, IsDeleted = field.IsDeleted,
    }, ct);
}
