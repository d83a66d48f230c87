using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Opportunities.Contracts;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>Plans for tests to which their content does not matter.</summary>
internal static class Plans
{
    internal static ConversionPlan Some(bool withOpportunity = true)
    {
        var (conversionId, leadId, userId) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var accounts = new CreateAccountAndContact
        {
            ConversionId = conversionId, LeadId = leadId, ActingUserId = userId, OwnerId = userId, AccountId = Guid.CreateVersion7(), CreateAccount = true,
            ContactId = Guid.CreateVersion7(), CreateContact = true, Account = new AccountValues { Name = "Planned Ltd" }, Contact = new ContactValues { LastName = "Person" },
        };
        return new ConversionPlan
        {
            ConversionId = conversionId, LeadId = leadId, ConvertedStatusId = Guid.CreateVersion7(), ConvertedStatus = "Converted", Accounts = accounts,
            Opportunity = !withOpportunity ? null : new CreateOrAttachOpportunity
            {
                ConversionId = conversionId, LeadId = leadId, ActingUserId = userId, OwnerId = userId, OpportunityId = Guid.CreateVersion7(), Create = true,
                AccountId = accounts.AccountId, AccountIsNew = true, ContactId = accounts.ContactId, Name = "Deal",
            },
        };
    }
}
