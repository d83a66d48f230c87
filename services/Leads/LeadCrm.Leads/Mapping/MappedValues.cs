using LeadCrm.Accounts.Contracts;
using LeadCrm.Opportunities.Contracts;

namespace LeadCrm.Leads.Mapping;

/// <summary>What a conversion brings along for each record.</summary>
internal sealed record MappedValues(AccountValues Account, ContactValues Contact, CreateOrAttachOpportunity Opportunity);

/// <summary>An amount with its currency; null means the organisation's.</summary>
internal sealed record Money(decimal Amount, string? Currency = null);
