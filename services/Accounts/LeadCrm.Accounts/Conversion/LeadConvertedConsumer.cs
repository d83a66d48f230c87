using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using LeadConverted = LeadCrm.Leads.Contracts.LeadConverted;
using LeadsConverted = LeadCrm.Leads.Contracts.LeadsConverted;

namespace LeadCrm.Accounts.Conversion;

/// <summary>
/// Conversions are past their pivot: what they made here stops being provisional and everybody hears of it (C26), the saga too, in one message. One
/// statement reads and writes all of it.
/// </summary>
internal sealed class LeadConvertedConsumer(AccountsDb db, ILogger<LeadConvertedConsumer> log) : IConsumer<LeadsConverted>, IConsumer<LeadConverted>
{
    // A record shared with another pending conversion is revealed with the first of them: from then on it stays.
    private const string Reveal = """
        with step as (
            update conversion_steps set state = 'Revealed', ended_at = now() where conversion_id = any($1) and state = 'Pending'
            returning conversion_id, account_id, contact_id, account_created, contact_created
        ), shown_account as (
            update accounts a set pending_conversion_id = null from step where a.id = step.account_id and a.pending_conversion_id is not null
        ), shown_contact as (
            update contacts c set pending_conversion_id = null from step where c.id = step.contact_id and c.pending_conversion_id is not null
        )
        select step.account_created, step.contact_created,
               a.id, a.version, a.deleted_at is not null, a.name, a.owner_id, a.parent_account_id, a.industry, a.website, a.phone, a.primary_contact_id,
               c.id, c.version, c.deleted_at is not null, c.account_id, c.first_name, c.last_name, c.email, c.phone, c.owner_id, step.conversion_id,
               a.custom, c.custom
        from step join accounts a on a.id = step.account_id join contacts c on c.id = step.contact_id
        """;

    public Task Consume(ConsumeContext<LeadsConverted> context) => Take(context, context.Message.Items);

    /// <summary>What was sent by a version that sent single events.</summary>
    public Task Consume(ConsumeContext<LeadConverted> context) => Take(context, [context.Message]);

    private async Task Take(ConsumeContext context, IReadOnlyList<LeadConverted> leads)
    {
        var ct = context.CancellationToken;
        var revealed = await RevealRecords(leads.ToDictionary(lead => lead.ConversionId), ct);
        var there = revealed.Select(one => one.ConversionId).ToHashSet();
        Guid[] before = [.. leads.Select(lead => lead.ConversionId).Where(id => !there.Contains(id))];
        if (before.Length > 0)
        {
            var states = await db.ConversionSteps.Where(s => before.Contains(s.ConversionId)).ToDictionaryAsync(s => s.ConversionId, s => s.State, ct);
            there.UnionWith(states.Where(step => step.Value == ConversionStepState.Revealed).Select(step => step.Key));
            // Nothing is claimed that was not done: the saga keeps asking and shows up among the old ones, where an operator looks.
            foreach (var lead in leads.Where(lead => !there.Contains(lead.ConversionId)))
                log.LogError("Lead {LeadId} was converted by {ConversionId}, which has nothing to reveal here (state: {State})",
                    lead.Lead.LeadId, lead.ConversionId, states.TryGetValue(lead.ConversionId, out var state) ? state : null);
        }
        if (there.Count == 0) return;
        await context.PublishFor(leads[0].ConversionId, new AccountsAndContactsRevealed
        {
            Items = [.. leads.Where(lead => there.Contains(lead.ConversionId)).Select(lead => new AccountAndContactRevealed { ConversionId = lead.ConversionId })],
            Accounts = [.. revealed.Select(one => one.Account)],
            Contacts = [.. revealed.Select(one => one.Contact)],
        }, ct);
    }

    private async Task<List<(Guid ConversionId, AccountChanged Account, ContactChanged Contact)>> RevealRecords(Dictionary<Guid, LeadConverted> leads, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Reveal, (NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction())
        {
            Parameters = { new() { Value = leads.Keys.ToArray() } },
        };
        List<(Guid, AccountChanged, ContactChanged)> revealed = [];
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var lead = leads[row.GetGuid(21)];
            revealed.Add((lead.ConversionId, AccountOf(row, lead), ContactOf(row, lead)));
        }
        return revealed;
    }

    private static AccountChanged AccountOf(NpgsqlDataReader row, LeadConverted lead) => new()
    {
        Kind = Kind(row.GetBoolean(0), row.GetBoolean(4)), ConversionId = lead.ConversionId, Sequence = 1, ActorId = lead.ActorId, At = lead.At,
        AccountId = row.GetGuid(2), Version = row.GetInt64(3), Name = row.GetString(5), OwnerId = row.GetGuid(6), ParentAccountId = Id(row, 7),
        Industry = Text(row, 8), Website = Text(row, 9), Phone = Text(row, 10), PrimaryContactId = Id(row, 11), Custom = CustomJson.Texts(Text(row, 22)),
    };

    private static ContactChanged ContactOf(NpgsqlDataReader row, LeadConverted lead) => new()
    {
        Kind = Kind(row.GetBoolean(1), row.GetBoolean(14)), ConversionId = lead.ConversionId, Sequence = 2, ActorId = lead.ActorId, At = lead.At,
        ContactId = row.GetGuid(12), Version = row.GetInt64(13), AccountId = Id(row, 15), FirstName = Text(row, 16), LastName = row.GetString(17), Email = Text(row, 18),
        Phone = Text(row, 19), OwnerId = row.GetGuid(20), Custom = CustomJson.Texts(Text(row, 23)),
    };

    private static ChangeKind Kind(bool created, bool deleted) => deleted ? ChangeKind.Deleted : created ? ChangeKind.Created : ChangeKind.Updated;

    private static Guid? Id(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
