using System.Net;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>Records that may be the same need a decision (C22), and a preview tells all that a conversion would be told (C34).</summary>
[Collection(nameof(ConversionCollection))]
public sealed class ConversionCandidateTests(ConversionApp app)
{
    [Fact]
    public async Task C22_candidates_need_a_decision_and_come_with_reasons_and_open_opportunities()
    {
        var lead = await app.NewLead();
        var account = Guid.CreateVersion7();
        var script = app.Participants.For(lead);
        script.CheckAccounts = command => command.Decisions.Any(decision => decision.RecordId == account)
            ? new() { Status = 200 }
            : new() { Status = 409, Reason = "Decide.", Candidates = [new() { RecordType = "account", RecordId = account, Name = "Engines", Score = 88, Reasons = ["name: similar (0.88)"] }] };
        script.CheckOpportunity = command => new()
        {
            Status = 200,
            OpenOpportunities = command.AccountId == account
                ? [new() { OpportunityId = Guid.CreateVersion7(), AccountId = account, Name = "Running deal", Stage = "Proposal", Currency = "EUR", CloseDate = new(2026, 12, 31) }]
                : [],
        };

        var asked = await app.Convert(lead);

        asked.Status.ShouldBe(HttpStatusCode.Conflict);
        asked.Problem.ShouldBe("conversion-needs-decision");
        var candidate = asked.Body!["candidates"]!.AsArray().ShouldHaveSingleItem()!;
        candidate["type"]!.GetValue<string>().ShouldBe("account");
        candidate["score"]!.GetValue<int>().ShouldBe(88);
        candidate["reasons"]![0]!.GetValue<string>().ShouldBe("name: similar (0.88)");
        candidate["openOpportunities"]![0]!["name"]!.GetValue<string>().ShouldBe("Running deal");
        await app.NothingHappened(lead);

        var decided = await app.Convert(lead, new { duplicateDecision = new[] { new { type = "account", id = account, decision = "createAnyway" } } }, wait: 30);
        decided.State.ShouldBe("completed");
        decided.Body!["account"]!["created"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task C22_a_decision_to_use_the_candidate_converts_into_it()
    {
        var (lead, account) = (await app.NewLead(), Guid.CreateVersion7());
        var answer = await app.Convert(lead, new { duplicateDecision = new[] { new { type = "account", id = account, decision = "useExisting" } } }, wait: 30);

        answer.State.ShouldBe("completed");
        answer.Body!["account"]!["id"]!.GetValue<Guid>().ShouldBe(account);
        app.Participants.For(lead).Of<CreateAccountAndContact>().Single().CreateAccount.ShouldBeFalse();
    }

    [Fact]
    public async Task C34_a_preview_tells_the_plan_and_writes_nothing()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).CheckAccounts = command => new()
        {
            Status = 200, AccountName = command.Account.Name, ContactName = "Ada Byron", Warnings = ["The e-mail is also another contact's."],
            Provenance = [new() { Record = "account", Field = "name", Outcome = "set", Value = command.Account.Name }],
        };

        var answer = await app.Convert(lead, new { dryRun = true }, wait: 30);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body!["status"]!.GetValue<int>().ShouldBe(202);
        answer.Body["account"]!["created"]!.GetValue<bool>().ShouldBeTrue();
        answer.Body["account"]!["id"].ShouldBeNull();
        answer.Body["provenance"]![0]!["from"]!.GetValue<string>().ShouldBe("lead.company");
        answer.Body["warnings"]!.AsArray().Count.ShouldBe(1);
        await app.NothingHappened(lead);
    }

    [Fact]
    public async Task C34_a_preview_tells_what_would_be_refused()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).CheckOpportunity = _ => new() { Status = 422, Violations = [new() { Field = "stage", Message = "There is no such stage." }] };

        var answer = await app.Convert(lead, new { dryRun = true });

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body!["status"]!.GetValue<int>().ShouldBe(422);
        answer.Errors.ShouldBe(["opportunity.stage"]);
    }
}
