using System.Text.Json;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.Mapping;
using LeadCrm.Leads.Statuses;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// Decides what a conversion will do: everything that can be said without asking another service. A function of what it is given, and it asks
/// nobody, so that ten thousand leads are planned like one.
/// </summary>
internal static class ConversionPlanner
{
    /// <summary>
    /// The plan for a request, with what is wrong in <paramref name="errors"/>. Null when the request makes no sense as a whole (C3, C4);
    /// otherwise the plan is complete enough to ask the participants even if there are errors, so that all are told at once (C6). A task that the
    /// actor may not create is refused with 403 at once.
    /// </summary>
    public static ConversionPlan? Plan(
        Guid conversionId, Lead lead, ConversionRequest request, IReadOnlyCollection<LeadStatus> statuses, IDirectory directory, Actor actor,
        MappingTable mapping, FieldErrors errors)
    {
        var convertedStatus = ConvertedStatus(request, statuses, errors);
        var ownerId = Owner(lead, request, directory, actor, errors);
        var targets = ConversionTargets.Of(request, errors, out var makesSense);
        if (!makesSense) return null;

        string[] records = targets.Opportunity == OpportunityMode.None ? [TargetFields.Account, TargetFields.Contact] : [.. TargetFields.Records];
        var sources = mapping.CustomFields(lead).ToDictionary(field => field.Field, field => "lead." + field.LeadField);
        var custom = sources.Keys.ToList();
        var values = mapping.Map(lead, new MappedValues(new AccountValues(), new ContactValues(), OpportunityToStartWith()), errors);
        values = values with { Opportunity = Requested(AtRates(values.Opportunity)) };
        values = FieldOverrides.Apply(request.FieldOverrides, values, mapping, lead, records, sources, errors);
        if (targets.CreateAccount && values.Account.Name is null) values = values with { Account = NamedAfterPerson(values.Account) };
        custom.RemoveAll(field => !sources[field].StartsWith("lead.", StringComparison.Ordinal));

        return new ConversionPlan
        {
            ConversionId = conversionId,
            LeadId = lead.Id,
            ConvertedStatus = convertedStatus?.Name ?? "",
            ConvertedStatusId = convertedStatus?.Id ?? Guid.Empty,
            Accounts = new CreateAccountAndContact
            {
                ConversionId = conversionId,
                LeadId = lead.Id,
                ActingUserId = actor.UserId,
                OwnerId = ownerId,
                AccountId = targets.AccountId,
                CreateAccount = targets.CreateAccount,
                ContactId = targets.ContactId,
                CreateContact = targets.CreateContact,
                Account = values.Account,
                Contact = values.Contact,
                OverwriteLeadSource = request.OverwriteLeadSource,
                AcceptWarnings = request.AcceptWarnings,
                Decisions = [.. (request.DuplicateDecision ?? []).Select(decision => new DuplicateDecision
                {
                    RecordType = NameOf(decision.Type), RecordId = decision.Id, Decision = NameOf(decision.Decision),
                })],
            },
            Opportunity = targets.Opportunity == OpportunityMode.None ? null : values.Opportunity with { AccountName = targets.CreateAccount ? values.Account.Name : null },
            Sources = sources,
            CustomFields = custom,
            LeftBehind = mapping.LeftBehind(lead, records),
            FollowUpTask = request.FollowUpTask?.Plan(ownerId, directory, actor, errors),
            NotifyOwner = request.NotifyOwner,
        };

        CreateOrAttachOpportunity OpportunityToStartWith() => new()
        {
            ConversionId = conversionId,
            LeadId = lead.Id,
            ActingUserId = actor.UserId,
            OwnerId = ownerId,
            OpportunityId = targets.OpportunityId,
            Create = targets.Opportunity == OpportunityMode.Create,
            AccountId = targets.AccountId,
            AccountIsNew = targets.CreateAccount,
            ContactId = targets.ContactId,
            ContactName = lead.FullName,
        };

        // A mapped amount may have to be in another currency: the rates as they stand now go along (C13).
        CreateOrAttachOpportunity AtRates(CreateOrAttachOpportunity opportunity) => opportunity is not { Amount: not null, Currency: { } currency } ? opportunity : opportunity with
        {
            Rates = [.. mapping.Rates.Where(rate => rate.From == currency || rate.To == currency)
                .Select(rate => new StampedRate { From = rate.From, To = rate.To, Rate = rate.Rate, AsOf = rate.AsOf })],
        };

        // What the request says about the opportunity beats the mapping.
        CreateOrAttachOpportunity Requested(CreateOrAttachOpportunity opportunity)
        {
            var wanted = request.Opportunity ?? new();
            if (wanted.Name is not null) sources["opportunity.name"] = Provenance.Request;
            if (wanted.Stage is not null) sources["opportunity.stage"] = Provenance.Request;
            if (wanted.Amount is not null) sources["opportunity.amount"] = Provenance.Request;
            if (wanted.Currency is not null || wanted.Amount is not null) sources["opportunity.currency"] = Provenance.Request;
            if (wanted.CloseDate is not null) sources["opportunity.closeDate"] = Provenance.Request;
            var mappedAmount = wanted.Amount is null && opportunity.Amount is not null;
            return opportunity with
            {
                Role = wanted.Role,
                Name = wanted.Name ?? opportunity.Name,
                Stage = wanted.Stage,
                Amount = wanted.Amount ?? opportunity.Amount,
                Currency = mappedAmount ? opportunity.Currency : wanted.Currency,
                WantedCurrency = mappedAmount ? wanted.Currency : null,
                Rates = mappedAmount ? opportunity.Rates : null,
                CloseDate = wanted.CloseDate ?? opportunity.CloseDate,
            };
        }

        AccountValues NamedAfterPerson(AccountValues account)
        {
            if (mapping.LeadWithoutCompany == LeadWithoutCompany.Refuse)
                errors.Add("account.name", "The lead has no company to name the account after. Give the lead a company or choose an existing account.");
            sources["account.name"] = lead.FirstName is null ? "lead.lastName" : "lead.firstName, lead.lastName";
            return account with { Name = lead.FullName };
        }
    }

    private static string NameOf<TEnum>(TEnum value) where TEnum : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static LeadStatus? ConvertedStatus(ConversionRequest request, IReadOnlyCollection<LeadStatus> statuses, FieldErrors errors)
    {
        var converted = statuses.Where(status => status is { IsConverted: true, IsActive: true }).OrderBy(status => status.Sort).ToList();
        var chosen = request.ConvertedStatus is { } name
            ? converted.FirstOrDefault(status => string.Equals(status.Name, name.Trim(), StringComparison.OrdinalIgnoreCase))
            : converted.FirstOrDefault();
        if (chosen is null)
        {
            errors.Add("convertedStatus", request.ConvertedStatus is { } wrong
                ? $"“{wrong}” is not a status that is flagged as converted. These are: {string.Join(", ", converted.Select(status => status.Name))}."
                : "No active status is flagged as converted. An administrator has to add one in Setup.");
        }
        return chosen;
    }

    /// <summary>Accounts, contacts and opportunities need a person who is active (C5).</summary>
    private static Guid Owner(Lead lead, ConversionRequest request, IDirectory directory, Actor actor, FieldErrors errors)
    {
        if ((request.OwnerId ?? lead.OwnerId) is not { } ownerId)
        {
            errors.Add("ownerId", "A queue holds this lead, but accounts, contacts and opportunities need a person: name the owner.");
            return actor.UserId;   // only so that the participants can be asked about the rest
        }
        var owner = directory.FindUser(ownerId);
        if (owner is null) errors.Add("ownerId", "There is no such user.");
        else if (!owner.IsActive) errors.Add("ownerId", $"{owner.Name} is inactive and cannot own records: name another owner.");
        return ownerId;
    }
}
