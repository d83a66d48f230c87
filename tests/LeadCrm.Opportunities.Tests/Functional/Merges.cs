using System.Net;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;
using ChangeKind = LeadCrm.Accounts.Contracts.ChangeKind;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>Opportunities follow merged accounts and contacts (AC4), Accounts' events in whatever order they come.</summary>
[Collection(nameof(OneApp))]
public sealed class Merges(OpportunitiesApp app) : IAsyncLifetime
{
    private TestBus _bus = null!;

    public async ValueTask InitializeAsync() => _bus = await TestBus.Connect(app.Broker, typeof(Contracts.OpportunityChanged));

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task AC4h_a_deal_follows_its_account_through_a_chain_of_merges_and_back_and_tells_of_it()
    {
        var (one, two, three) = (await app.Account("One"), await app.Account("Two"), await app.Account("Three"));
        var (deal, own) = (await app.Deal(accountId: one), await app.Deal(accountId: two));

        await Account(two, 5, three);
        await On(own.Id, three);
        await Account(one, 5, two);
        await On(deal.Id, three);
        (await app.Rep.Get($"/api/opportunities/{deal.Id}"))["accountName"].GetString().ShouldBe("Three");
        await Eventually.Is(() => Task.FromResult(_bus.All<Contracts.OpportunityChanged>().Any(m => m.OpportunityId == deal.Id && m.AccountId == three && m.Version == 2)), "the move is told");
        (await app.Rep.Post("/api/opportunities", new { name = "Late", accountId = one })).ShouldBe(HttpStatusCode.UnprocessableEntity);

        await Account(two, 6, null);
        await On(own.Id, two);
        await On(deal.Id, two);
        await Account(one, 6, null);
        await On(deal.Id, one);
    }

    [Fact]
    public async Task AC4h_a_deal_that_somebody_gave_to_another_account_since_stays_there()
    {
        var (loser, survivor, other) = (await app.Account(), await app.Account(), await app.Account());
        var deal = await app.Deal(accountId: loser);
        await Account(loser, 5, survivor);
        await On(deal.Id, survivor);
        var now = await app.Rep.Get($"/api/opportunities/{deal.Id}");
        (await app.Rep.Patch($"/api/opportunities/{deal.Id}", new { accountId = other }, now.ETag)).ShouldBe(HttpStatusCode.OK);

        await Account(loser, 6, null);
        await Eventually.Is(async () => !await app.Database.Scalar<bool>("select is_deleted from account_refs where id = $1", loser), "the undo is known");
        await On((await app.Deal(accountId: loser)).Id, loser);
        await On(deal.Id, other);
    }

    [Fact]
    public async Task AC4h_of_two_contacts_on_a_deal_that_become_one_there_is_one_role_with_the_primary_place_and_both_are_back_after_an_undo()
    {
        var (survivor, loser) = (await app.Contact("Kim"), await app.Contact("Kim D."));
        var deal = await app.Deal(new
        {
            contactRoles = new object[] { new { contactId = survivor, role = "influencer" }, new { contactId = loser, role = "decisionMaker", isPrimary = true } },
        });
        await Contact(loser, 5, survivor);

        await Eventually.Is(async () => (await Roles(deal.Id)).SequenceEqual([(survivor, "influencer", true)]), "one role is left");
        var changed = _bus;
        await Eventually.Is(() => Task.FromResult(changed.All<Contracts.OpportunityChanged>().Any(m => m.OpportunityId == deal.Id && m.PrimaryContactId == survivor)), "the survivor is told as the primary contact");
        var now = await app.Rep.Get($"/api/opportunities/{deal.Id}");
        var renamed = (await app.Rep.Put($"/api/opportunities/{deal.Id}/contact-roles/{survivor}", new { role = "evaluator", isPrimary = true }, now.ETag)).ShouldBe(HttpStatusCode.OK);
        renamed["contactRoles"].GetArrayLength().ShouldBe(1);

        await Contact(loser, 6, null);
        await Eventually.Is(async () => (await Roles(deal.Id)).Order().SequenceEqual(new[] { (survivor, "evaluator", true), (loser, "decisionMaker", false) }.Order()), "both are there again");
    }

    [Fact]
    public async Task AC4h_taking_the_survivor_off_a_deal_takes_off_everybody_who_became_it()
    {
        var (survivor, loser) = (await app.Contact(), await app.Contact());
        var deal = await app.Deal(new { contactRoles = new object[] { new { contactId = loser, role = "user", isPrimary = true } } });
        await Contact(loser, 5, survivor);
        await Eventually.Is(async () => (await Roles(deal.Id)).SequenceEqual([(survivor, "user", true)]), "the role is the survivor's");
        var now = await app.Rep.Get($"/api/opportunities/{deal.Id}");
        (await app.Rep.Delete($"/api/opportunities/{deal.Id}/contact-roles/{survivor}", now.ETag)).ShouldBe(HttpStatusCode.OK)["contactRoles"].GetArrayLength().ShouldBe(0);
    }

    private Task On(Guid deal, Guid account) => Eventually.Is(async () => (await app.Rep.Get($"/api/opportunities/{deal}"))["accountId"].GetGuid() == account, $"deal {deal} is on {account}");

    private async Task<(Guid, string, bool)[]> Roles(Guid deal) =>
        [.. (await app.Rep.Get($"/api/opportunities/{deal}"))["contactRoles"].Items().Select(r => (r.GetProperty("contactId").GetGuid(), r.GetProperty("role").GetString()!, r.GetProperty("isPrimary").GetBoolean()))];

    private async Task Account(Guid id, long version, Guid? mergedInto) => await _bus.Publish(new AccountChanged
    {
        Kind = mergedInto is null ? ChangeKind.Restored : ChangeKind.Deleted, AccountId = id, Version = version, Name = await app.Database.Scalar<string>("select name from account_refs where id = $1", id),
        OwnerId = TestUser.Rep.Id, MergedIntoId = mergedInto, At = DateTimeOffset.UtcNow,
    }, TestUser.Rep);

    private Task Contact(Guid id, long version, Guid? mergedInto) => _bus.Publish(new ContactChanged
    {
        Kind = mergedInto is null ? ChangeKind.Restored : ChangeKind.Deleted, ContactId = id, Version = version, LastName = "Doe", OwnerId = TestUser.Rep.Id, MergedIntoId = mergedInto, At = DateTimeOffset.UtcNow,
    }, TestUser.Rep);
}
