using System.Net;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;
using ChangeKind = LeadCrm.Accounts.Contracts.ChangeKind;

namespace LeadCrm.Activities.Tests.Functional;

/// <summary>What hangs on merged accounts and contacts (AC4), Accounts' events in whatever order they come.</summary>
[Collection(nameof(OneApp))]
public sealed class MergeTests(ActivitiesApp app)
{
    [Fact]
    public async Task AC4j_activities_notes_files_and_followers_of_a_merged_account_are_the_survivors_and_an_undo_gives_them_back()
    {
        var (loser, survivor) = (await app.Record("account", name: "Pumps Ltd."), await app.Record("account", name: "Pumps Ltd"));
        var task = await app.Activity(new { kind = "task", subject = "Send the offer", dueOn = ActivitiesApp.Today.AddDays(3) }, "account", loser);
        var note = (await app.Rep.Post("/api/notes", new { html = "Likes tea", related = new[] { new { type = "account", id = loser } } })).ShouldBe(HttpStatusCode.Created);
        var both = (await app.Rep.Post("/api/activities", new { kind = "call", subject = "Of both", related = new[] { new { type = "account", id = loser }, new { type = "account", id = survivor } } })).ShouldBe(HttpStatusCode.Created);
        await app.Database.Execute("insert into follows (user_id, record_type, record_id, since) values ($1, 'account', $2, now())", TestUser.OtherRep.Id, loser);

        await Tell(loser, 5, survivor);

        await Eventually.Is(async () => (await Timeline(survivor)).SetEquals([task.Id, note.Id, both.Id]), "everything hangs on the survivor");
        (await app.Rep.Get($"/api/activities/{task.Id}"))["related"].EnumerateArray().Select(r => (r.GetProperty("id").GetGuid(), r.GetProperty("name").GetString())).ShouldBe([(survivor, "Pumps Ltd")]);
        (await Follows(survivor)).ShouldBe(1);
        await Eventually.Is(() => Task.FromResult(app.Bus.All<Contracts.RecordActivityChanged>().Any(m => m.RecordId == survivor && m.NextActivityAt is not null)), "what comes next on the survivor is told");

        await Tell(loser, 6, null);

        await Eventually.Is(async () => (await Timeline(survivor)).SetEquals([both.Id]), "what was the survivor's stays with it");
        (await Timeline(loser)).ShouldBe([task.Id, note.Id, both.Id], ignoreOrder: true);
        (await Follows(survivor)).ShouldBe(0);
    }

    [Fact]
    public async Task AC4j_a_chain_of_merges_ends_at_the_last_survivor_in_whatever_order_it_is_told_and_of_two_that_share_an_item_one_undo_leaves_it_there()
    {
        var (one, two, three) = (await app.Record("account"), await app.Record("account"), await app.Record("account"));
        var call = (await app.Rep.Post("/api/activities", new { kind = "call", subject = "Of two", related = new[] { new { type = "account", id = one }, new { type = "account", id = two } } })).ShouldBe(HttpStatusCode.Created);

        await Tell(two, 5, three);
        await Eventually.Is(async () => (await Timeline(three)).Contains(call.Id), "it hangs on the survivor of one");
        await Tell(one, 5, two);
        await Eventually.Is(() => app.Database.Scalar<bool>("select exists (select from merged_records where record_id = $1 and into_id = $2)", one, two), "the other merge is known");
        await Tell(one, 6, null);
        await Eventually.Is(() => app.Database.Scalar<bool>("select into_id is null from merged_records where record_id = $1", one), "and its undo");
        (await Timeline(three)).ShouldContain(call.Id);
        await Tell(two, 6, null);
        await Eventually.Is(async () => !(await Timeline(three)).Contains(call.Id), "nothing is left with the survivor");
        (await Timeline(two)).ShouldContain(call.Id);
    }

    [Fact]
    public async Task AC4j_a_conversion_that_is_heard_of_after_its_account_was_merged_puts_everything_on_the_survivor_too()
    {
        var (lead, loser, survivor) = (await app.Lead(), await app.Record("account"), await app.Record("account"));
        var call = await app.Activity(new { kind = "call", subject = "Before the conversion" }, "lead", lead);
        await Tell(loser, 5, survivor);
        await Eventually.Is(() => app.Database.Scalar<bool>("select exists (select from merged_records where record_id = $1 and into_id = $2)", loser, survivor), "the merge is known");

        var conversion = new LeadConverted
        {
            ConversionId = Guid.CreateVersion7(), Lead = ActivitiesApp.State(lead, 9, category: "converted") with { IsConverted = true }, AccountId = loser, AccountCreated = true,
            ContactId = await app.Record("contact"), ContactCreated = true, OwnerId = TestUser.Rep.Id, ActorId = TestUser.Rep.Id, At = DateTimeOffset.UtcNow,
        };
        await app.Bus.Publish(conversion, TestUser.Rep);
        await app.Bus.Next<Contracts.ActivitiesCarriedOver>(answer => answer.ConversionId == conversion.ConversionId);
        (await Timeline(survivor)).ShouldBe([call.Id]);

        await Tell(loser, 6, null);
        await Eventually.Is(async () => (await Timeline(survivor)).Count == 0, "the undo of the merge takes it off the survivor");
        (await Timeline(loser)).ShouldBe([call.Id]);
    }

    private async Task<HashSet<Guid>> Timeline(Guid account) =>
        [.. (await app.Admin.Get($"/api/activities/timeline?recordType=account&recordId={account}")).ShouldBe(HttpStatusCode.OK).Items.Select(item => item.GetProperty("id").GetGuid())];

    private Task<long> Follows(Guid account) => app.Database.Scalar<long>("select count(*) from follows where record_type = 'account' and record_id = $1", account);

    private Task Tell(Guid account, long version, Guid? mergedInto) => app.Bus.Publish(new AccountChanged
    {
        Kind = mergedInto is null ? ChangeKind.Restored : ChangeKind.Deleted, AccountId = account, Version = version, Name = "Pumps Ltd.", OwnerId = TestUser.Rep.Id, MergedIntoId = mergedInto, At = DateTimeOffset.UtcNow,
    }, TestUser.Rep);
}
