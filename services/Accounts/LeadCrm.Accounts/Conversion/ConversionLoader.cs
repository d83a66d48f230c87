using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.Accounts.Duplicates;
using LeadCrm.Accounts.Normalising;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Accounts.Conversion;

/// <summary>What was answered to a conversion before.</summary>
internal sealed record StoredAnswer(ConversionStepState State, string? Answer);

/// <summary>
/// Loads what a conversion's decision needs: one round trip when both records are new, one more for each record that exists.
/// </summary>
internal sealed class ConversionLoader(AccountsDb db, DuplicateFinder duplicates, ConversionCustomFacts custom, IVisibility visibility, IDirectory directory)
{
    private const string StepAndRecords = """
        select s.state, s.answer, exists (select 1 from accounts where id = $2), exists (select 1 from contacts where id = $3)
        from (select $1::uuid as id) asked left join conversion_steps s on s.conversion_id = asked.id
        """;

    /// <summary>The facts as the current actor may know them, and the earlier answer when the conversion has been here before.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="permissions">Permissions of the acting user, null when there is no such active user.</param>
    /// <param name="lockRecords">True in the step: existing records stay as they are until its commit.</param>
    /// <param name="ct">Ends the queries.</param>
    public async Task<(StoredAnswer? Stored, ConversionFacts Facts)> Load(
        CreateAccountAndContact command, IReadOnlySet<string>? permissions, bool lockRecords, CancellationToken ct)
    {
        var (stored, accountExists, contactExists, matches) = await LoadOverview(command, ct);
        if (stored is not null) return (stored, new ConversionFacts());

        // Always the account first: two conversions into the same pair wait for each other instead of dying of it.
        var account = accountExists ? (await db.Accounts.FromSqlRaw(Select("accounts", lockRecords), command.AccountId).IgnoreQueryFilters().ToListAsync(ct)).SingleOrDefault() : null;
        var contact = contactExists ? (await db.Contacts.FromSqlRaw(Select("contacts", lockRecords), command.ContactId).IgnoreQueryFilters().ToListAsync(ct)).SingleOrDefault() : null;
        // An existing record that the acting user may not see is not there; a new one may be another conversion's, which brings the same.
        var (accounts, contacts) = (visibility.Of("account"), visibility.Of("contact"));
        if (!command.CreateAccount && account is not null && !accounts.CanSee(account.OwnerId)) account = null;
        if (!command.CreateContact && contact is not null && !contacts.CanSee(contact.OwnerId)) contact = null;
        return (null, await custom.Complete(command, new ConversionFacts
        {
            AccountIsEditable = command.CreateAccount || account is null || accounts.CanEdit(account.OwnerId),
            ContactIsEditable = command.CreateContact || contact is null || contacts.CanEdit(contact.OwnerId),
            Permissions = permissions,
            OwnerIsActive = directory.FindUser(command.OwnerId) is { IsActive: true },
            Account = account,
            Contact = contact,
            Matches = matches,
            AccountRule = duplicates.Options.Accounts,
            ContactRule = duplicates.Options.Contacts,
        }, willWrite: lockRecords, ct));
    }

    private static string Select(string table, bool lockRecords) => $"select * from {table} where id = {{0}}" + (lockRecords ? " for update" : "");

    private async Task<(StoredAnswer? Stored, bool AccountExists, bool ContactExists, IReadOnlyList<DuplicateMatch> Matches)> LoadOverview(
        CreateAccountAndContact command, CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            await using var batch = duplicates.CreateBatch();
            batch.BatchCommands.Add(new NpgsqlBatchCommand(StepAndRecords)
            {
                Parameters = { new() { Value = command.ConversionId }, new() { Value = command.AccountId }, new() { Value = command.ContactId } },
            });
            duplicates.AddTo(batch, QueryFor(command));

            await using var reader = await batch.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            var stored = reader.IsDBNull(0) ? null : new StoredAnswer(Enum.Parse<ConversionStepState>(reader.GetString(0)), reader.IsDBNull(1) ? null : reader.GetString(1));
            var (accountExists, contactExists) = (reader.GetBoolean(2), reader.GetBoolean(3));
            await reader.NextResultAsync(ct);
            return (stored, accountExists, contactExists, await duplicates.Read(reader, ct));
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>Names are looked for only where a record would be created; e-mail, phone and website also where they may fill a blank (C23).</summary>
    internal static DuplicateQuery QueryFor(CreateAccountAndContact command)
    {
        static void Ignore(string field, string message) { }
        var email = Normalise.Email(command.Contact.Email, "email", Ignore);
        var country = Normalise.Country(command.Contact.MailingAddress?.Country, "country", Ignore);
        string?[] phones = [Normalise.Phone(command.Contact.Phone, country, "phone", Ignore), Normalise.Phone(command.Contact.Mobile, country, "mobile", Ignore)];
        string?[] domains = [Domains.OfWebsite(command.Account.Website?.Trim()), command.CreateAccount ? Domains.OfEmail(email) : null];
        return new DuplicateQuery
        {
            AccountName = command.CreateAccount ? MatchNames.Company(command.Account.Name) : null,
            Domains = [.. domains.OfType<string>().Distinct()],
            Email = email,
            Phones = [.. phones.OfType<string>().Distinct()],
            ContactName = command.CreateContact ? MatchNames.Person(command.Contact.FirstName, command.Contact.LastName) : null,
            AtAccountId = command.CreateAccount ? null : command.AccountId,
        };
    }
}
