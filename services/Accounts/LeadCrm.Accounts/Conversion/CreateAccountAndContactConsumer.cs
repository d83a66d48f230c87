using System.Text.Json;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;

namespace LeadCrm.Accounts.Conversion;

/// <summary>Step 1 of a conversion: creates or fills account and contact, remembers how to undo it, and answers. One commit.</summary>
internal sealed class CreateAccountAndContactConsumer(AccountsDb db, ConversionLoader loader, IDirectory directory, TimeProvider clock)
    : IConsumer<CreateAccountAndContact>
{
    public async Task Consume(ConsumeContext<CreateAccountAndContact> context)
    {
        var (command, ct) = (context.Message, context.CancellationToken);
        var user = directory.FindUser(command.ActingUserId) is { IsActive: true } active ? active : null;
        using var acting = Actor.Use(new Actor
        {
            UserId = command.ActingUserId, Name = user?.Name ?? "", Permissions = user?.Permissions ?? new HashSet<string>(), OperationId = command.ConversionId,
        });
        var (stored, facts) = await loader.Load(command, user?.Permissions, lockRecords: true, ct);
        if (stored is not null)
        {
            await Repeat(context, stored);
            return;
        }

        var decision = ConversionDecision.Decide(command, facts, clock.GetUtcNow());
        if (decision.IsAccepted) await CarryOut(context, facts, decision);
        else await Refuse(context, decision);
        await db.SaveChangesAsync(ct);
    }

    private async Task CarryOut(ConsumeContext<CreateAccountAndContact> context, ConversionFacts facts, ConversionDecision decision)
    {
        var (command, now) = (context.Message, clock.GetUtcNow());
        if (decision.NewAccount is not null) db.Accounts.Add(decision.NewAccount);
        if (decision.NewContact is not null) db.Contacts.Add(decision.NewContact);

        var accountFilled = decision.Fill("account", facts.Account, Accounts.Account.Fillable);
        var contactFilled = decision.Fill("contact", facts.Contact, Contacts.Contact.Fillable);
        if (accountFilled) facts.Account!.Touch(command.ActingUserId, now);
        if (contactFilled) facts.Contact!.Touch(command.ActingUserId, now);

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
            AccountVersion = facts.Account is { } account ? account.Version + (accountFilled ? 1 : 0) : 1,
            ContactVersion = facts.Contact is { } contact ? contact.Version + (contactFilled ? 1 : 0) : 1,
            Filled = decision.Filled,
            Answer = JsonSerializer.Serialize(answer, Json.Options),
            StartedAt = now,
        });
        await context.PublishFor(command.ConversionId, answer, context.CancellationToken);
    }

    private async Task Refuse(ConsumeContext<CreateAccountAndContact> context, ConversionDecision decision)
    {
        var (command, now) = (context.Message, clock.GetUtcNow());
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
        await context.PublishFor(command.ConversionId, answer, context.CancellationToken);
    }

    private static Task Repeat(ConsumeContext<CreateAccountAndContact> context, StoredAnswer stored)
    {
        var (id, ct) = (context.Message.ConversionId, context.CancellationToken);
        return stored.State switch
        {
            ConversionStepState.Undone or ConversionStepState.Retracted => context.PublishFor(id, new AccountAndContactRefused
            {
                ConversionId = id, Status = 409, Reason = "This conversion was undone already; start a new one.",
            }, ct),
            ConversionStepState.Refused => context.PublishFor(id, JsonSerializer.Deserialize<AccountAndContactRefused>(stored.Answer!, Json.Options)!, ct),
            _ => context.PublishFor(id, JsonSerializer.Deserialize<AccountAndContactReady>(stored.Answer!, Json.Options)!, ct),
        };
    }
}
