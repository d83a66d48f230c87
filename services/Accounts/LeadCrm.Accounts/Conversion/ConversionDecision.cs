using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Duplicates;
using LeadCrm.ServiceDefaults.CustomFields;

namespace LeadCrm.Accounts.Conversion;

/// <summary>What there is when a conversion asks: all that the decision needs to know.</summary>
internal sealed record ConversionFacts
{
    /// <summary>Permissions of the acting user; null when nobody active has that id.</summary>
    public IReadOnlySet<string>? Permissions { get; init; }
    /// <summary>Whether the owner is an active user.</summary>
    public bool OwnerIsActive { get; init; }
    /// <summary>The record under the account's id, in whatever state, if there is one.</summary>
    public Account? Account { get; init; }
    /// <summary>The record under the contact's id.</summary>
    public Contact? Contact { get; init; }
    /// <summary>Whether the acting user may change the existing account.</summary>
    public bool AccountIsEditable { get; init; } = true;
    /// <summary>Whether the acting user may change the existing contact.</summary>
    public bool ContactIsEditable { get; init; } = true;
    /// <summary>What custom fields of the account add to the decision.</summary>
    public CustomFacts AccountCustom { get; init; } = new(CustomFieldSet.None("account"));
    /// <summary>The same of the contact.</summary>
    public CustomFacts ContactCustom { get; init; } = new(CustomFieldSet.None("contact"));
    /// <summary>Records that may be the same, above the threshold.</summary>
    public IReadOnlyList<DuplicateMatch> Matches { get; init; } = [];
    /// <summary>What follows from a candidate for the new account (C22).</summary>
    public DuplicateAction AccountRule { get; init; } = DuplicateAction.Alert;
    /// <summary>What follows from a candidate for the new contact.</summary>
    public DuplicateAction ContactRule { get; init; } = DuplicateAction.Alert;
}

/// <summary>What step 1 would do, or why it does not.</summary>
internal sealed record ConversionDecision
{
    public int Status { get; init; } = 200;
    public string? Reason { get; init; }
    public IReadOnlyList<Violation> Violations { get; init; } = [];
    /// <summary>All candidates for what would be created.</summary>
    public IReadOnlyList<DuplicateCandidate> Candidates { get; init; } = [];
    /// <summary>Those of them that nobody has decided about.</summary>
    public IReadOnlyList<DuplicateCandidate> Undecided { get; init; } = [];
    public IReadOnlyList<string> Warnings { get; init; } = [];
    public IReadOnlyList<FieldProvenance> Provenance { get; init; } = [];
    /// <summary>The account to insert; null when there is one.</summary>
    public Account? NewAccount { get; init; }
    /// <summary>The contact to insert; null when there is one.</summary>
    public Contact? NewContact { get; init; }
    /// <summary>Values to write into existing records, and those found as they would have been written.</summary>
    public IReadOnlyList<FilledField> Filled { get; init; } = [];
    public string? AccountName { get; init; }
    public string? ContactName { get; init; }

    public bool IsAccepted => Status == 200;

    /// <summary>
    /// The one place where a conversion's account and contact are decided: the check (step 0) shows the outcome, the step carries it out.
    /// Pure: the same facts give the same decision.
    /// </summary>
    public static ConversionDecision Decide(CreateAccountAndContact command, ConversionFacts facts, DateTimeOffset now)
    {
        if (MissingPermission(command, facts) is { } forbidden) return new ConversionDecision { Status = 403, Reason = forbidden };
        if (UnusableTarget(command, facts) is { } conflict) return new ConversionDecision { Status = 409, Reason = conflict };

        // Another conversion may bring the same new account (one id for a batch): whoever comes second uses the first one's.
        var newAccount = command.CreateAccount && facts.Account is null;
        var newContact = command.CreateContact && facts.Contact is null;

        List<Violation> violations = [.. BrokenLinks(command, facts, newAccount, newContact)];
        var account = AccountPlan(command, facts, newAccount, now);
        var contact = ContactPlan(command, facts, newContact, now);
        violations.AddRange(account.Violations);
        violations.AddRange(contact.Violations);

        var matches = facts.Matches.Where(m => m.RecordId != command.AccountId && m.RecordId != command.ContactId).ToList();
        var candidates = matches.Where(m => m.IsAccount ? newAccount : newContact)
            .Select(m => m.ToCandidate() with { Blocks = RuleOf(m.RecordType) == DuplicateAction.Block }).ToList();
        var undecided = candidates.Where(c => RuleOf(c.RecordType) != DuplicateAction.Allow && DecisionAbout(command, c) is null).ToList();
        violations.AddRange(candidates.Where(c => c.Blocks && DecisionAbout(command, c) == "createAnyway").Select(c => new Violation
        {
            Record = c.RecordType, Field = "decisions", Message = $"No {c.RecordType} can be created beside '{c.Name}', for the rule that found it blocks. Use it, or cancel.",
        }));
        violations.AddRange(candidates.Where(c => DecisionAbout(command, c) == "useExisting").Select(c => new Violation
        {
            Record = c.RecordType, Field = "decisions", Message = $"To use the existing {c.RecordType} '{c.Name}', name it as the {c.RecordType} instead of creating one.",
        }));

        var decision = new ConversionDecision
        {
            Violations = violations,
            Candidates = candidates,
            Undecided = undecided,
            Warnings = [.. Collisions(account.Filled.Concat(contact.Filled), matches)],
            Provenance = [.. account.Provenance, .. contact.Provenance],
            Filled = [.. account.Filled, .. contact.Filled],
            NewAccount = newAccount ? account.Proposal : null,
            NewContact = newContact ? contact.Proposal : null,
            AccountName = facts.Account?.Name ?? account.Proposal.Name,
            ContactName = facts.Contact?.FullName ?? contact.Proposal.FullName,
        };
        if (violations.Count > 0) return decision with { Status = 422, Reason = "Some values of the account or contact need attention: see violations." };
        if (command.Decisions.Any(d => d.Decision == "cancel")) return decision with { Status = 409, Reason = "The conversion was cancelled because of a duplicate candidate." };
        if (undecided.Count > 0)
            return decision with { Status = 409, Reason = "Similar records exist already: decide for each of them whether to use it or to create a new one anyway." };
        return decision.Warnings.Count > 0 && !command.AcceptWarnings
            ? decision with { Status = 409, Reason = "Values that would be filled in are those of other records as well: see warnings. To convert all the same, accept them." }
            : decision;

        DuplicateAction RuleOf(string record) => record == "account" ? facts.AccountRule : facts.ContactRule;
    }

    /// <summary>Writes the filled values into the existing record; false when there is nothing to write.</summary>
    public bool Fill<TRecord>(string record, TRecord? existing, IReadOnlyList<FillableField<TRecord>> fields) where TRecord : class, IHasCustomValues
    {
        var changes = Filled.Where(f => f.Changed && f.Record == record).ToList();
        foreach (var change in changes) fields.Named(change.Field).Write(existing!, change.After);
        return changes.Count > 0;
    }

    private static string? MissingPermission(CreateAccountAndContact command, ConversionFacts facts)
    {
        if (facts.Permissions is not { } permissions) return "The user who converts is not an active user here.";
        string[] needed = [command.CreateAccount ? "accounts.create" : "accounts.edit", command.CreateContact ? "contacts.create" : "contacts.edit"];
        var missing = needed.Where(p => !permissions.Contains(p)).ToList();
        if (missing.Count > 0) return $"This conversion needs permissions that you do not have: {string.Join(", ", missing)}.";
        if (!facts.AccountIsEditable) return $"You may see the account '{facts.Account!.Name}' but not change it: it belongs to somebody else.";
        if (!facts.ContactIsEditable) return $"You may see the contact '{facts.Contact!.FullName}' but not change it: it belongs to somebody else.";
        return null;
    }

    private static string? UnusableTarget(CreateAccountAndContact command, ConversionFacts facts)
    {
        if (facts.Account is { MergedIntoId: { } survivor }) return $"The account '{facts.Account.Name}' was merged into another one. Choose that one: {survivor}.";
        if (facts.Contact is { MergedIntoId: { } person }) return $"The contact '{facts.Contact.FullName}' was merged into another one. Choose that one: {person}.";
        if (facts.Account is { DeletedAt: not null }) return $"The account '{facts.Account.Name}' is in the recycle bin. Restore it or choose another.";
        if (facts.Contact is { DeletedAt: not null }) return $"The contact '{facts.Contact.FullName}' is in the recycle bin. Restore it or choose another.";
        if (!command.CreateAccount && IsOthers(facts.Account?.PendingConversionId)) return "The account is being made by another conversion that is not finished yet. Try again when it is.";
        if (!command.CreateContact && IsOthers(facts.Contact?.PendingConversionId)) return "The contact is being made by another conversion that is not finished yet. Try again when it is.";
        return null;

        bool IsOthers(Guid? pending) => pending is not null && pending != command.ConversionId;
    }

    private static IEnumerable<Violation> BrokenLinks(CreateAccountAndContact command, ConversionFacts facts, bool newAccount, bool newContact)
    {
        if (!command.CreateAccount && facts.Account is null) yield return new() { Record = "account", Field = "accountId", Message = "There is no such account." };
        if (!command.CreateContact && facts.Contact is null) yield return new() { Record = "contact", Field = "contactId", Message = "There is no such contact." };
        if (!command.CreateContact && command.CreateAccount)
            yield return new() { Record = "contact", Field = "contactId", Message = "An existing contact can only be used together with its existing account: choose that account." };
        else if (facts.Contact is { } contact && !contact.IsAt(command.AccountId))
            yield return new() { Record = "contact", Field = "contactId", Message = $"The contact '{contact.FullName}' does not belong to this account." };
        if ((newAccount || newContact) && !facts.OwnerIsActive)
            yield return new() { Record = newAccount ? "account" : "contact", Field = "ownerId", Message = "The owner must be an active user." };
    }

    private static RecordPlan<Account> AccountPlan(CreateAccountAndContact command, ConversionFacts facts, bool isNew, DateTimeOffset now)
    {
        List<Violation> violations = [];
        var values = command.Account;
        var input = new AccountInput
        {
            Name = values.Name, Industry = values.Industry, AnnualRevenue = values.AnnualRevenue, RevenueCurrency = values.RevenueCurrency, Employees = values.Employees,
            Website = values.Website, Phone = values.Phone, Fax = values.Fax, Rating = values.Rating, Source = values.Source, BillingAddress = values.BillingAddress,
            Type = values.Type, OtherPhone = values.OtherPhone, Description = values.Description,
            Custom = facts.AccountCustom.Values(values.Custom, isNew, (field, message) => violations.Add(new Violation { Record = "account", Field = field, Message = message })),
        }.Normalised((field, message) => violations.Add(new Violation { Record = "account", Field = field, Message = message }));

        var proposal = Account.Create(command.AccountId, input, command.OwnerId, command.ActingUserId, now, command.ConversionId);
        proposal.SetPrimaryContact(command.ContactId, command.ActingUserId, now);   // only an account without one takes it (C19)
        return RecordPlan<Account>.Make("account", Account.Fillable.With(facts.AccountCustom.Fields), proposal, isNew ? null : facts.Account, [], violations);
    }

    private static RecordPlan<Contact> ContactPlan(CreateAccountAndContact command, ConversionFacts facts, bool isNew, DateTimeOffset now)
    {
        List<Violation> violations = [];
        var values = command.Contact;
        var input = new ContactInput
        {
            AccountId = command.AccountId, Salutation = values.Salutation, FirstName = values.FirstName, LastName = values.LastName, Title = values.Title,
            Email = values.Email, Phone = values.Phone, Mobile = values.Mobile, Fax = values.Fax, MailingAddress = values.MailingAddress,
            Description = values.Description, Source = values.Source, DoNotCall = values.DoNotCall, EmailOptOut = values.EmailOptOut,
            Department = values.Department,
            Custom = facts.ContactCustom.Values(values.Custom, isNew, (field, message) => violations.Add(new Violation { Record = "contact", Field = field, Message = message })),
        }.Normalised((field, message) => violations.Add(new Violation { Record = "contact", Field = field, Message = message }));

        var proposal = Contact.Create(command.ContactId, input, command.OwnerId, command.ActingUserId, now, command.ConversionId);
        return RecordPlan<Contact>.Make("contact", Contact.Fillable.With(facts.ContactCustom.Fields), proposal, isNew ? null : facts.Contact, command.OverwriteLeadSource ? ["source"] : [], violations);
    }

    private static string? DecisionAbout(CreateAccountAndContact command, DuplicateCandidate candidate) =>
        command.Decisions.FirstOrDefault(d => d.RecordId == candidate.RecordId && d.RecordType == candidate.RecordType)?.Decision;

    /// <summary>Filling a blank may make the record look like a third one: worth a warning, no reason to stop (C23).</summary>
    private static IEnumerable<string> Collisions(IEnumerable<FilledField> filled, List<DuplicateMatch> matches)
    {
        foreach (var field in filled.Where(f => f.Changed))
            foreach (var match in matches.Where(m => (m.RecordType, field.Record, field.Field) switch
            {
                ("contact", "contact", "email") => m.SameEmail,
                ("contact", "contact", "phone" or "mobile") => m.SamePhone,
                ("account", "account", "website") => m.SameDomain,
                _ => false,
            }))
                yield return $"{field.Field} '{field.After}' will then be that of the {match.RecordType} '{match.Name}' as well.";
    }
}
