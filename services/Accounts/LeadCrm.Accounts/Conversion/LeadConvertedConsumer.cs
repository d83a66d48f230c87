using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using LeadConverted = LeadCrm.Leads.Contracts.LeadConverted;

namespace LeadCrm.Accounts.Conversion;

/// <summary>
/// The conversion is past its pivot: what it made here stops being provisional, its events go out (C26), and the saga hears of it. One
/// statement reads and writes all of it.
/// </summary>
internal sealed class LeadConvertedConsumer(AccountsDb db, ILogger<LeadConvertedConsumer> log) : IConsumer<LeadConverted>
{
    // A record shared with another pending conversion is revealed with the first of them: from then on it stays.
    private const string Reveal = """
        with step as (
            update conversion_steps set state = 'Revealed', ended_at = now() where conversion_id = $1 and state = 'Pending'
            returning account_id, contact_id, account_created, contact_created
        ), shown_account as (
            update accounts a set pending_conversion_id = null from step where a.id = step.account_id and a.pending_conversion_id is not null
        ), shown_contact as (
            update contacts c set pending_conversion_id = null from step where c.id = step.contact_id and c.pending_conversion_id is not null
        )
        select step.account_created, step.contact_created,
               a.id, a.version, a.deleted_at is not null, a.name, a.owner_id, a.parent_account_id, a.industry, a.website, a.phone, a.primary_contact_id,
               c.id, c.version, c.deleted_at is not null, c.account_id, c.first_name, c.last_name, c.email, c.phone, c.owner_id, a.custom, c.custom
        from step join accounts a on a.id = step.account_id join contacts c on c.id = step.contact_id
        """;

    public async Task Consume(ConsumeContext<LeadConverted> context)
    {
        var (message, ct) = (context.Message, context.CancellationToken);
        var (account, contact) = await RevealRecords(message, ct);
        if (account is not null && contact is not null)
        {
            await context.PublishFor(account.AccountId, account, ct);
            await context.PublishFor(contact.ContactId, contact, ct);
        }
        else if (await db.ConversionSteps.Where(s => s.ConversionId == message.ConversionId).Select(s => (ConversionStepState?)s.State).FirstOrDefaultAsync(ct)
                 is not ConversionStepState.Revealed and var state)
        {
            // Nothing is claimed that was not done: the saga keeps asking and shows up among the old ones, where an operator looks.
            log.LogError("Lead {LeadId} was converted by {ConversionId}, which has nothing to reveal here (state: {State})", message.Lead.LeadId, message.ConversionId, state);
            return;
        }
        await context.PublishFor(message.ConversionId, new AccountAndContactRevealed { ConversionId = message.ConversionId }, ct);
    }

    private async Task<(AccountChanged? Account, ContactChanged? Contact)> RevealRecords(LeadConverted message, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Reveal, (NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction())
        {
            Parameters = { new() { Value = message.ConversionId } },
        };
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct)) return default;

        Guid? Id(int column) => row.IsDBNull(column) ? null : row.GetGuid(column);
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        ChangeKind Kind(bool created, bool deleted) => deleted ? ChangeKind.Deleted : created ? ChangeKind.Created : ChangeKind.Updated;

        var account = new AccountChanged
        {
            Kind = Kind(row.GetBoolean(0), row.GetBoolean(4)), ConversionId = message.ConversionId, Sequence = 1, ActorId = message.ActorId, At = message.At,
            AccountId = row.GetGuid(2), Version = row.GetInt64(3), Name = row.GetString(5), OwnerId = row.GetGuid(6), ParentAccountId = Id(7),
            Industry = Text(8), Website = Text(9), Phone = Text(10), PrimaryContactId = Id(11), Custom = CustomJson.Texts(Text(21)),
        };
        var contact = new ContactChanged
        {
            Kind = Kind(row.GetBoolean(1), row.GetBoolean(14)), ConversionId = message.ConversionId, Sequence = 2, ActorId = message.ActorId, At = message.At,
            ContactId = row.GetGuid(12), Version = row.GetInt64(13), AccountId = Id(15), FirstName = Text(16), LastName = row.GetString(17), Email = Text(18),
            Phone = Text(19), OwnerId = row.GetGuid(20), Custom = CustomJson.Texts(Text(22)),
        };
        return (account, contact);
    }
}
