using System.Net;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>Patience of seconds instead of minutes.</summary>
public sealed class ImpatientConversionApp : ConversionApp
{
    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        base.ConfigureHost(builder);
        builder.UseSetting("Conversion:Deadline", "00:00:04");
        builder.UseSetting("Conversion:ResendAfter", "00:00:01");   // a step that takes longer on a busy machine is asked for twice
        builder.UseSetting("Conversion:ResendAtMost", "00:00:01");
        builder.UseSetting("Conversion:SweepEvery", "00:00:00.200");
        builder.UseSetting("Conversion:CheckTimeout", "00:00:01");
    }
}

/// <summary>Refusals, silence and deadlines: complete or fully undone.</summary>
public sealed class ConversionFailureTests(ImpatientConversionApp app) : IClassFixture<ImpatientConversionApp>
{
    [Fact]
    public async Task C31_a_refusal_of_the_opportunity_undoes_the_account_and_gives_the_lead_back()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.Opportunity = command => new OpportunityRefused
        {
            ConversionId = command.ConversionId, Status = 422, Reason = "The stage was removed.", Violations = [new() { Field = "stage", Message = "There is no such stage." }],
        };

        var over = await app.Over((await app.Convert(lead)).ConversionId);

        over["state"]!.GetValue<string>().ShouldBe("failed");
        over["account"].ShouldBeNull();
        over["failure"]!["status"]!.GetValue<int>().ShouldBe(422);
        over["failure"]!["detail"]!.GetValue<string>().ShouldBe("The stage was removed.");
        over["failure"]!["participant"]!.GetValue<string>().ShouldBe("opportunities");
        over["failure"]!["errors"]!["opportunity.stage"]!.AsArray().Count.ShouldBe(1);
        script.Messages.Distinct().ShouldBe([typeof(CreateAccountAndContact), typeof(CreateOrAttachOpportunity), typeof(UndoAccountAndContact)], ignoreOrder: true);
        await IsFree(lead, "The stage was removed.");
    }

    [Fact]
    public async Task C31_a_refusal_of_the_account_takes_the_opportunity_back_and_gives_the_lead_back()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.Account = command => new AccountAndContactRefused
        {
            ConversionId = command.ConversionId, Status = 409, Reason = "Somebody has just added this company.",
            Candidates = [new() { RecordType = "account", RecordId = Guid.CreateVersion7(), Name = "Engines", Score = 100, Reasons = ["name: same"] }],
        };

        var over = await app.Over((await app.Convert(lead)).ConversionId);

        over["failure"]!["candidates"]!.AsArray().Count.ShouldBe(1);
        script.Messages.Distinct().ShouldBe(
            [typeof(CreateAccountAndContact), typeof(CreateOrAttachOpportunity), typeof(UndoOpportunity), typeof(UndoAccountAndContact)], ignoreOrder: true);
        await IsFree(lead, "Somebody has just added this company.");
    }

    [Fact]
    public async Task C26_nothing_is_announced_of_a_conversion_that_is_undone()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.Opportunity = command => new OpportunityRefused { ConversionId = command.ConversionId, Status = 422, Reason = "No." };

        await app.Over((await app.Convert(lead)).ConversionId);

        script.Of<LeadConverted>().ShouldBeEmpty();
    }

    [Fact]
    public async Task C31_a_step_that_was_carried_out_after_all_is_undone()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        CreateAccountAndContact? asked = null;
        script.Account = command => new AccountAndContactRefused { ConversionId = (asked = command).ConversionId, Status = 422, Reason = "No." };
        await app.Over((await app.Convert(lead)).ConversionId);

        await app.Participants.Say(Script.Ready(asked!));

        await Eventually.Is(() => Task.FromResult(script.Of<UndoAccountAndContact>().Any()), "the account is undone");
        await IsFree(lead, "No.");
    }

    [Fact]
    public async Task C26_late_and_repeated_answers_change_nothing()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.Account = command => new object[] { Script.Ready(command), Script.Ready(command) };
        script.Opportunity = command => new object[] { Script.Ready(command), Script.Ready(script.Of<CreateAccountAndContact>().First()) };
        script.RevealAccount = converted => new object[] { new AccountAndContactRevealed { ConversionId = converted.ConversionId }, new AccountAndContactRevealed { ConversionId = converted.ConversionId } };

        var conversion = (await app.Convert(lead)).ConversionId;
        await app.Over(conversion);
        await Consumed(await app.Participants.Say(new OpportunityRefused { ConversionId = conversion, Status = 422, Reason = "Too late." }));
        await Consumed(await app.Participants.Say(new AccountAndContactUndone { ConversionId = conversion }));

        (await app.Over(conversion))["state"]!.GetValue<string>().ShouldBe("completed");
        script.Messages.Distinct().ShouldBe([typeof(CreateAccountAndContact), typeof(CreateOrAttachOpportunity), typeof(LeadConverted)], ignoreOrder: true);
        (await app.Lead(lead))["isConverted"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task C26_answers_to_a_conversion_that_nobody_knows_are_harmless()
    {
        var unknown = Guid.CreateVersion7();
        await Consumed(await app.Participants.Say(new AccountAndContactUndone { ConversionId = unknown }));
        await Consumed(await app.Participants.Say(new OpportunityRevealed { ConversionId = unknown }));

        (await app.Database.Scalar<long>("select count(*) from platform.parked_messages")).ShouldBe(0);
    }

    [Fact]
    public async Task C32_with_accounts_down_the_conversion_is_accepted_pending_and_the_saga_asks()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).AccountsDown = true;

        var answer = await app.Convert(lead);

        answer.Status.ShouldBe(HttpStatusCode.Accepted);
        answer.State.ShouldBe("pending");
        (await app.Over(answer.ConversionId))["state"]!.GetValue<string>().ShouldBe("completed");
    }

    [Fact]
    public async Task C32_a_check_that_hangs_holds_no_request()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).ChecksHang = new TaskCompletionSource();

        var answer = await app.Convert(lead).WaitAsync(TimeSpan.FromSeconds(60));   // the check never answers: waiting for it would take for ever

        answer.State.ShouldBe("pending");
    }

    [Fact]
    public async Task C32_what_one_participant_objects_to_counts_although_the_other_is_down()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).AccountsDown = true;
        app.Participants.For(lead).CheckOpportunity = _ => new() { Status = 422, Violations = [new() { Field = "stage", Message = "There is no such stage." }] };

        (await app.Convert(lead)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task C32_a_step_without_an_answer_is_asked_for_again_under_a_new_message_id()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.Account = command => script.Of<CreateAccountAndContact>().Any() ? Script.Ready(command) : null;

        (await app.Over((await app.Convert(lead)).ConversionId))["state"]!.GetValue<string>().ShouldBe("completed");

        var asked = script.Heard.Where(heard => heard.Message is CreateAccountAndContact).ToList();
        asked.Count.ShouldBeGreaterThanOrEqualTo(2);
        asked.Select(heard => heard.MessageId).ShouldBeUnique();
        asked.Select(heard => (CreateAccountAndContact)heard.Message).Select(command => (command.ConversionId, command.AccountId)).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task C32_past_the_deadline_the_conversion_is_undone_in_reverse()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.Opportunity = _ => null;

        var over = await app.Over((await app.Convert(lead)).ConversionId);

        over["state"]!.GetValue<string>().ShouldBe("failed");
        over["failure"]!["type"]!.GetValue<string>().ShouldBe("urn:leadcrm:conversion-deadline-passed");
        script.Messages.Where(message => message == typeof(UndoOpportunity) || message == typeof(UndoAccountAndContact)).Distinct().ShouldBe([typeof(UndoOpportunity), typeof(UndoAccountAndContact)]);
        await IsFree(lead, over["failure"]!["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task C29_the_lead_stays_locked_until_everything_is_undone()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        var participantIsBack = false;
        script.Opportunity = command => new OpportunityRefused { ConversionId = command.ConversionId, Status = 422, Reason = "No." };
        script.UndoAccount = command => participantIsBack ? new AccountAndContactUndone { ConversionId = command.ConversionId } : null;

        var conversion = (await app.Convert(lead)).ConversionId;
        await Eventually.Is(() => Task.FromResult(script.Of<UndoAccountAndContact>().Count() >= 3), "undoing is asked for again and again");
        (await app.Get($"/api/leads/conversions/{conversion}")).State.ShouldBe("compensating");
        (await app.Database.Scalar<string>("select conversion from leads where id = $1", lead)).ShouldBe("Converting");

        participantIsBack = true;
        (await app.Over(conversion))["state"]!.GetValue<string>().ShouldBe("failed");
        await IsFree(lead, "No.");
    }

    [Fact]
    public async Task C33_the_lead_is_not_converted_before_all_records_are_there()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.Opportunity = _ => null;

        await app.In("opportunity", (await app.Convert(lead)).ConversionId);

        (await app.Lead(lead))["isConverted"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task C33_past_the_pivot_there_is_no_deadline_and_revealing_is_asked_for_until_done()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        var participantIsBack = false;
        script.RevealOpportunity = converted => participantIsBack ? new OpportunityRevealed { ConversionId = converted.ConversionId } : null;

        var conversion = (await app.Convert(lead)).ConversionId;
        await Eventually.Is(
            () => app.Database.Scalar<bool>("select state = 'Revealing' and deadline_at < now() from conversions where id = $1", conversion), "the deadline has passed after the pivot");
        await Eventually.Is(() => Task.FromResult(script.Of<LeadConverted>().Count() >= 3), "the conversion is announced again");
        (await app.Get($"/api/leads/conversions/{conversion}")).State.ShouldBe("relinking");

        participantIsBack = true;
        (await app.Over(conversion))["state"]!.GetValue<string>().ShouldBe("completed");
        script.Of<LeadConverted>().Select(converted => converted.Lead.Version).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task C32_a_conversion_survives_a_restart_of_the_service()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.Account = _ => null;
        var conversion = (await app.Convert(lead)).ConversionId;
        await Eventually.Is(() => Task.FromResult(script.Of<CreateAccountAndContact>().Any()), "Accounts was asked");

        await app.Stop();
        await app.Participants.Say(Script.Ready(script.Of<CreateAccountAndContact>().First()));
        await app.Start();

        (await app.Over(conversion))["isOver"]!.GetValue<bool>().ShouldBeTrue();
    }

    /// <summary>Open again, with the reason and without a trace of the conversion.</summary>
    private async Task IsFree(Guid lead, string reason)
    {
        (await app.Database.Scalar<bool>(
            """
            select conversion = 'None' and conversion_id is null and conversion_failure = $2
                and status_id = (select id from lead_statuses where is_default) and converted_at is null
            from leads where id = $1
            """, lead, reason)).ShouldBeTrue();
    }

    /// <summary>The service has taken a participant's message in.</summary>
    private Task Consumed(Guid messageId) => Eventually.Is(
        () => app.Database.Scalar<bool>("select exists (select from platform.inbox where message_id = $1)", messageId), "the message was consumed");
}
