using LeadCrm.Accounts.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Campaigns.Tests.Functional;

/// <summary>Memberships follow merged contacts (AC4), Accounts' events in whatever order they come.</summary>
public sealed class ContactMergeTests(CampaignsApp app) : IClassFixture<CampaignsApp>
{
    [Fact]
    public async Task AC4i_memberships_move_to_the_survivor_merge_where_it_is_a_member_too_and_an_undo_gives_both_back()
    {
        var (one, two, loser, survivor) = (await app.Campaign("One"), await app.Campaign("Two"), await app.Contact("Cora"), await app.Contact("Cora C."));
        var early = await app.Me.Join(one.Id, contactId: loser, statusId: one["Responded"]);
        var own = await app.Me.Join(one.Id, contactId: survivor);
        var only = await app.Me.Join(two.Id, contactId: loser);

        await Tell(loser, 5, survivor);

        await Eventually.Is(async () => (await app.Me.Members(two.Id)).Single().ContactId == survivor, "the membership moved");
        var merged = (await app.Me.Members(one.Id)).ShouldHaveSingleItem();
        (merged.Id, merged.ContactId, merged.Status, merged.FirstRespondedAt, merged.CreatedAt).ShouldBe((own.Id, survivor, "Responded", early.FirstRespondedAt, early.CreatedAt));
        (await app.Me.Members(two.Id)).Single().Id.ShouldBe(only.Id);

        await Tell(loser, 6, null);

        await Eventually.Is(async () => (await app.Me.Members(two.Id)).Single().ContactId == loser, "the membership is back");
        var both = (await app.Me.Members(one.Id)).OrderBy(m => m.ContactId == loser).ToList();
        both.Select(m => (m.Id, m.ContactId, m.Status)).ShouldBe([(own.Id, survivor, own.Status), (early.Id, loser, "Responded")]);
        both[0].FirstRespondedAt.ShouldBeNull();
        both[1].FirstRespondedAt.ShouldBe(early.FirstRespondedAt);
    }

    [Fact]
    public async Task AC4i_a_chain_of_merges_ends_with_the_last_survivor_in_whatever_order_it_is_told_and_comes_apart_again()
    {
        var (campaign, one, two, three) = (await app.Campaign(), await app.Contact("One"), await app.Contact("Two"), await app.Contact("Three"));
        var member = await app.Me.Join(campaign.Id, contactId: one);
        async Task Is(Guid contact) => await Eventually.Is(async () => await app.Me.Members(campaign.Id) is [{ } now] && now.ContactId == contact && now.Id == member.Id, $"the member is {contact}");

        await Tell(two, 5, three);
        await Tell(one, 5, two);
        await Is(three);
        await Tell(two, 6, null);
        await Is(two);
        await Tell(one, 6, null);
        await Is(one);
    }

    [Fact]
    public async Task AC4i_a_lead_that_was_converted_joins_as_the_survivor_of_its_contact()
    {
        var (campaign, lead, contact, survivor) = (await app.Campaign(), await app.Lead(), await app.Contact(), await app.Contact());
        await app.Convert(lead, contact);
        await Tell(contact, 5, survivor);
        await Eventually.Is(() => app.Database.Scalar<bool>("select exists (select from contact_merges where contact_id = $1 and moved_to = $2)", contact, survivor), "the merge is known");

        (await app.Me.Join(campaign.Id, lead)).ContactId.ShouldBe(survivor);
    }

    [Fact]
    public async Task AC4i_a_conversion_that_is_heard_of_after_its_contact_was_merged_gives_the_survivor_what_was_the_leads()
    {
        var (shared, own, lead, contact, survivor) = (await app.Campaign("Shared"), await app.Campaign("Own"), await app.Lead(), await app.Contact(), await app.Contact());
        var (ofContact, ofLead) = (await app.Me.Join(shared.Id, contactId: contact), await app.Me.Join(own.Id, lead));
        await app.Me.Join(shared.Id, lead, statusId: shared["Responded"]);
        await Tell(contact, 5, survivor);
        await Eventually.Is(async () => (await app.Me.Members(shared.Id)).Any(m => m.ContactId == survivor), "the merge is known");

        var answer = await app.Convert(lead, contact);

        (answer.Moved, answer.Merged).ShouldBe((1, 1));
        var member = (await app.Me.Members(shared.Id)).ShouldHaveSingleItem();
        (member.Id, member.ContactId, member.Status).ShouldBe((ofContact.Id, survivor, "Responded"));
        (await app.Me.Members(own.Id)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(m => m.Id.ShouldBe(ofLead.Id), m => m.ContactId.ShouldBe(survivor));

        await Tell(contact, 6, null);
        await Eventually.Is(async () => (await app.Me.Members(own.Id)).Single().ContactId == contact && (await app.Me.Members(shared.Id)).Single().ContactId == contact, "the contact has all of it again");
    }

    private Task Tell(Guid contact, long version, Guid? mergedInto) => app.Bus.Publish(new ContactChanged
    {
        Kind = mergedInto is null ? ChangeKind.Restored : ChangeKind.Deleted, ContactId = contact, Version = version, LastName = "Contact", OwnerId = CampaignsApp.Marketer.Id, MergedIntoId = mergedInto,
        At = DateTimeOffset.UtcNow,
    }, CampaignsApp.Marketer);
}
