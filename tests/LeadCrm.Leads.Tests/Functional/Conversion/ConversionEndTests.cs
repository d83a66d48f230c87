using System.Text.Json.Nodes;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Activities.Contracts;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>Past the pivot: a conversion is over when every participant has said that it is done.</summary>
[Collection(nameof(ConversionCollection))]
public sealed class ConversionEndTests(ConversionApp app)
{
    public static TheoryData<int> EachAsTheLast => [0, 1, 2, 3];

    [Theory, MemberData(nameof(EachAsTheLast))]
    public async Task C33_all_participants_have_to_answer_in_any_order(int last)
    {
        var converted = await Converted();
        var answers = AnswersTo(converted);
        foreach (var answer in answers.Where((_, i) => i != last)) await Say(answer);
        (await Phase(converted)).ShouldBe("relinking");

        await app.Participants.Say(answers[last]);
        var over = await app.Over(converted.ConversionId);
        over["state"]!.GetValue<string>().ShouldBe("completed");
        over["finishedAt"].ShouldNotBeNull();
    }

    [Fact]
    public async Task C33_one_participant_that_answers_twice_is_not_another()
    {
        var converted = await Converted();
        var answers = AnswersTo(converted);
        foreach (var answer in (object[])[answers[0], answers[0], answers[2], answers[2], answers[1]]) await Say(answer);
        (await Phase(converted)).ShouldBe("relinking");
    }

    [Fact]
    public async Task C33_without_an_opportunity_nothing_is_waited_for_from_opportunities()
    {
        var converted = await Converted(new { opportunity = new { mode = "none" } });
        var answers = AnswersTo(converted);
        foreach (var answer in (object[])[answers[0], answers[2]]) await Say(answer);
        (await Phase(converted)).ShouldBe("relinking");

        await app.Participants.Say(answers[3]);
        (await app.Over(converted.ConversionId))["state"]!.GetValue<string>().ShouldBe("completed");
    }

    [Fact]
    public async Task C15_C17_C18_what_was_carried_over_is_kept_with_the_conversion()
    {
        var converted = await Converted();
        foreach (var answer in AnswersTo(converted)) await Say(answer);

        var over = await app.Over(converted.ConversionId);
        ((int)over["carriedOver"]!["activities"]!).ShouldBe(3);
        ((int)over["carriedOver"]!["notes"]!, (int)over["carriedOver"]!["files"]!).ShouldBe((2, 1));
        ((int)over["memberships"]!["moved"]!, (int)over["memberships"]!["merged"]!).ShouldBe((2, 1));
    }

    [Fact]
    public async Task C26_answers_that_come_again_after_the_end_change_nothing()
    {
        var converted = await Converted();
        var answers = AnswersTo(converted);
        foreach (var answer in answers) await Say(answer);
        var over = await app.Over(converted.ConversionId);

        await Say(new ActivitiesCarriedOver { ConversionId = converted.ConversionId, LeadId = converted.Lead.LeadId, Activities = 9, Notes = 9, Files = 9 });
        JsonNode.DeepEquals(await app.Over(converted.ConversionId), over).ShouldBeTrue();
    }

    /// <summary>A conversion past its pivot, to which nobody has answered.</summary>
    private async Task<LeadConverted> Converted(object? request = null)
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.RevealAccount = script.RevealOpportunity = script.CarryOver = script.MoveMemberships = _ => null;
        await app.Convert(lead, request);
        await Eventually.Is(() => Task.FromResult(script.Of<LeadConverted>().Any()), "the conversion is announced");
        return script.Of<LeadConverted>().First();
    }

    private static object[] AnswersTo(LeadConverted converted) =>
    [
        new AccountAndContactRevealed { ConversionId = converted.ConversionId },
        new OpportunityRevealed { ConversionId = converted.ConversionId },
        new ActivitiesCarriedOver { ConversionId = converted.ConversionId, LeadId = converted.Lead.LeadId, Activities = 3, Notes = 2, Files = 1 },
        new MembershipsMoved { ConversionId = converted.ConversionId, LeadId = converted.Lead.LeadId, Moved = 2, Merged = 1 },
    ];

    private async Task Say(object answer)
    {
        var message = await app.Participants.Say(answer);
        await Eventually.Is(() => app.Database.Scalar<bool>("select exists (select from platform.inbox where message_id = $1)", message), "the answer is taken in");
    }

    private async Task<string> Phase(LeadConverted converted) => (await app.Get($"/api/leads/conversions/{converted.ConversionId}")).State;
}
