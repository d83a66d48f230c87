namespace LeadCrm.Load.Seeding;

/// <summary>Accounts and contacts.</summary>
internal static class AccountRows
{
    public static async Task Write(Organisation organisation)
    {
        var people = new People(1);
        var database = organisation.Database("accounts-db");
        await using (var accounts = await CopyTable.Open(database,
            "accounts (id, version, name, type, industry, annual_revenue, revenue_currency, employees, website, phone, billing_city, billing_country, rating, source, owner_id, team:jsonb, created_at, updated_at, match_name, match_domain)"))
        {
            for (var i = 0; i < organisation.Accounts.Length; i++)
            {
                var place = people.Place();
                var account = organisation.Accounts[i] = organisation.Accounts[i] with { Form = place.Form };
                var domain = People.Domain(account.Name);
                var revenue = people.In(40) ? (decimal?)(people.Next(900) + 1) * 10_000m : null;
                accounts.Row(account.Id, 1L, account.FullName, people.In(50) ? "Customer" : "Prospect", people.Industry(), revenue, revenue is null ? null : "USD",
                    people.In(60) ? people.Next(2_000) + 1 : null, "https://" + domain, people.In(80) ? people.Phone(place.Phone) : null, place.City, place.Country,
                    people.In(30) ? "Hot" : null, people.Source(), account.Owner, "[]", account.CreatedAt, account.CreatedAt, account.Name.ToLowerInvariant(), domain);
            }
            await accounts.Complete();
        }

        await using var contacts = await CopyTable.Open(database,
            "contacts (id, version, account_id, first_name, last_name, title, email, phone, mailing_city, mailing_country, source, do_not_call, email_opt_out, owner_id, further_accounts:jsonb, created_at, updated_at, match_name)");
        foreach (var (contact, i) in organisation.Contacts.Select((contact, i) => (contact, i)))
        {
            var place = people.Place();
            var names = contact.Name.Split(' ', 2);
            contacts.Row(contact.Id, 1L, organisation.Accounts[contact.Account].Id, names[0], names[1], people.Title(),
                $"{names[0]}.{names[1]}{i}@{People.Domain(organisation.Accounts[contact.Account].Name)}".ToLowerInvariant(), people.In(70) ? people.Phone(place.Phone) : null,
                place.City, place.Country, people.Source(), people.In(4), people.In(6), contact.Owner, "[]", contact.CreatedAt, contact.CreatedAt, contact.Name.ToLowerInvariant());
        }
        await contacts.Complete();
    }
}
