namespace LeadCrm.Load.Seeding;

/// <summary>Campaigns with their statuses and members, and what the service knows of leads, contacts and opportunities.</summary>
internal static class CampaignRows
{
    public static async Task Write(Organisation organisation, int members)
    {
        var people = new People(7);
        var database = organisation.Database("campaigns-db");
        var today = DateOnly.FromDateTime(organisation.Now.UtcDateTime);
        await using (var campaigns = await CopyTable.Open(database, "campaigns (id, version, name, type, status, starts_on, ends_on, budget, currency, owner_id, created_at, updated_at)"))
        {
            foreach (var campaign in organisation.Campaigns)
                campaigns.Row(campaign.Id, 1L, campaign.Name, "E-mail", people.In(40) ? "InProgress" : "Completed", today.AddDays(-people.Next(600)), today.AddDays(people.Next(60)),
                    (decimal)(people.Next(90) + 10) * 1_000m, "USD", campaign.Owner, campaign.CreatedAt, campaign.CreatedAt);
            await campaigns.Complete();
        }
        var statuses = organisation.Campaigns.Select(campaign => (Sent: people.Id(campaign.CreatedAt), Responded: people.Id(campaign.CreatedAt))).ToArray();
        await using (var rows = await CopyTable.Open(database, "member_statuses (id, campaign_id, name, position, is_default, is_responded)"))
        {
            foreach (var (campaign, status) in organisation.Campaigns.Zip(statuses))
            {
                rows.Row(status.Sent, campaign.Id, "Sent", 0, true, false);
                rows.Row(status.Responded, campaign.Id, "Responded", 1, false, true);
            }
            await rows.Complete();
        }

        await using (var rows = await CopyTable.Open(database, "campaign_members (id, version, campaign_id, person_type, person_id, status_id, first_responded_at, created_at, updated_at)"))
        {
            // Each campaign takes neighbours from the list, as a filter over a list would, so nobody is a member twice.
            var each = members / organisation.Campaigns.Length;
            for (var c = 0; c < organisation.Campaigns.Length; c++)
            {
                var (campaign, status) = (organisation.Campaigns[c], statuses[c]);
                var (leads, contacts) = (each * 4 / 5, each / 5);
                var (fromLead, fromContact) = (people.Next(organisation.Leads.Length), people.Next(organisation.Contacts.Length));
                for (var i = 0; i < leads + contacts; i++)
                {
                    var isLead = i < leads;
                    var person = isLead ? organisation.Leads[(fromLead + i) % organisation.Leads.Length] : organisation.Contacts[(fromContact + i) % organisation.Contacts.Length];
                    var responded = people.In(8);
                    rows.Row(people.Id(campaign.CreatedAt), 1L, campaign.Id, isLead ? "lead" : "contact", person.Id, responded ? status.Responded : status.Sent,
                        responded ? campaign.CreatedAt.AddDays(2) : null, campaign.CreatedAt, campaign.CreatedAt);
                }
            }
            await rows.Complete();
        }

        await using (var opportunities = await CopyTable.Open(database, "opportunity_refs (id, version, name, account_id, stage, stage_category, amount, currency, close_date)", ifNew: true))
        {
            foreach (var opportunity in organisation.Opportunities)
                opportunities.Row(opportunity.Id, 1L, opportunity.Name, organisation.Accounts[opportunity.Account].Id, "Prospecting", "open", 10_000m, "USD", today);
            await opportunities.Complete();
        }
        await Seeder.Access(database, "lead", organisation.Leads, organisation.Now);
        await Seeder.Access(database, "contact", organisation.Contacts, organisation.Now);
        await Seeder.Access(database, "opportunity", organisation.Opportunities, organisation.Now);
    }
}
