using System.Net;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

[Collection(nameof(OneApp))]
public sealed class References(OpportunitiesApp app)
{
    [Fact]
    public async Task OP1_an_account_that_is_not_known_yet_is_asked_for_as_the_caller()
    {
        var account = app.Accounts.Account("Brand New Ltd");
        var deal = await app.Deal(accountId: account);
        deal["accountName"].GetString().ShouldBe("Brand New Ltd");
        app.Accounts.Tokens.ShouldContain(token => token.StartsWith("Bearer ey"));
    }

    [Fact]
    public async Task OP1_an_account_that_does_not_exist_is_a_422() =>
        (await app.Rep.Post("/api/opportunities", new { name = "x", accountId = Guid.CreateVersion7() })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["accountId"]);

    [Fact]
    public async Task C33_a_provisional_account_cannot_be_referred_to()
    {
        var account = app.Accounts.Account("Not yet", provisional: true);
        (await app.Rep.Post("/api/opportunities", new { name = "x", accountId = account })).ShouldBe(HttpStatusCode.Conflict).Type.ShouldBe("urn:leadcrm:provisional");
    }

    [Fact]
    public async Task OP1_without_accounts_an_unknown_account_is_a_503_and_a_known_one_is_not()
    {
        var (unknown, known) = (app.Accounts.Account("Far away"), await app.Account("Well known"));
        app.Accounts.IsBroken = true;
        try
        {
            var refused = (await app.Rep.Post("/api/opportunities", new { name = "x", accountId = unknown })).ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            (await app.Rep.Post("/api/opportunities", new { name = "x", accountId = known })).ShouldBe(HttpStatusCode.Created);
        }
        finally
        {
            app.Accounts.IsBroken = false;
        }
    }

    [Fact]
    public async Task OP1_accounts_are_followed_by_their_newest_event_in_whatever_order_they_come()
    {
        await using var bus = await TestBus.Connect(app.Broker);
        var account = Guid.CreateVersion7();
        await bus.Publish(Event(account, 2, "New name"));
        await Eventually.Is(() => Known(account), "the account is known");
        await bus.Publish(Event(account, 1, "Old name"));
        await bus.Publish(Event(account, 3, "Newest name", ChangeKind.Updated));
        await Eventually.Is(async () => await app.Database.Scalar<long>("select version from account_refs where id = $1", account) == 3, "the newest state is known");
        (await app.Deal(accountId: account))["accountName"].GetString().ShouldBe("Newest name");

        await bus.Publish(Event(account, 4, "Newest name", ChangeKind.Deleted));
        await Eventually.Is(async () => await app.Database.Scalar<bool>("select is_deleted from account_refs where id = $1", account), "the account is deleted");
        (await app.Rep.Post("/api/opportunities", new { name = "x", accountId = account })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["accountId"]);
    }

    [Fact]
    public async Task OP5_contacts_are_followed_by_their_events()
    {
        await using var bus = await TestBus.Connect(app.Broker);
        var contact = Guid.CreateVersion7();
        await bus.Publish(new ContactChanged
        {
            Kind = ChangeKind.Created, ContactId = contact, Version = 1, FirstName = "Kim", LastName = "Doe", OwnerId = TestUser.Rep.Id, At = DateTimeOffset.UtcNow,
        });
        await Eventually.Is(async () => await app.Database.Scalar<long>("select count(*) from contact_refs where id = $1", contact) == 1, "the contact is known");
        var deal = await app.Deal(new { contactRoles = new[] { new { contactId = contact } } });
        deal["contactRoles"].Strings("contactName").ShouldBe(["Kim Doe"]);
    }

    private async Task<bool> Known(Guid account) => await app.Database.Scalar<long>("select count(*) from account_refs where id = $1", account) == 1;

    private static AccountChanged Event(Guid id, long version, string name, ChangeKind kind = ChangeKind.Created) => new()
    {
        Kind = kind, AccountId = id, Version = version, Name = name, OwnerId = TestUser.Rep.Id, At = DateTimeOffset.UtcNow,
    };
}
