using FsCheck;
using FsCheck.Fluent;
using LeadCrm.Campaigns.Conversion;
using LeadCrm.Campaigns.Data;
using LeadCrm.Leads.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace LeadCrm.Campaigns.Tests.Functional;

/// <summary>Whatever memberships a lead and a contact have, what the SQL makes of them is what C18 says.</summary>
[Collection(nameof(OneApp))]
public sealed class MergePropertyTests(CampaignsApp app)
{
    private const int Statuses = 4;
    private static readonly DateTime Day = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>A membership: place of its status, days of its first response and of joining; responses are the statuses from <see cref="FirstResponse"/> on.</summary>
    public sealed record Row(int Status, int? RespondedOn, int JoinedOn);

    /// <summary>What lead and contact are in one campaign.</summary>
    public sealed record InCampaign(int FirstResponse, Row? Lead, Row? Contact);

    [Fact]
    public void C18_merging_takes_the_most_advanced_status_and_the_earliest_response_for_any_memberships()
    {
        var rows = from status in Gen.Choose(0, Statuses - 1)
                   from responded in Gen.Frequency((1, Gen.Constant<int?>(null)), (2, Gen.Choose(0, 50).Select(d => (int?)d)))
                   from joined in Gen.Choose(0, 50)
                   select new Row(status, responded, joined);
        var perhaps = Gen.Frequency((1, Gen.Constant<Row?>(null)), (3, rows.Select(r => (Row?)r)));
        var campaigns = from firstResponse in Gen.Choose(1, Statuses - 1) from lead in perhaps from contact in perhaps select new InCampaign(firstResponse, lead, contact);
        var any = Gen.ListOf(campaigns).Select(list => list.Take(8).ToArray()).ToArbitrary();

        Prop.ForAll(any, memberships => Holds(memberships).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private async Task<bool> Holds(InCampaign[] memberships)
    {
        var (lead, contact) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CampaignsDb>();
        await using var neverCommitted = await db.Database.BeginTransactionAsync();
        var statuses = new List<Guid[]>();
        foreach (var membership in memberships) statuses.Add(await Store(db, membership, lead, contact));

        var (moved, merged) = await scope.ServiceProvider.GetRequiredService<MoveMemberships>().Run(new LeadConverted
        {
            ConversionId = Guid.CreateVersion7(), Lead = CampaignsApp.State(lead), AccountId = Guid.NewGuid(), AccountCreated = true, ContactId = contact, ContactCreated = true,
            OwnerId = Guid.NewGuid(), ActorId = Guid.NewGuid(), At = DateTimeOffset.UtcNow,
        }, CancellationToken.None);

        var after = (await db.Members.AsNoTracking().Where(m => m.PersonId == contact || m.PersonId == lead).ToListAsync()).ToLookup(m => m.StatusId);
        moved.ShouldBe(memberships.Count(m => m is { Lead: not null, Contact: null }));
        merged.ShouldBe(memberships.Count(m => m is { Lead: not null, Contact: not null }));
        after.Sum(g => g.Count()).ShouldBe(memberships.Count(m => (m.Lead ?? m.Contact) is not null));
        foreach (var (membership, ids) in memberships.Zip(statuses).Where(m => (m.First.Lead ?? m.First.Contact) is not null))
        {
            var expected = Expected(membership);
            var member = ids.SelectMany(id => after[id]).ShouldHaveSingleItem();
            (member.PersonType, member.PersonId, member.StatusId).ShouldBe(("contact", contact, ids[expected.Status]));
            (member.FirstRespondedAt, member.CreatedAt).ShouldBe((expected.RespondedOn is { } day ? new DateTimeOffset(Day.AddDays(day)) : (DateTimeOffset?)null, new DateTimeOffset(Day.AddDays(expected.JoinedOn))));
        }
        return true;
    }

    /// <summary>C18 in plain words.</summary>
    private static Row Expected(InCampaign membership)
    {
        if (membership is not { Lead: { } lead, Contact: { } contact }) return (membership.Lead ?? membership.Contact)!;
        int[] responses = [.. new[] { lead.RespondedOn, contact.RespondedOn }.OfType<int>()];
        return new Row(Math.Max(lead.Status, contact.Status), responses.Length == 0 ? null : responses.Min(), Math.Min(lead.JoinedOn, contact.JoinedOn));
    }

    private static async Task<Guid[]> Store(CampaignsDb db, InCampaign membership, Guid lead, Guid contact)
    {
        var (campaign, statuses) = (Guid.CreateVersion7(), Enumerable.Range(0, Statuses).Select(_ => Guid.CreateVersion7()).ToArray());
        await db.Database.ExecuteSqlAsync($"""
            insert into campaigns (id, version, name, status, owner_id, created_at, updated_at) values ({campaign}, 1, 'Any', 'Planned', {lead}, now(), now())
            """);
        for (var i = 0; i < Statuses; i++)
            await db.Database.ExecuteSqlAsync($"""
                insert into member_statuses (id, campaign_id, name, position, is_default, is_responded)
                values ({statuses[i]}, {campaign}, {"Status " + i}, {i}, {i == 0}, {i >= membership.FirstResponse})
                """);
        foreach (var (type, person, row) in new[] { ("lead", lead, membership.Lead), ("contact", contact, membership.Contact) })
        {
            if (row is null) continue;
            DateTime? responded = row.RespondedOn is { } day ? Day.AddDays(day) : null;
            await db.Database.ExecuteSqlAsync($"""
                insert into campaign_members (id, version, campaign_id, person_type, person_id, status_id, first_responded_at, created_at, updated_at)
                values ({Guid.CreateVersion7()}, 1, {campaign}, {type}, {person}, {statuses[row.Status]}, {responded}, {Day.AddDays(row.JoinedOn)}, now())
                """);
        }
        return statuses;
    }
}
