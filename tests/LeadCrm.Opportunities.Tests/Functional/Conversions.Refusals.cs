using System.Net;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

/// <summary>What the check and the step refuse, and that the check writes nothing.</summary>
public sealed partial class Conversions
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task C1_without_the_permission_check_and_step_refuse_alike(bool attach)
    {
        var user = TestUser.With("leads.convert", "opportunities.read", attach ? "opportunities.create" : "opportunities.edit");
        await app.Know(user);
        var command = (attach ? AttachCommand(await app.Deal()) : await CreateCommand()) with { ActingUserId = user.Id };
        (await Check(command, user))["status"].GetInt32().ShouldBe(403);
        (await Refused(command, user)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task C6_check_and_step_tell_the_same_violations_together()
    {
        var command = (await CreateCommand()) with { Amount = -1, Currency = "XXQ", OwnerId = Guid.CreateVersion7(), Name = new string('x', 256) };
        var check = await Check(command);
        check["status"].GetInt32().ShouldBe(422);
        var refused = await Refused(command);
        refused.Status.ShouldBe(422);
        refused.Violations.Select(v => v.Field).ShouldBe(["ownerId", "name", "amount", "currency"]);
        check["violations"].Strings("message").ShouldBe(refused.Violations.Select(v => v.Message));
        (await Count("opportunities where id = $1", command.OpportunityId)).ShouldBe(0);
    }

    [Fact]
    public async Task C4_an_existing_opportunity_must_be_open()
    {
        var deal = await app.Deal();
        await app.Rep.Post($"/api/opportunities/{deal.Id}/stage", new { stage = "Closed Lost", reason = "No budget" });
        (await Check(AttachCommand(deal)))["status"].GetInt32().ShouldBe(422);
        (await Refused(AttachCommand(deal))).Status.ShouldBe(422);
    }

    [Fact]
    public async Task C4_an_existing_opportunity_must_be_on_the_account()
    {
        var command = AttachCommand(await app.Deal()) with { AccountId = await app.Account() };
        (await Check(command))["violations"].Strings("field").ShouldBe(["opportunityId"]);
        (await Refused(command)).Violations.ShouldHaveSingleItem().Field.ShouldBe("opportunityId");
    }

    [Fact]
    public async Task C31_a_refusal_is_repeated_as_it_was_given()
    {
        var deal = await app.Deal();
        var command = AttachCommand(deal) with { AccountId = await app.Account() };
        var first = await Refused(command);
        await _bus.Publish(command with { AccountId = deal["accountId"].GetGuid() }, TestUser.Rep);
        await Eventually.Is(() => Task.FromResult(_bus.All<OpportunityRefused>().Count(m => m.ConversionId == command.ConversionId) == 2), "the answer is repeated");
        _bus.All<OpportunityRefused>().Where(m => m.ConversionId == command.ConversionId).ShouldAllBe(m => m.Reason == first.Reason);
        (await Read(deal.Id)).ETag.ShouldBe("\"1\"");
    }

    [Fact]
    public async Task C22_the_check_offers_the_accounts_open_opportunities()
    {
        var account = await app.Account();
        var (open, closed) = (await app.Deal(new { amount = 3, currency = "EUR" }, account), await app.Deal(null, account));
        await app.Rep.Post($"/api/opportunities/{closed.Id}/stage", new { stage = "Closed Lost", reason = "No budget" });
        var check = await Check((await CreateCommand()) with { AccountId = account });
        check["status"].GetInt32().ShouldBe(200);
        var offered = check["openOpportunities"].Items().ShouldHaveSingleItem();
        offered.GetProperty("opportunityId").GetGuid().ShouldBe(open.Id);
        offered.GetProperty("stage").GetString().ShouldBe("Prospecting");
        offered.GetProperty("amount").GetDecimal().ShouldBe(3);
    }

    [Fact]
    public async Task C34_the_check_writes_nothing()
    {
        var command = await CreateCommand();
        var before = await Rows();
        (await Check(command))["status"].GetInt32().ShouldBe(200);
        (await Rows()).ShouldBe(before);

        Task<long> Rows() => app.Database.Scalar<long>(
            "select (select count(*) from opportunities) + (select count(*) from conversion_steps) + (select count(*) from stage_moves) + (select count(*) from platform.field_history)");
    }

    [Fact]
    public async Task C1_the_check_itself_needs_the_permission_to_convert() =>
        (await app.Reader.Post("/api/opportunities/conversion-checks", await CreateCommand())).ShouldBe(HttpStatusCode.Forbidden);
}
