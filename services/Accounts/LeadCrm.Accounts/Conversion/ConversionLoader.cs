using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.Accounts.Duplicates;
using LeadCrm.Accounts.Normalising;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Accounts.Conversion;

/// <summary>What was answered to a conversion before.</summary>
internal sealed record StoredAnswer(ConversionStepState State, string? Answer);

/// <summary>Who converts.</summary>
internal static class ActingUsers
{
    /// <summary>The command's user, on behalf of the conversion, and the user's permissions: null when nobody active has that id.</summary>
    public static (Actor Actor, IReadOnlySet<string>? Permissions) ActingUser(this CreateAccountAndContact command, IDirectory directory)
    {
        var user = directory.FindUser(command.ActingUserId) is { IsActive: true } active ? active : null;
        return (new Actor
        {
            UserId = command.ActingUserId, Name = user?.Name ?? "", Permissions = user?.Permissions ?? new HashSet<string>(), OperationId = command.ConversionId,
        }, user?.Permissions);
    }
}

/// <summary>What was found for one command, and who asked for it.</summary>
internal sealed record AskedConversion(
    CreateAccountAndContact Command, Actor Actor, IReadOnlySet<string>? Permissions, StoredAnswer? Stored, IReadOnlyList<DuplicateMatch> Matches);

/// <summary>
/// Loads what the decisions of some conversions need: one round trip when all their records are new, two more when some exist, however many
/// conversions there are.
/// </summary>
internal sealed class ConversionLoader(AccountsDb db, DuplicateFinder duplicates, CustomValues custom, IVisibility visibility, IDirectory directory, TimeProvider clock)
{
    private const string StepsAndRecords = """
        select s.state, s.answer, exists (select 1 from accounts where id = asked.account), exists (select 1 from contacts where id = asked.contact)
        from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as asked(conversion, account, contact, place)
        left join conversion_steps s on s.conversion_id = asked.conversion order by asked.place
        """;

    /// <summary>How long a check stands in for the costly half of the step's own search, the one for similar names.</summary>
    private static readonly TimeSpan CheckHolds = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Guid, Account> accounts = [];
    private readonly Dictionary<Guid, Contact> contacts = [];
    private bool willWrite;

    /// <summary>Loads for all commands, in their order.</summary>
    /// <param name="commands">What is asked.</param>
    /// <param name="actorOf">Who asks for a command, with the permissions that count; null permissions when there is no such active user.</param>
    /// <param name="lockRecords">True in the step: existing records stay as they are until its commit.</param>
    /// <param name="ct">Ends the queries.</param>
    public async Task<IReadOnlyList<AskedConversion>> Load(
        IReadOnlyList<CreateAccountAndContact> commands, Func<CreateAccountAndContact, (Actor Actor, IReadOnlySet<string>? Permissions)> actorOf,
        bool lockRecords, CancellationToken ct)
    {
        accounts.Clear();
        contacts.Clear();
        willWrite = lockRecords;
        var asked = commands.Select(command => (Command: command, Who: actorOf(command))).ToList();
        var found = await LoadOverview(asked.ConvertAll(a => (a.Command, a.Who.Actor)), ct);

        // Always the accounts first, in the order of their ids: conversions into the same records wait for each other instead of dying of it.
        Guid[] existing = [.. commands.Where((_, i) => found[i].AccountExists).Select(c => c.AccountId).Distinct()];
        if (existing.Length > 0)
            foreach (var account in await db.Accounts.FromSqlRaw(Select("accounts", lockRecords), existing).IgnoreQueryFilters().ToListAsync(ct)) accounts[account.Id] = account;
        existing = [.. commands.Where((_, i) => found[i].ContactExists).Select(c => c.ContactId).Distinct()];
        if (existing.Length > 0)
            foreach (var contact in await db.Contacts.FromSqlRaw(Select("contacts", lockRecords), existing).IgnoreQueryFilters().ToListAsync(ct)) contacts[contact.Id] = contact;

        return [.. asked.Select((a, i) => new AskedConversion(a.Command, a.Who.Actor, a.Who.Permissions, found[i].Stored, found[i].Matches))];
    }

    /// <summary>The facts as the asking user may know them, with what earlier conversions of the chunk have made.</summary>
    public async Task<ConversionFacts> FactsFor(AskedConversion asked, CancellationToken ct)
    {
        using var acting = Actor.Use(asked.Actor);
        var command = asked.Command;
        var (account, contact) = (accounts.GetValueOrDefault(command.AccountId), contacts.GetValueOrDefault(command.ContactId));
        // An existing record that the acting user may not see is not there; a new one may be another conversion's, which brings the same.
        var (seenAccounts, seenContacts) = (visibility.Of("account"), visibility.Of("contact"));
        if (!command.CreateAccount && account is not null && !seenAccounts.CanSee(account.OwnerId)) account = null;
        if (!command.CreateContact && contact is not null && !seenContacts.CanSee(contact.OwnerId)) contact = null;
        return new ConversionFacts
        {
            AccountIsEditable = command.CreateAccount || account is null || seenAccounts.CanEdit(account.OwnerId),
            ContactIsEditable = command.CreateContact || contact is null || seenContacts.CanEdit(contact.OwnerId),
            Permissions = asked.Permissions,
            OwnerIsActive = directory.FindUser(command.OwnerId) is { IsActive: true },
            Account = account,
            Contact = contact,
            Matches = asked.Matches,
            AccountRule = duplicates.Options.Accounts,
            ContactRule = duplicates.Options.Contacts,
            AccountCustom = await custom.Facts("account", command.Account.Custom, command.CreateAccount && account is null, willWrite, checkLookups: true, ct),
            ContactCustom = await custom.Facts("contact", command.Contact.Custom, command.CreateContact && contact is null, willWrite, checkLookups: true, ct),
        };
    }

    /// <summary>What one conversion of the chunk makes is there for those that come after it: leads of one company share a new account.</summary>
    public void Made(Account? account, Contact? contact)
    {
        if (account is not null) accounts[account.Id] = account;
        if (contact is not null) contacts[contact.Id] = contact;
    }

    private static string Select(string table, bool lockRecords) => $"select * from {table} where id = any({{0}}) order by id" + (lockRecords ? " for update" : "");

    private async Task<List<(StoredAnswer? Stored, bool AccountExists, bool ContactExists, IReadOnlyList<DuplicateMatch> Matches)>> LoadOverview(
        List<(CreateAccountAndContact Command, Actor Actor)> asked, CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            await using var batch = duplicates.CreateBatch();
            batch.BatchCommands.Add(new NpgsqlBatchCommand(StepsAndRecords)
            {
                Parameters = { Ids(a => a.Command.ConversionId), Ids(a => a.Command.AccountId), Ids(a => a.Command.ContactId) },
            });
            duplicates.Begin(batch);
            // Each finds what its user may see; mostly it is the same one for all.
            var searches = asked.Select((a, place) => (a.Actor, Query: SearchFor(a.Command), Place: place)).GroupBy(search => (search.Actor.UserId, search.Query.SimilarAccountNames)).ToList();
            foreach (var search in searches)
            {
                using var acting = Actor.Use(search.First().Actor);
                duplicates.AddTo(batch, [.. search.Select(one => one.Query)]);
            }

            List<(StoredAnswer? Stored, bool AccountExists, bool ContactExists)> overview = [];
            await using var reader = await batch.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                var stored = reader.IsDBNull(0) ? null : new StoredAnswer(Enum.Parse<ConversionStepState>(reader.GetString(0)), reader.IsDBNull(1) ? null : reader.GetString(1));
                overview.Add((stored, reader.GetBoolean(2), reader.GetBoolean(3)));
            }
            await reader.NextResultAsync(ct);
            var matches = new IReadOnlyList<DuplicateMatch>[asked.Count];
            foreach (var search in searches)
                foreach (var (one, found) in search.Zip(await duplicates.Read(reader, search.Count(), ct))) matches[one.Place] = found;
            return overview.Select((one, place) => (one.Stored, one.AccountExists, one.ContactExists, matches[place])).ToList();
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }

        NpgsqlParameter Ids(Func<(CreateAccountAndContact Command, Actor Actor), Guid> id) => new() { Value = asked.Select(id).ToArray() };
    }

    private DuplicateQuery SearchFor(CreateAccountAndContact command) =>
        QueryFor(command) with { SimilarAccountNames = !willWrite || clock.GetUtcNow() - command.CheckedAt is not { } age || age > CheckHolds };

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
