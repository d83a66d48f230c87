using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;

namespace LeadCrm.Accounts.Tests.Functional;

/// <summary>What the saga would say.</summary>
internal static class ConversionCommands
{
    /// <summary>Letters that no other test uses, so that nothing here is a duplicate by chance.</summary>
    public static string Letters => string.Concat(Guid.NewGuid().ToByteArray().Select(b => (char)('a' + (b % 26))));

    /// <summary>A new account and a new contact.</summary>
    public static CreateAccountAndContact NewBoth()
    {
        var name = Letters;
        return new CreateAccountAndContact
        {
            ConversionId = Guid.CreateVersion7(), LeadId = Guid.CreateVersion7(), ActingUserId = TestUser.Rep.Id, OwnerId = TestUser.OtherRep.Id,
            AccountId = Guid.CreateVersion7(), CreateAccount = true, ContactId = Guid.CreateVersion7(), CreateContact = true,
            Account = new AccountValues { Name = name, Industry = "Retail", Website = $"{name}.example" },
            Contact = new ContactValues { FirstName = Letters, LastName = Letters, Email = $"{name}@{name}.example", Source = "Web" },
        };
    }

    public static CreateAccountAndContact Into(this CreateAccountAndContact command, Guid accountId, Guid? contactId = null) => command with
    {
        AccountId = accountId, CreateAccount = false, ContactId = contactId ?? command.ContactId, CreateContact = contactId is null,
    };

    /// <summary>Sends step 1 and waits for its answer: <see cref="AccountAndContactReady"/> or <see cref="AccountAndContactRefused"/>.</summary>
    public static async Task<object> Step(this AccountsApp app, CreateAccountAndContact command, int answersBefore = 0)
    {
        await app.Bus.Publish(command, TestUser.Rep);
        return await Eventually.Get(
            () => Task.FromResult(app.Answers(command.ConversionId).Skip(answersBefore).FirstOrDefault()), $"an answer; the service said:\n{app.Log}", TimeSpan.FromSeconds(60));
    }

    public static IEnumerable<object> Answers(this AccountsApp app, Guid conversionId) =>
        app.Bus.All<AccountAndContactReady>().Where(m => m.ConversionId == conversionId).Cast<object>()
            .Concat(app.Bus.All<AccountAndContactRefused>().Where(m => m.ConversionId == conversionId));

    public static async Task<AccountAndContactReady> Ready(this AccountsApp app, CreateAccountAndContact command) =>
        await app.Step(command) as AccountAndContactReady ?? throw new InvalidOperationException($"Refused: {string.Join("; ", app.Answers(command.ConversionId))}");

    public static async Task Undo(this AccountsApp app, Guid conversionId, int answersBefore = 0)
    {
        await app.Bus.Publish(new UndoAccountAndContact { ConversionId = conversionId }, TestUser.Rep);
        await Eventually.Is(() => Task.FromResult(app.Bus.All<AccountAndContactUndone>().Count(m => m.ConversionId == conversionId) > answersBefore), "it is undone", TimeSpan.FromSeconds(60));
    }

    public static async Task Reveal(this AccountsApp app, CreateAccountAndContact command, int answersBefore = 0)
    {
        await app.Bus.Publish(Converted(command), TestUser.Rep);
        await Eventually.Is(() => Task.FromResult(app.Bus.All<AccountAndContactRevealed>().Count(m => m.ConversionId == command.ConversionId) > answersBefore), "it is revealed", TimeSpan.FromSeconds(60));
    }

    public static LeadConverted Converted(CreateAccountAndContact command) => new()
    {
        ConversionId = command.ConversionId,
        Lead = new LeadState { LeadId = command.LeadId, Version = 3, LastName = command.Contact.LastName ?? "", Status = "Converted", StatusCategory = "converted", IsConverted = true },
        AccountId = command.AccountId, AccountCreated = command.CreateAccount, ContactId = command.ContactId, ContactCreated = command.CreateContact,
        OwnerId = command.OwnerId, ActorId = command.ActingUserId, At = DateTimeOffset.UtcNow,
    };
}
