using Npgsql;

namespace LeadCrm.Load.Seeding;

/// <summary>Opportunities with a primary contact and their first stage, and the names of accounts and contacts.</summary>
internal static class OpportunityRows
{
    private sealed record Stage(Guid Id, string Name, int Probability, string Category, string Forecast);

    public static async Task Write(Organisation organisation)
    {
        var database = organisation.Database("opportunities-db");
        var stages = await Stages(database);
        await using (var accounts = await CopyTable.Open(database, "account_refs (id, version, name, is_deleted)", ifNew: true))
        {
            foreach (var account in organisation.Accounts) accounts.Row(account.Id, 1L, account.FullName, false);
            await accounts.Complete();
        }
        await using (var contacts = await CopyTable.Open(database, "contact_refs (id, version, name, account_id, is_deleted)", ifNew: true))
        {
            foreach (var contact in organisation.Contacts) contacts.Row(contact.Id, 1L, contact.Name, organisation.Accounts[contact.Account].Id, false);
            await contacts.Complete();
        }

        var people = new People(6);
        await using var opportunities = await CopyTable.Open(database,
            "opportunities (id, version, name, account_id, amount, currency, close_date, stage_id, stage_entered_at, probability, forecast_category, source, primary_campaign_id, owner_id, team:jsonb, competitors, close_reason, closed_at, created_at, updated_at)");
        await using var moves = await CopyTable.Open(database, "stage_moves (id, opportunity_id, kind, to_stage_id, to_stage, amount, currency, probability, actor_id, at)");
        await using var roles = await CopyTable.Open(database, "contact_roles (opportunity_id, contact_id, role, is_primary, added_at)");
        var contactOf = organisation.Contacts.GroupBy(contact => contact.Account).ToDictionary(group => group.Key, group => group.First().Id);
        foreach (var opportunity in organisation.Opportunities)
        {
            var stage = stages[people.Next(stages.Count)];
            var amount = (decimal?)(people.Next(400) + 1) * 250m;
            var closed = stage.Category != "Open";
            opportunities.Row(opportunity.Id, 1L, opportunity.Name, organisation.Accounts[opportunity.Account].Id, amount, "USD",
                DateOnly.FromDateTime(opportunity.CreatedAt.UtcDateTime).AddDays(90), stage.Id, opportunity.CreatedAt, stage.Probability, stage.Forecast, people.Source(),
                people.In(30) ? people.Any(organisation.Campaigns).Id : null, opportunity.Owner, "[]", Array.Empty<string>(), closed ? "Price" : null,
                closed ? opportunity.CreatedAt.AddDays(30) : null, opportunity.CreatedAt, opportunity.CreatedAt);
            moves.Row(people.Id(opportunity.CreatedAt), opportunity.Id, "Created", stage.Id, stage.Name, amount, "USD", stage.Probability, opportunity.Owner, opportunity.CreatedAt);
            if (contactOf.TryGetValue(opportunity.Account, out var contact)) roles.Row(opportunity.Id, contact, "Other", true, opportunity.CreatedAt);
        }
        await opportunities.Complete();
        await opportunities.DisposeAsync();
        await moves.Complete();
        await roles.Complete();
    }

    private static async Task<List<Stage>> Stages(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select s.id, s.name, s.probability, s.category, s.forecast_category from stages s join pipelines p on p.id = s.pipeline_id where p.is_default order by s.position", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var stages = new List<Stage>();
        while (await reader.ReadAsync()) stages.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.GetString(4)));
        return stages;
    }
}
