using System.Text.Json;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;

namespace LeadCrm.Accounts.Conversion;

/// <summary>
/// Step 1 of some conversions: creates or fills account and contact of each, remembers how to undo it, and answers all at once. One commit. Each
/// is decided by itself; one that is refused is a refusal in the answer and nothing to the others.
/// </summary>
internal sealed class CreateAccountAndContactConsumer(AccountsDb db, ConversionLoader loader, IDirectory directory, TimeProvider clock)
    : IConsumer<CreateAccountsAndContacts>, IConsumer<CreateAccountAndContact>
{
    public Task Consume(ConsumeContext<CreateAccountsAndContacts> context) => context.InOneGo(db, context.Message.Items,
        items => Take(context, items), item => new CreateAccountsAndContacts { Items = [item] });

    /// <summary>What was sent by a version that sent single commands.</summary>
    public Task Consume(ConsumeContext<CreateAccountAndContact> context) => Take(context, [context.Message]);

    private async Task Take(ConsumeContext context, IReadOnlyList<CreateAccountAndContact> commands)
    {
        List<AccountAndContactReady> ready = [];
        List<AccountAndContactRefused> refused = [];
        foreach (var asked in await loader.Load(commands, command => command.ActingUser(directory), lockRecords: true, context.CancellationToken))
        {
            if (asked.Stored is { } stored)
            {
                Repeat(asked.Command.ConversionId, stored, ready, refused);
                continue;
            }
            var facts = await loader.FactsFor(asked, context.CancellationToken);
            var decision = ConversionDecision.Decide(asked.Command, facts, clock.GetUtcNow());
            if (decision.IsAccepted) ready.Add(CarryOut(asked, facts, decision));
            else refused.Add(Refuse(asked.Command, decision));
        }
        await context.PublishFor(commands[0].ConversionId, new AccountsAndContactsAnswered { Ready = ready, Refused = refused }, context.CancellationToken);
        await db.SaveChangesAsync(context.CancellationToken);
    }

    private AccountAndContactReady CarryOut(AskedConversion asked, ConversionFacts facts, ConversionDecision decision)
    {
        var (command, now) = (asked.Command, clock.GetUtcNow());
        if (decision.NewAccount is not null) db.Accounts.Add(decision.NewAccount.ChangedBy(asked.Actor));
        if (decision.NewContact is not null) db.Contacts.Add(decision.NewContact.ChangedBy(asked.Actor));
        loader.Made(decision.NewAccount, decision.NewContact);

        var accountFilled = decision.Fill("account", facts.Account, Accounts.Account.Fillable);
        var contactFilled = decision.Fill("contact", facts.Contact, Contacts.Contact.Fillable);
        if (accountFilled) facts.Account!.ChangedBy(asked.Actor).Touch(command.ActingUserId, now);
        if (contactFilled) facts.Contact!.ChangedBy(asked.Actor).Touch(command.ActingUserId, now);

        var answer = new AccountAndContactReady
        {
            ConversionId = command.ConversionId,
            AccountId = command.AccountId,
            AccountName = decision.AccountName!,
            AccountCreated = decision.NewAccount is not null,
            AccountUpdated = accountFilled,
            ContactId = command.ContactId,
            ContactName = decision.ContactName!,
            ContactCreated = decision.NewContact is not null,
            ContactUpdated = contactFilled,
            Provenance = decision.Provenance,
        };
        db.ConversionSteps.Add(new ConversionStep
        {
            ConversionId = command.ConversionId,
            LeadId = command.LeadId,
            State = ConversionStepState.Pending,
            AccountId = command.AccountId,
            ContactId = command.ContactId,
            AccountCreated = answer.AccountCreated,
            ContactCreated = answer.ContactCreated,
            AccountVersion = VersionAfter(facts.Account?.Version, accountFilled),
            ContactVersion = VersionAfter(facts.Contact?.Version, contactFilled),
            Filled = decision.Filled,
            Answer = JsonSerializer.Serialize(answer, Json.Options),
            StartedAt = now,
        });
        return answer;
    }

    /// <summary>The record's version once this is saved; 0 is one that another conversion of the chunk makes.</summary>
    private static long VersionAfter(long? version, bool filled) => version is null or 0 ? 1 : version.Value + (filled ? 1 : 0);

    private AccountAndContactRefused Refuse(CreateAccountAndContact command, ConversionDecision decision)
    {
        var now = clock.GetUtcNow();
        var answer = new AccountAndContactRefused
        {
            ConversionId = command.ConversionId, Status = decision.Status, Reason = decision.Reason!, Violations = decision.Violations, Candidates = decision.Undecided, Warnings = decision.Warnings,
        };
        // Kept, so that the same command, sent again after the saga has moved on, cannot succeed behind its back.
        db.ConversionSteps.Add(new ConversionStep
        {
            ConversionId = command.ConversionId,
            LeadId = command.LeadId,
            State = ConversionStepState.Refused,
            Answer = JsonSerializer.Serialize(answer, Json.Options),
            StartedAt = now,
            EndedAt = now,
        });
        return answer;
    }

    private static void Repeat(Guid id, StoredAnswer stored, List<AccountAndContactReady> ready, List<AccountAndContactRefused> refused)
    {
        switch (stored.State)
        {
            case ConversionStepState.Undone or ConversionStepState.Retracted:
                refused.Add(new AccountAndContactRefused { ConversionId = id, Status = 409, Reason = "This conversion was undone already; start a new one." });
                break;
            case ConversionStepState.Refused:
                refused.Add(JsonSerializer.Deserialize<AccountAndContactRefused>(stored.Answer!, Json.Options)!);
                break;
            default:
                ready.Add(JsonSerializer.Deserialize<AccountAndContactReady>(stored.Answer!, Json.Options)!);
                break;
        }
    }
}
