using System.Net;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Leads that are created at the same moment are written together, and are nothing to each other.</summary>
public sealed class LeadIntakeTests(LeadsApp app)
{
    private readonly HttpClient rep = app.As(TestUser.Rep);
    private readonly HttpClient other = app.As(TestUser.OtherRep);
    private readonly string run = Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task Leads_created_at_the_same_moment_are_all_there_with_their_history_and_owner_and_each_is_told_once()
    {
        await using var bus = await TestBus.Connect(app.Broker, typeof(LeadChanged), typeof(LeadsChanged));

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            (i % 2 == 0 ? rep : other).Post("/api/leads", new { lastName = $"Together {run} {i}", company = "Crowd" }, key: i % 3 == 0 ? $"{run}-{i}" : null)));

        foreach (var (answer, i) in answers.Select((answer, i) => (answer, i)))
        {
            var owner = i % 2 == 0 ? TestUser.Rep : TestUser.OtherRep;
            answer.ShouldBe(HttpStatusCode.Created).ShouldSatisfyAllConditions(
                a => a["lastName"].ShouldBe($"Together {run} {i}"), a => a["ownerId"].ShouldBe(owner.Id.ToString()), a => a.ETag.ShouldBe("\"1\""), a => a.Location!.ToString().ShouldEndWith(a.Id));
            await Eventually.Is(() => bus.Told(answer.Id, ChangeKind.Created).Count > 0);
            bus.Told(answer.Id, ChangeKind.Created).ShouldHaveSingleItem().ActorId.ShouldBe(owner.Id);
            var history = (await (i % 2 == 0 ? rep : other).Get($"/api/leads/{answer.Id}/history")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray();
            history.ShouldHaveSingleItem()!["actorId"]!.ToString().ShouldBe(owner.Id.ToString());
        }
        answers.Select(answer => answer.Id).Distinct().Count().ShouldBe(40);
    }

    [Fact]
    public async Task A_lead_that_cannot_be_written_is_nothing_to_those_created_with_it()
    {
        var taken = $"EXT-{run}";
        await rep.CreateLead(new { lastName = "First", company = "Crowd", externalId = taken });

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
            rep.Post("/api/leads", new { lastName = $"Beside {i}", company = "Crowd", externalId = i == 5 ? taken : $"EXT-{run}-{i}" }, key: $"{run}-{i}")));

        answers[5].Status.ShouldBe(HttpStatusCode.Conflict, answers[5].Text);
        answers.Where((_, i) => i != 5).ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_key_used_many_times_at_once_creates_one_lead_of_which_everybody_hears_the_same()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => rep.Post("/api/leads", new { lastName = "Once", company = "Crowd", externalId = $"ONCE-{run}" }, key: run)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        answers.Select(answer => answer.Text).Distinct().ShouldHaveSingleItem();
        answers.Select(answer => (answer.ETag, answer.Location)).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_repeated_request_hears_what_it_heard_first_even_if_it_would_not_be_allowed_any_more()
    {
        var admin = app.As(TestUser.Admin);
        var queue = (await admin.Post("/api/leads/queues", new { name = $"Passing {run}", members = new[] { TestUser.Rep.Id } })).ShouldBe(HttpStatusCode.Created);
        var lead = new { lastName = "Again", company = "Crowd", queueId = queue.Id };
        var first = (await rep.Post("/api/leads", lead, key: run)).ShouldBe(HttpStatusCode.Created);
        (await admin.Post($"/api/leads/{first.Id}/owner", new { ownerId = TestUser.Rep.Id })).ShouldBe(HttpStatusCode.OK);
        (await admin.Delete($"/api/leads/queues/{queue.Id}", queue.ETag)).ShouldBe(HttpStatusCode.NoContent);
        (await rep.Post("/api/leads", lead)).ShouldBe(HttpStatusCode.UnprocessableEntity);

        (await rep.Post("/api/leads", lead, key: run)).ShouldBe(HttpStatusCode.Created).Text.ShouldBe(first.Text);
    }

    [Fact]
    public async Task A_key_that_was_used_with_another_lead_is_refused()
    {
        (await rep.Post("/api/leads", new { lastName = "One", company = "Crowd" }, key: run)).ShouldBe(HttpStatusCode.Created);

        (await rep.Post("/api/leads", new { lastName = "Another", company = "Crowd" }, key: run)).ShouldBe(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
    }
}
