using System.Net;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

[Collection(nameof(OneApp))]
public sealed class Stages(OpportunitiesApp app)
{
    [Fact]
    public async Task OP3_every_stage_move_is_recorded_with_amount_and_probability_at_the_time()
    {
        var deal = await app.Deal(new { amount = 10 });
        var path = $"/api/opportunities/{deal.Id}";
        await Move(deal.Id, new { stage = "Proposal" });
        await app.Rep.Patch(path, new { amount = 20, probability = 77 }, "\"2\"");
        await Move(deal.Id, new { stage = "Closed Won", reason = "Best price" });

        var moves = (await app.Rep.Get($"{path}/stages")).ShouldBe(HttpStatusCode.OK)["items"].Items();
        moves.Select(m => m.GetProperty("kind").GetString()).ShouldBe(["won", "moved", "created"]);
        moves.Select(m => m.GetProperty("toStage").GetString()).ShouldBe(["Closed Won", "Proposal", "Prospecting"]);
        moves.Select(m => m.GetProperty("fromStage").GetString()).ShouldBe(["Proposal", "Prospecting", null]);
        moves.Select(m => m.GetProperty("amount").GetDecimal()).ShouldBe([20, 10, 10]);
        moves.Select(m => m.GetProperty("probability").GetInt32()).ShouldBe([100, 60, 10]);
        moves[0].GetProperty("reason").GetString().ShouldBe("Best price");
        moves[0].GetProperty("actorName").GetString().ShouldBe(Testing.TestUser.Rep.Name);
    }

    [Fact]
    public async Task OP2_won_and_lost_need_a_reason()
    {
        var deal = await app.Deal(new { amount = 10 });
        foreach (var stage in new[] { "Closed Won", "Closed Lost" })
            (await app.Rep.Post($"/api/opportunities/{deal.Id}/stage", new { stage })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["reason"]);
        var lost = await Move(deal.Id, new { stage = "Closed Lost", reason = "No budget" });
        lost["closeReason"].GetString().ShouldBe("No budget");
        lost["stageCategory"].GetString().ShouldBe("lost");
    }

    [Fact]
    public async Task OP2_exit_criteria_must_be_filled_before_a_deal_moves_on()
    {
        var deal = await app.Deal();
        await Move(deal.Id, new { stage = "Proposal" });
        (await app.Rep.Post($"/api/opportunities/{deal.Id}/stage", new { stage = "Negotiation" })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["amount"]);
        await app.Rep.Patch($"/api/opportunities/{deal.Id}", new { amount = 1 }, "\"2\"");
        (await Move(deal.Id, new { stage = "Negotiation" }))["stage"].GetString().ShouldBe("Negotiation");
    }

    [Fact]
    public async Task OP2_reopening_a_closed_deal_is_logged()
    {
        var deal = await app.Deal();
        await Move(deal.Id, new { stage = "Closed Lost", reason = "No budget" });
        var open = await Move(deal.Id, new { stage = "Qualification", reason = "New budget" });
        open["closedAt"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var move = (await app.Rep.Get($"/api/opportunities/{deal.Id}/stages?kind=reopened"))["items"].Items().ShouldHaveSingleItem();
        move.GetProperty("reason").GetString().ShouldBe("New budget");
    }

    [Fact]
    public async Task OP3_a_move_on_an_old_version_is_412_when_the_caller_names_one()
    {
        var deal = await app.Deal();
        await Move(deal.Id, new { stage = "Qualification" });
        (await app.Rep.Post($"/api/opportunities/{deal.Id}/stage", new { stage = "Proposal" }, ifMatch: deal.ETag)).ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task OP3_age_in_stage_and_rotting_can_be_read_filtered_and_sorted_by()
    {
        var account = await app.Account();
        var (fresh, old, won) = (await app.Deal(null, account), await app.Deal(null, account), await app.Deal(new { amount = 1 }, account));
        await Move(won.Id, new { stage = "Closed Won", reason = "x" });
        await app.Database.Execute("update opportunities set stage_entered_at = now() - interval '15 days 1 hour' where id = $1 or id = $2", old.Id, won.Id);

        var read = await app.Rep.Get($"/api/opportunities/{old.Id}");
        read["rotting"].GetBoolean().ShouldBeTrue();
        read["daysInStage"].GetInt32().ShouldBe(15);
        (await List($"accountId={account}&rotting=true")).ShouldBe([old.Id]);
        (await List($"accountId={account}&rotting=false&stageCategory=open")).ShouldBe([fresh.Id]);
        (await List($"accountId={account}&daysInStage[gte]=15&stageCategory=open")).ShouldBe([old.Id]);
        (await List($"accountId={account}&sort=daysInStage&limit=1")).ShouldBe([fresh.Id]);
    }

    [Fact]
    public async Task OP2_the_default_pipeline_is_there_from_the_start()
    {
        var pipelines = (await app.Reader.Get("/api/opportunities/stages")).ShouldBe(HttpStatusCode.OK).Body.Items();
        var sales = pipelines.Single(p => p.GetProperty("isDefault").GetBoolean());
        sales.GetProperty("stages").Items().Select(s => s.GetProperty("category").GetString()).ShouldBe(["open", "open", "open", "open", "open", "won", "lost"]);
    }

    [Fact]
    public async Task OP2_an_administrator_adds_changes_and_removes_pipelines()
    {
        var added = (await app.Admin.Post("/api/opportunities/pipelines", Renewals())).ShouldBe(HttpStatusCode.Created);
        var path = $"/api/opportunities/pipelines/{added.Id}";
        var stages = added["stages"].Items();

        var deal = await app.Deal(new { pipelineId = added.Id });
        deal["stage"].GetString().ShouldBe("Due");
        deal["probability"].GetInt32().ShouldBe(70);

        // A stage in use stays, also when its deal lies in the recycle bin.
        await app.Rep.Delete($"/api/opportunities/{deal.Id}", deal.ETag);
        var withoutDue = new { name = added["name"].GetString(), stages = new object[] { new { name = "Noticed" }, Stage(stages[1]), Stage(stages[2]) } };
        (await app.Admin.Put(path, withoutDue, added.ETag)).ShouldBe(HttpStatusCode.Conflict).Type.ShouldBe("urn:leadcrm:stage-in-use");
        (await app.Admin.Delete(path, added.ETag)).ShouldBe(HttpStatusCode.Conflict).Type.ShouldBe("urn:leadcrm:stage-in-use");

        // Nor does it turn into a closed one under its deals.
        var closed = new { name = "x", stages = new object[] { new { id = stages[0].GetProperty("id").GetGuid(), name = "Due", category = "won" }, new { name = "New" }, Stage(stages[2]) } };
        (await app.Admin.Put(path, closed, added.ETag)).ShouldBe(HttpStatusCode.Conflict).Type.ShouldBe("urn:leadcrm:stage-in-use");

        var reordered = new { name = added["name"].GetString(), stages = new object[] { new { name = "Noticed", probability = 50 }, Stage(stages[0]), Stage(stages[1]), Stage(stages[2]) } };
        var changed = (await app.Admin.Put(path, reordered, added.ETag)).ShouldBe(HttpStatusCode.OK);
        changed["stages"].Strings("name").ShouldBe(["Noticed", "Due", "Renewed", "Gone"]);
        changed["stages"].Items()[1].GetProperty("id").GetGuid().ShouldBe(stages[0].GetProperty("id").GetGuid());
        (await app.Admin.Put(path, reordered, added.ETag)).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await app.Admin.Put(path, reordered, null)).ShouldBe(HttpStatusCode.PreconditionRequired);

        await app.Database.Execute("delete from opportunities where id = $1", deal.Id);
        (await app.Admin.Delete(path, changed.ETag)).ShouldBe(HttpStatusCode.NoContent);
        (await app.Admin.Get(path)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task OP2_the_setup_of_stages_needs_its_permission()
    {
        (await app.Rep.Post("/api/opportunities/pipelines", Renewals())).ShouldBe(HttpStatusCode.Forbidden);
        var id = (await app.Rep.Get("/api/opportunities/stages")).Body.Items()[0].GetProperty("id").GetGuid();
        (await app.Rep.Put($"/api/opportunities/pipelines/{id}", Renewals(), "\"1\"")).ShouldBe(HttpStatusCode.Forbidden);
        (await app.Rep.Delete($"/api/opportunities/pipelines/{id}", "\"1\"")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task OP2_a_stage_of_another_pipeline_is_reached_by_its_id()
    {
        var added = (await app.Admin.Post("/api/opportunities/pipelines", Renewals())).ShouldBe(HttpStatusCode.Created);
        var deal = await app.Deal();
        (await app.Rep.Post($"/api/opportunities/{deal.Id}/stage", new { stage = "Due" })).ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["stage"]);
        var moved = await Move(deal.Id, new { stageId = added["stages"].Items()[0].GetProperty("id").GetGuid() });
        moved["pipelineId"].GetGuid().ShouldBe(added.Id);
    }

    private async Task<Answer> Move(Guid id, object body) => (await app.Rep.Post($"/api/opportunities/{id}/stage", body)).ShouldBe(HttpStatusCode.OK);

    private async Task<Guid[]> List(string query) =>
        [.. (await app.Rep.Get($"/api/opportunities?{query}")).ShouldBe(HttpStatusCode.OK)["items"].Items().Select(i => i.GetProperty("id").GetGuid())];

    private static object Renewals() => new
    {
        name = $"Renewals {Guid.NewGuid():N}",
        stages = new object[]
        {
            new { name = "Due", category = "open", probability = 70, forecastCategory = "commit", expectedDays = 30 },
            new { name = "Renewed", category = "won", probability = 100, forecastCategory = "closed" },
            new { name = "Gone", category = "lost", forecastCategory = "omitted" },
        },
    };

    private static object Stage(System.Text.Json.JsonElement stage) => new
    {
        id = stage.GetProperty("id").GetGuid(),
        name = stage.GetProperty("name").GetString(),
        category = stage.GetProperty("category").GetString(),
        probability = stage.GetProperty("probability").GetInt32(),
    };
}
