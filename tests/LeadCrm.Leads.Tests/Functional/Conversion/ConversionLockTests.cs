using System.Net;
using System.Net.Http.Json;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Conversion;
using LeadCrm.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>One conversion at a time, and one per key.</summary>
[Collection(nameof(ConversionCollection))]
public sealed class ConversionLockTests(ConversionApp app)
{
    [Fact]
    public async Task C29_a_running_conversion_locks_the_lead_against_edits_with_its_id()
    {
        var (lead, conversion) = await Running();

        var answer = await Send(HttpMethod.Patch, $"/api/leads/{lead}", JsonContent.Create(new { title = "Countess" }, mediaType: new("application/merge-patch+json")));

        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        answer.Problem.ShouldBe("lead-locked");
        answer.ConversionId.ShouldBe(conversion);
    }

    [Fact]
    public async Task C29_a_running_conversion_locks_the_lead_against_deletion()
    {
        var (lead, conversion) = await Running();

        var answer = await Send(HttpMethod.Delete, $"/api/leads/{lead}", null);

        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        answer.ConversionId.ShouldBe(conversion);
    }

    [Fact]
    public async Task C29_the_lock_is_gone_when_the_conversion_was_undone()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).Account = command => new AccountAndContactRefused { ConversionId = command.ConversionId, Status = 422, Reason = "No." };
        await app.Over((await app.Convert(lead)).ConversionId);

        var version = (await app.Lead(lead))["version"]!.GetValue<long>();
        var answer = await Send(HttpMethod.Patch, $"/api/leads/{lead}", JsonContent.Create(new { title = "Countess" }, mediaType: new("application/merge-patch+json")), version);

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body?.ToJsonString());
    }

    [Fact]
    public async Task C30_the_same_key_and_body_answer_the_same_operation_as_it_is_now()
    {
        var lead = await app.NewLead();
        var first = await app.Convert(lead, key: "same");
        await app.Over(first.ConversionId);

        var again = await app.Convert(lead, key: "same");

        again.Status.ShouldBe(HttpStatusCode.OK);
        again.ConversionId.ShouldBe(first.ConversionId);
        again.State.ShouldBe("completed");
        app.Participants.For(lead).Of<CreateAccountAndContact>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task C30_the_same_key_and_body_answer_the_same_operation_while_it_runs()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).Account = _ => null;
        var first = await app.Convert(lead, key: "running");

        var again = await app.Convert(lead, key: "running");

        again.Status.ShouldBe(HttpStatusCode.Accepted);
        again.ConversionId.ShouldBe(first.ConversionId);
    }

    [Fact]
    public async Task C30_the_same_key_and_body_answer_the_same_operation_when_it_was_undone()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).Account = command => new AccountAndContactRefused { ConversionId = command.ConversionId, Status = 422, Reason = "No." };
        var first = await app.Convert(lead, key: "undone");
        await app.Over(first.ConversionId);

        var again = await app.Convert(lead, key: "undone");

        again.ConversionId.ShouldBe(first.ConversionId);
        again.State.ShouldBe("failed");
        (await app.Database.Scalar<long>("select count(*) from conversions where lead_id = $1", lead)).ShouldBe(1);
    }

    [Fact]
    public async Task C30_the_same_key_with_another_body_is_422()
    {
        var lead = await app.NewLead();
        await app.Convert(lead, key: "other body", wait: 30);

        var answer = await app.Convert(lead, new { opportunity = new { mode = "none" } }, key: "other body");

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Problem.ShouldBe("idempotency-key-reused");
    }

    [Fact]
    public async Task C30_the_same_key_on_another_lead_is_422_and_begins_nothing()
    {
        await app.Convert(await app.NewLead(), key: "other lead", wait: 30);
        var other = await app.NewLead();

        (await app.Convert(other, key: "other lead")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await app.Database.Scalar<string>("select conversion from leads where id = $1", other)).ShouldBe("None");
    }

    [Fact]
    public async Task C30_the_same_key_used_in_parallel_begins_one_conversion()
    {
        var lead = await app.NewLead();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Convert(lead, key: "parallel", wait: 30)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        answers.Select(answer => answer.ConversionId).Distinct().Count().ShouldBe(1);
        app.Participants.For(lead).Of<CreateAccountAndContact>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task C30_two_keys_on_one_lead_give_exactly_one_winner()
    {
        var lead = await app.NewLead();

        var answers = await Task.WhenAll(app.Convert(lead, key: "left"), app.Convert(lead, key: "right"));

        answers.Select(answer => answer.Status).Order().ShouldBe([HttpStatusCode.Accepted, HttpStatusCode.Conflict]);
    }

    [Fact]
    public async Task C30_twenty_parallel_conversions_of_one_lead_have_one_winner_and_nineteen_times_409()
    {
        var lead = await app.NewLead();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Convert(lead, wait: 30)));

        var winner = answers.Single(answer => answer.Status == HttpStatusCode.OK);
        var losers = answers.Where(answer => answer.Status == HttpStatusCode.Conflict).ToList();
        losers.Count.ShouldBe(19);
        losers.ShouldAllBe(answer => answer.ConversionId == winner.ConversionId);
        app.Participants.For(lead).Of<CreateAccountAndContact>().Count().ShouldBe(1);
        (await app.Database.Scalar<long>("select count(*) from conversions where lead_id = $1", lead)).ShouldBe(1);
    }

    [Fact]
    public async Task C30_an_edit_that_comes_between_the_checks_and_the_lock_is_taken_into_account()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.ChecksHang = new TaskCompletionSource();
        var converting = app.Convert(lead, wait: 30);
        await Eventually.Is(() => Task.FromResult(!script.Tokens.IsEmpty), "Accounts is being asked");

        var edited = await Send(HttpMethod.Patch, $"/api/leads/{lead}", JsonContent.Create(new { company = "Renamed Ltd" }, mediaType: new("application/merge-patch+json")));
        edited.Status.ShouldBe(HttpStatusCode.OK, edited.Body?.ToJsonString());
        script.ChecksHang.SetResult();

        (await converting).State.ShouldBe("completed");
        script.Of<CreateAccountAndContact>().Single().Account.Name.ShouldBe("Renamed Ltd");
    }

    [Fact]
    public async Task C30_who_comes_second_hears_of_the_first_conversion_and_not_that_what_it_made_looks_alike()
    {
        var (lead, first) = (await app.NewLead(), Guid.NewGuid());
        var script = app.Participants.For(lead);
        script.ChecksHang = new TaskCompletionSource();
        script.CheckAccounts = _ => new()
        {
            Status = 409, Candidates = [new() { RecordType = "contact", RecordId = Guid.NewGuid(), Name = "What the first one made", Score = 100, Reasons = ["email: exact"] }],
        };
        var second = app.Convert(lead);
        await Eventually.Is(() => Task.FromResult(!script.Tokens.IsEmpty), "Accounts is being asked");

        await app.Database.Execute("update leads set conversion = 'Converting', conversion_id = $2, version = version + 1 where id = $1", lead, first);
        script.ChecksHang.SetResult();

        var answer = await second;
        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        answer.ConversionId.ShouldBe(first);
    }

    [Fact]
    public async Task C36_a_conversion_after_an_undone_one_is_a_new_operation_and_both_stay_in_the_list()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.Account = command => new AccountAndContactRefused { ConversionId = command.ConversionId, Status = 422, Reason = "No." };
        var undone = await app.Over((await app.Convert(lead)).ConversionId);
        script.Account = Script.Ready;
        var done = await app.Convert(lead, wait: 30);

        var list = (await app.Get($"/api/leads/{lead}/conversions")).Body!["items"]!.AsArray();

        list.Select(item => item!["conversionId"]!.GetValue<Guid>()).ShouldBe([done.ConversionId, undone["conversionId"]!.GetValue<Guid>()]);
        list.Select(item => item!["state"]!.GetValue<string>()).ShouldBe(["completed", "failed"]);
    }

    [Fact]
    public async Task C32_several_replicas_remind_of_a_waiting_conversion_once()
    {
        var waiting = new List<(Guid Lead, Guid Conversion)>();
        for (var i = 0; i < 20; i++) waiting.Add(await Running());
        await Eventually.Is(() => Task.FromResult(waiting.All(one => app.Participants.For(one.Lead).Of<CreateAccountAndContact>().Any())), "Accounts was asked");
        var ids = waiting.Select(one => one.Conversion).ToArray();
        // A row that an answer is just being written to is passed by, and reminded in the next round.
        await Eventually.Is(async () => await app.Database.Scalar<long>("select count(*) from conversions where id = any($1) and opportunity is not null", ids) == 20, "Opportunities, asked at the same time, has answered");
        await app.Database.Execute("update conversions set resend_at = now() - interval '1 second' where id = any($1)", ids);

        var sweep = app.Services.GetServices<IHostedService>().OfType<ConversionSweep>().Single();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => sweep.Sweep(TestContext.Current.CancellationToken)));

        (await app.Database.Scalar<long>("select sum(resends)::bigint from conversions where id = any($1)", ids)).ShouldBe(20);
        await Eventually.Is(
            () => Task.FromResult(waiting.All(one => app.Participants.For(one.Lead).Of<CreateAccountAndContact>().Count() == 2)), "each was asked for once more, and only once");
    }

    /// <summary>A lead whose conversion waits for Accounts.</summary>
    private async Task<(Guid Lead, Guid Conversion)> Running()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).Account = _ => null;
        return (lead, (await app.Convert(lead)).ConversionId);
    }

    private async Task<Answer> Send(HttpMethod method, string path, HttpContent? content, long version = 1)
    {
        using var message = new HttpRequestMessage(method, path) { Content = content };
        message.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return await Answer.Of(await app.As(TestUser.Rep).SendAsync(message));
    }
}
