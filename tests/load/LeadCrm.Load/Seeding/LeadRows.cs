using Npgsql;

namespace LeadCrm.Load.Seeding;

/// <summary>Leads with their signals, first status and history, and what the service knows of accounts and opportunities.</summary>
internal static class LeadRows
{
    private static readonly (string Status, int Percent)[] Spread = [("New", 34), ("Working", 30), ("Nurturing", 14), ("Qualified", 8), ("Not Qualified", 14)];

    public static async Task Write(Organisation organisation)
    {
        var database = organisation.Database("leads-db");
        var statuses = await Statuses(database);
        await Leads(organisation, database, statuses);
        await Signals(organisation, database);
        await StatusLog(organisation, database, statuses["New"]);
        await History(organisation, database);
        await KnownRecords(organisation, database);
    }

    private static async Task Leads(Organisation organisation, string database, Dictionary<string, Guid> statuses)
    {
        var people = new People(2);
        await using var leads = await CopyTable.Open(database,
            "leads (id, conversion, version, created_at, updated_at, first_name, last_name, company, title, email, phone, website, city, country, industry, annual_revenue, revenue_currency, employees, source, rating, description, do_not_call, email_opt_out, owner_id, assigned_at, status_id, status_since, held_status_id, not_qualified_reason, follow_up_on, campaign_id)");
        foreach (var (lead, i) in organisation.Leads.Select((lead, i) => (lead, i)))
        {
            var (place, names, company) = (people.Place(), lead.Name.Split(' ', 2), people.Company(lead.Account));
            var status = Status(people);
            var turnedDown = status == "Not Qualified";
            DateOnly? again = turnedDown ? DateOnly.FromDateTime(organisation.Now.UtcDateTime).AddDays(30 + people.Next(60)) : null;
            if (again is { } day) organisation.FollowUps.Add((lead, day));
            var revenue = people.In(25) ? (decimal?)(people.Next(500) + 1) * 10_000m : null;
            leads.Row(lead.Id, "None", 1L, lead.CreatedAt, lead.CreatedAt, names[0], names[1], $"{company} {place.Form}", people.In(80) ? people.Title() : null,
                people.In(92) ? $"{names[0]}.{names[1]}{i}@{People.Domain(company)}".ToLowerInvariant() : null, people.In(66) ? people.Phone(place.Phone) : null,
                people.In(50) ? "https://" + People.Domain(company) : null, place.City, place.Country, people.Industry(), revenue, revenue is null ? null : "USD",
                people.In(45) ? people.Next(3_000) + 1 : null, people.Source(), people.In(30) ? "Warm" : null, people.In(20) ? "Asked for an offer; wants to be called back." : null,
                people.In(3), people.In(5), lead.Owner, lead.CreatedAt, statuses[status], lead.CreatedAt,
                turnedDown ? statuses["Working"] : null, turnedDown ? "No budget" : null, again,
                people.In(35) ? people.Any(organisation.Campaigns).Id : null);
        }
        await leads.Complete();
    }

    private static async Task Signals(Organisation organisation, string database)
    {
        var people = new People(3);
        await using var signals = await CopyTable.Open(database, "lead_signals (lead_id, unread, score, grade, last_touch_at, next_activity_at)");
        foreach (var lead in organisation.Leads)
            signals.Row(lead.Id, people.In(30), people.In(70) ? people.Next(101) : null, people.In(50) ? "ABCDF"[people.Next(5)].ToString() : null,
                people.In(60) ? people.Within(organisation.Now, 60) : null, people.In(25) ? organisation.Now.AddDays(people.Next(30)) : null);
        await signals.Complete();
    }

    private static async Task StatusLog(Organisation organisation, string database, Guid newStatus)
    {
        var people = new People(4);
        await using var log = await CopyTable.Open(database, "lead_status_log (id, lead_id, from_status_id, to_status_id, actor_id, operation_id, at)");
        foreach (var lead in organisation.Leads) log.Row(people.Id(lead.CreatedAt), lead.Id, null, newStatus, lead.Owner, null, lead.CreatedAt);
        await log.Complete();
    }

    private static async Task History(Organisation organisation, string database)
    {
        var people = new People(5);
        await using var history = await CopyTable.Open(database, "platform.field_history (id, record_type, record_id, version, kind, at, actor_id, operation_id, changes:jsonb)");
        foreach (var lead in organisation.Leads)
            history.Row(people.Id(lead.CreatedAt), "lead", lead.Id, 1L, "created", lead.CreatedAt, lead.Owner, null, $"{{\"lastName\": {{\"new\": \"{lead.Name.Split(' ', 2)[1]}\"}}}}");
        await history.Complete();
    }

    private static async Task KnownRecords(Organisation organisation, string database)
    {
        await using (var accounts = await CopyTable.Open(database, "known_accounts (id, version, name, website, owner_id, is_deleted)", ifNew: true))
        {
            foreach (var account in organisation.Accounts) accounts.Row(account.Id, 1L, account.FullName, "https://" + People.Domain(account.Name), account.Owner, false);
            await accounts.Complete();
        }
        await using var opportunities = await CopyTable.Open(database, "known_opportunities (id, version, account_id, name, stage, amount, currency, close_date, owner_id, is_open)", ifNew: true);
        foreach (var opportunity in organisation.Opportunities)
            opportunities.Row(opportunity.Id, 1L, organisation.Accounts[opportunity.Account].Id, opportunity.Name, "Prospecting", 10_000m, "USD", DateOnly.FromDateTime(organisation.Now.UtcDateTime), opportunity.Owner, true);
        await opportunities.Complete();
    }

    private static string Status(People people)
    {
        var at = people.Next(100);
        foreach (var (status, percent) in Spread)
            if ((at -= percent) < 0) return status;
        return "New";
    }

    private static async Task<Dictionary<string, Guid>> Statuses(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select name, id from lead_statuses", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var statuses = new Dictionary<string, Guid>(StringComparer.Ordinal);
        while (await reader.ReadAsync()) statuses[reader.GetString(0)] = reader.GetGuid(1);
        return statuses;
    }
}
