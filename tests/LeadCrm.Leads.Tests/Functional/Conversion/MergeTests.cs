using LeadCrm.Accounts.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>What a converted lead says it became, when accounts and contacts are merged afterwards (C27); Accounts' events in whatever order they come.</summary>
[Collection(nameof(ConversionCollection))]
public sealed class MergeTests(ConversionApp app)
{
    [Fact]
    public async Task C27a_the_ids_follow_a_merge_of_account_and_contact_and_its_undo_gives_them_back()
    {
        var lead = await app.NewLead();
        var done = await app.Convert(lead, wait: 30);
        var (account, contact) = (done.Body!["account"]!["id"]!.GetValue<Guid>(), done.Body["contact"]!["id"]!.GetValue<Guid>());
        var (survivor, person) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var version = (await app.Lead(lead))["version"]!.GetValue<long>();

        await app.Participants.Say(Account(account, 5, survivor));
        await app.Participants.Say(Contact(contact, 7, person));
        await Became(lead, survivor, person);
        (await app.Lead(lead))["version"]!.GetValue<long>().ShouldBeGreaterThan(version);
        (await app.Convert(lead)).Body!["accountId"]!.GetValue<Guid>().ShouldBe(survivor, "also for whoever wants to convert it again (C7)");

        await app.Participants.Say(Contact(contact, 8, null));
        await app.Participants.Say(Account(account, 6, null));
        await Became(lead, account, contact);
        await app.Participants.Say(Account(account, 5, survivor));   // late, and old
        await app.Participants.Say(Account(survivor, 2, null));
        await Eventually.Is(async () => await app.Database.Scalar<long>("select count(*) from known_accounts where id = $1", survivor) == 1, "everything is heard");
        await Became(lead, account, contact);
    }

    [Fact]
    public async Task C27b_of_a_chain_of_merges_the_last_survivor_counts_in_whatever_order_they_are_told()
    {
        var (early, late) = (await app.NewLead(), await app.NewLead());
        Guid IdOfAccount(Answer done) => done.Body!["account"]!["id"]!.GetValue<Guid>();
        var (first, second) = (await app.Convert(early, wait: 30), await app.Convert(late, wait: 30));
        var (one, two, three) = (IdOfAccount(first), IdOfAccount(second), Guid.CreateVersion7());
        var (person, other) = (first.Body!["contact"]!["id"]!.GetValue<Guid>(), second.Body!["contact"]!["id"]!.GetValue<Guid>());

        await app.Participants.Say(Account(two, 9, three));
        await Became(late, three, other);
        await app.Participants.Say(Account(one, 9, two));
        await Became(early, three, person);
        await app.Participants.Say(Account(two, 10, null));
        await Became(late, two, other);
        await Became(early, two, person);
    }

    private Task Became(Guid lead, Guid account, Guid contact) => Eventually.Is(async () =>
        (await app.Lead(lead)) is var now && now["convertedAccountId"]!.GetValue<Guid>() == account && now["convertedContactId"]!.GetValue<Guid>() == contact, $"lead {lead} became {account} and {contact}; the service said:\n{app.Log}", TimeSpan.FromSeconds(20));

    private static AccountChanged Account(Guid id, long version, Guid? mergedInto) => new()
    {
        Kind = mergedInto is null ? ChangeKind.Restored : ChangeKind.Deleted, AccountId = id, Version = version, Name = "Engines", OwnerId = TestUser.Rep.Id, MergedIntoId = mergedInto, At = DateTimeOffset.UtcNow,
    };

    private static ContactChanged Contact(Guid id, long version, Guid? mergedInto) => new()
    {
        Kind = mergedInto is null ? ChangeKind.Restored : ChangeKind.Deleted, ContactId = id, Version = version, LastName = "Byron", OwnerId = TestUser.Rep.Id, MergedIntoId = mergedInto, At = DateTimeOffset.UtcNow,
    };
}
