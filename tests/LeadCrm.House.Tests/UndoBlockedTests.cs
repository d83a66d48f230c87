using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace LeadCrm.House.Tests;

/// <summary>What stands in the way of an undo, who may not undo, and that nothing is ever undone by half (C35).</summary>
[Collection(nameof(InOneHouse))]
public sealed class UndoBlockedTests(House house)
{
    public static TheoryData<string, string> Reasons => new()
    {
        { "the account is edited", "account: edited" },
        { "the contact is edited", "contact: edited" },
        { "the opportunity is edited", "opportunity: edited" },
        { "the opportunity moves on", "opportunity: edited" },
        { "another contact joins the deal", "opportunity: edited" },
        { "another contact works at the account", "account: contacts" },
        { "another account is put below", "account: childAccounts" },
        { "another contact reports to the contact", "contact: reports" },
        { "another opportunity is on the account", "account: opportunities" },
        { "the contact gets a role in another deal", "contact: contactRoles" },
        { "a call is logged on the account", "account: activities" },
        { "a note is put on the contact", "contact: activities" },
        { "a task is put on the opportunity", "opportunity: activities" },
        { "an activity is taken off the lead", "account: activities" },
        { "the contact joins a campaign", "contact: memberships" },
        { "the account is deleted", "account: deleted" },
        { "the contact is deleted", "contact: deleted" },
        { "the opportunity is deleted", "opportunity: deleted" },
    };

    [Theory, MemberData(nameof(Reasons))]
    public async Task C35d_a_record_that_was_touched_or_referred_to_blocks_the_undo_and_nothing_changes(string what, string blocker)
    {
        var lead = await house.NewLead();
        await Knows(house.Activities, "lead", lead);
        (await house.Activities.Send(HttpMethod.Post, "/api/activities/calls", new { text = "Before", recordType = "lead", recordId = lead })).Expect(HttpStatusCode.Created);
        var conversion = await house.Convert(lead);
        await Touch(what, lead, conversion);
        await AllIsKnown(conversion);
        var before = await house.Snapshot();

        var preview = (await house.Undo(IdOf(conversion), new { dryRun = true })).Expect(HttpStatusCode.OK).Body!;
        var refused = (await house.Undo(IdOf(conversion))).Expect(HttpStatusCode.Conflict);

        refused.Problem.ShouldBe("conversion-undo-blocked");
        refused.Blockers.ShouldContain(blocker);
        refused.Body!["blockers"]!.AsArray().ShouldAllBe(b => b!["detail"]!.GetValue<string>().Length > 10);
        preview["status"]!.GetValue<int>().ShouldBe(409);
        preview["blockers"]!.ToJsonString().ShouldBe(refused.Body["blockers"]!.ToJsonString());
        (await house.Leads.Get($"/api/leads/{lead}"))!["isConverted"]!.GetValue<bool>().ShouldBeTrue();
        var now = await house.Snapshot();
        foreach (var (table, rows) in before) now[table].ShouldBe(rows, table);
        (await house.Leads.Database.Scalar<long>("select count(*) from conversion_undos where lead_id = $1", lead)).ShouldBe(0);
    }

    [Fact]
    public async Task C35e_whoever_may_not_is_told_so_before_anything_is_looked_for()
    {
        await house.Accounts.Share("account", "read");
        try
        {
            var lead = await house.NewLead();
            var conversion = await house.Convert(lead);
            (await house.Accounts.Change(HttpMethod.Patch, $"/api/accounts/{IdOf(conversion, "account")}", new { description = "Secret" })).Expect(HttpStatusCode.OK);
            (await house.Opportunities.Send(HttpMethod.Post, "/api/opportunities", new { name = "Hidden", accountId = IdOf(conversion, "account") })).Expect(HttpStatusCode.Created);

            foreach (var dryRun in (bool[])[false, true])
            {
                var answer = await house.Undo(IdOf(conversion), new { dryRun }, TestUser.OtherRep);
                if (!dryRun) answer.Expect(HttpStatusCode.Forbidden).Problem.ShouldBe("conversion-undo-forbidden");
                else answer.Body!["status"]!.GetValue<int>().ShouldBe(403);
                (answer.Body!["blockers"] as JsonArray)?.Count.ShouldBe(0);
                (answer.Body!["records"] as JsonArray)?.Count.ShouldBe(0);
                foreach (var secret in (string[])["Secret", "edited", "opportunit", IdOf(conversion, "account").ToString()]) answer.Text.ShouldNotContain(secret);
            }
        }
        finally
        {
            await house.Accounts.Share("account", "readWrite");
        }
    }

    [Theory, InlineData("leads.undoConversion"), InlineData("accounts.edit"), InlineData("contacts.edit"), InlineData("opportunities.edit")]
    public async Task C35e_without_a_permission_it_takes_the_undo_is_403(string permission)
    {
        var user = TestUser.With([.. TestUser.Rep.Permissions.Where(p => p != permission)]);
        await house.Know(user);
        var conversion = await house.Convert(await house.NewLead());

        (await house.Undo(IdOf(conversion), user: user)).Expect(HttpStatusCode.Forbidden);

        (await house.Undo(IdOf(conversion))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task C35f_an_edit_between_the_check_and_the_step_leaves_everything_as_it_was()
    {
        var lead = await house.NewLead();
        var conversion = await house.Convert(lead);
        var account = IdOf(conversion, "account");
        var campaign = (await house.Campaigns.Send(HttpMethod.Post, "/api/campaigns", new { name = $"Fair {House.Next()}" })).Expect(HttpStatusCode.Created).Id;
        await AllIsKnown(conversion);
        Guid undo;
        await using (var held = await Hold(house.Accounts, "conversion_steps", "conversion_id", IdOf(conversion)))
        {
            undo = (await house.Undo(IdOf(conversion), wait: null)).Expect(HttpStatusCode.Accepted).Body!["undoId"]!.GetValue<Guid>();
            // The others hold by now, and Accounts stands before its step: what it would hold can still be edited.
            await Holds(house.Opportunities, undo);
            await Holds(house.Activities, undo);
            await Holds(house.Campaigns, undo);
            (await house.Accounts.Change(HttpMethod.Patch, $"/api/accounts/{account}", new { description = "In the meantime" })).Expect(HttpStatusCode.OK);
            (await house.Campaigns.Send(HttpMethod.Post, $"/api/campaigns/{campaign}/members", new { contactId = IdOf(conversion, "contact") })).Expect(HttpStatusCode.Conflict);
            (await house.Leads.Change(HttpMethod.Patch, $"/api/leads/{lead}", new { title = "Locked" }, user: TestUser.Admin)).Expect(HttpStatusCode.Conflict).Problem.ShouldBe("lead-locked");
        }

        var over = await house.Over(undo);

        over["state"]!.GetValue<string>().ShouldBe("givenUp");
        over["failure"]!["blockers"]!.AsArray().ShouldContain(b => b!["code"]!.GetValue<string>() == "edited");
        over["records"]!.AsArray().ShouldBeEmpty();
        (await house.Leads.Get($"/api/leads/{lead}"))!["isConverted"]!.GetValue<bool>().ShouldBeTrue();
        foreach (var (room, path) in Records(conversion)) (await room.Get(path))!["provisional"]!.GetValue<bool>().ShouldBeFalse(path);
        (await house.Activities.Database.Scalar<long>("select count(*) from held_records")).ShouldBe(0);
        // Nothing stays locked: everything can be worked with, and referred to.
        (await house.Opportunities.Change(HttpMethod.Patch, $"/api/opportunities/{IdOf(conversion, "opportunity")}", new { nextStep = "Go on" })).Expect(HttpStatusCode.OK);
        (await house.Opportunities.Send(HttpMethod.Post, "/api/opportunities", new { name = "Next", accountId = account })).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task C35f_while_an_undo_is_decided_what_is_to_go_cannot_be_changed_or_referred_to()
    {
        var lead = await house.NewLead();
        var conversion = await house.Convert(lead);
        var (account, contact, deal) = (IdOf(conversion, "account"), IdOf(conversion, "contact"), IdOf(conversion, "opportunity"));
        await AllIsKnown(conversion);
        var other = (await house.Accounts.Send(HttpMethod.Post, "/api/contacts", new { lastName = $"Other {House.Next()}" })).Expect(HttpStatusCode.Created).Id;
        Guid undo;
        await using (var held = await Hold(house.Campaigns, "platform.record_access", "record_id", lead))
        {
            // Campaigns stands before its step; all others hold.
            undo = (await house.Undo(IdOf(conversion), wait: null)).Expect(HttpStatusCode.Accepted).Body!["undoId"]!.GetValue<Guid>();
            foreach (var room in (Room[])[house.Accounts, house.Opportunities, house.Activities]) await Holds(room, undo);
            (await house.Accounts.Get($"/api/accounts/{account}"))!["provisional"]!.GetValue<bool>().ShouldBeTrue();
            (await house.Accounts.Change(HttpMethod.Patch, $"/api/accounts/{account}", new { description = "No" })).Expect(HttpStatusCode.Conflict);
            (await house.Accounts.Change(HttpMethod.Patch, $"/api/contacts/{contact}", new { title = "No" })).Expect(HttpStatusCode.Conflict);
            (await house.Accounts.Send(HttpMethod.Post, "/api/contacts", new { lastName = "No", accountId = account })).Expect(HttpStatusCode.Conflict);
            (await house.Accounts.Send(HttpMethod.Post, "/api/accounts", new { name = "No", parentAccountId = account })).Expect(HttpStatusCode.Conflict);
            (await house.Accounts.Change(HttpMethod.Patch, $"/api/contacts/{other}", new { reportsToId = contact })).Expect(HttpStatusCode.Conflict);
            (await house.Opportunities.Change(HttpMethod.Patch, $"/api/opportunities/{deal}", new { nextStep = "No" })).Expect(HttpStatusCode.Conflict);
            (await house.Opportunities.Send(HttpMethod.Post, "/api/opportunities", new { name = "No", accountId = account })).Expect(HttpStatusCode.Conflict);
            (await house.Activities.Send(HttpMethod.Post, "/api/activities/calls", new { text = "No", recordType = "account", recordId = account })).Expect(HttpStatusCode.Conflict);
        }
        (await house.Over(undo))["state"]!.GetValue<string>().ShouldBe("undone");
    }

    [Fact]
    public async Task C35g_outside_the_window_the_answer_says_until_when_it_was_possible()
    {
        var lead = await house.NewLead();
        var conversion = await house.Convert(lead);
        await house.Leads.Database.Execute("update leads set converted_at = now() - interval '8 days' where id = $1", lead);

        var refused = (await house.Undo(IdOf(conversion))).Expect(HttpStatusCode.Conflict);

        refused.Problem.ShouldBe("conversion-undo-window-passed");
        refused.Body!["until"]!.GetValue<DateTimeOffset>().ShouldBe(DateTimeOffset.UtcNow.AddDays(-1), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task C35h_the_same_key_is_the_same_undo_and_of_two_others_one_wins()
    {
        var conversion = await house.Convert(await house.NewLead());
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => house.Undo(IdOf(conversion), key: $"undo-{i % 2}-{IdOf(conversion)}")));

        var winners = answers.Where(a => a.Status == HttpStatusCode.OK).Select(a => a.Body!["undoId"]!.GetValue<Guid>()).Distinct();
        winners.Count().ShouldBe(1, string.Join('\n', answers.Select(a => a.Text)));
        answers.Where(a => a.Status != HttpStatusCode.OK).ShouldAllBe(a => a.Status == HttpStatusCode.Conflict);
        (await house.Leads.Database.Scalar<long>("select count(*) from conversion_undos where conversion_id = $1", IdOf(conversion))).ShouldBe(1);
        var winner = answers.Select((a, i) => (a, i)).First(x => x.a.Status == HttpStatusCode.OK).i % 2;
        (await house.Undo(IdOf(conversion), key: $"undo-{winner}-{IdOf(conversion)}")).Expect(HttpStatusCode.OK).Body!["undoId"]!.GetValue<Guid>().ShouldBe(winners.Single());
    }

    private async Task Touch(string what, Guid lead, JsonNode conversion)
    {
        var (account, contact, deal) = (IdOf(conversion, "account"), IdOf(conversion, "contact"), IdOf(conversion, "opportunity"));
        string accounts = $"/api/accounts/{account}", contacts = $"/api/contacts/{contact}", deals = $"/api/opportunities/{deal}";
        Task<Answer> NewContact(object values) => house.Accounts.Send(HttpMethod.Post, "/api/contacts", values);
        Task<Answer> Put(string path, object values) => house.Activities.Send(HttpMethod.Post, path, values);
        await Knows(house.Activities, "account", account);
        await Knows(house.Activities, "contact", contact);
        await Knows(house.Activities, "opportunity", deal);
        var answer = what switch
        {
            "the account is edited" => await house.Accounts.Change(HttpMethod.Patch, accounts, new { description = "Worked with" }),
            "the contact is edited" => await house.Accounts.Change(HttpMethod.Patch, contacts, new { title = "Worked with" }),
            "the opportunity is edited" => await house.Opportunities.Change(HttpMethod.Patch, deals, new { nextStep = "Worked with" }),
            "the opportunity moves on" => await house.Opportunities.Send(HttpMethod.Post, deals + "/stage", new { stage = await NextStage(deals) }, null, ("If-Match", $"\"{(await house.Opportunities.Get(deals))!["version"]}\"")),
            "another contact joins the deal" => await house.Opportunities.Change(HttpMethod.Put, $"{deals}/contact-roles/{(await NewContact(new { lastName = $"Joins {House.Next()}" })).Id}", new { role = "influencer" }, deals),
            "another contact works at the account" => await NewContact(new { lastName = $"Colleague {House.Next()}", accountId = account }),
            "another account is put below" => await house.Accounts.Send(HttpMethod.Post, "/api/accounts", new { name = $"Branch {House.Next()}", parentAccountId = account }),
            "another contact reports to the contact" => await NewContact(new { lastName = $"Reports {House.Next()}", reportsToId = contact }),
            "another opportunity is on the account" => await house.Opportunities.Send(HttpMethod.Post, "/api/opportunities", new { name = "Second", accountId = account }),
            "the contact gets a role in another deal" => await InAnotherDeal(contact),
            "a call is logged on the account" => await Put("/api/activities/calls", new { text = "Called", recordType = "account", recordId = account }),
            "a note is put on the contact" => await Put("/api/notes", new { title = "Note", html = "<p>x</p>", related = new[] { new { type = "contact", id = contact } } }),
            "a task is put on the opportunity" => await Put("/api/activities", new { kind = "task", subject = "Do", related = new[] { new { type = "opportunity", id = deal } } }),
            "an activity is taken off the lead" => await TakenOff(lead, account),
            "the contact joins a campaign" => await Joins(contact),
            "the account is deleted" => await house.Accounts.Change(HttpMethod.Delete, accounts),
            "the contact is deleted" => await house.Accounts.Change(HttpMethod.Delete, contacts),
            "the opportunity is deleted" => await house.Opportunities.Change(HttpMethod.Delete, deals),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "No such case."),
        };
        ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
    }

    private async Task<string> NextStage(string deal)
    {
        var now = (await house.Opportunities.Get(deal))!["stage"]!.GetValue<string>();
        var stages = (await house.Opportunities.Get("/api/opportunities/stages"))!.AsArray()[0]!["stages"]!.AsArray().Select(stage => stage!["name"]!.GetValue<string>()).ToList();
        return stages[stages.IndexOf(now) + 1];
    }

    private async Task<Answer> InAnotherDeal(Guid contact)
    {
        var account = (await house.Accounts.Send(HttpMethod.Post, "/api/accounts", new { name = $"Elsewhere {House.Next()}" })).Id;
        return await house.Opportunities.Send(HttpMethod.Post, "/api/opportunities", new { name = "Elsewhere", accountId = account, contactRoles = new[] { new { contactId = contact } } });
    }

    private async Task<Answer> TakenOff(Guid lead, Guid account)
    {
        var items = (await house.Activities.Get($"/api/activities/timeline?recordType=lead&recordId={lead}"))!["items"]!.AsArray();
        return await house.Activities.Change(HttpMethod.Patch, $"/api/activities/{items[0]!["id"]}", new { related = new[] { new { type = "account", id = account } } });
    }

    private async Task<Answer> Joins(Guid contact)
    {
        var campaign = (await house.Campaigns.Send(HttpMethod.Post, "/api/campaigns", new { name = $"Fair {House.Next()}" })).Expect(HttpStatusCode.Created).Id;
        await Knows(house.Campaigns, "contact", contact);
        return await house.Campaigns.Send(HttpMethod.Post, $"/api/campaigns/{campaign}/members", new { contactId = contact });
    }

    /// <summary>Events of the conversion are through everywhere: what is compared does not change by itself any more.</summary>
    private async Task AllIsKnown(JsonNode conversion)
    {
        var lead = conversion["leadId"]!.GetValue<Guid>();
        var touch = await house.Activities.Database.Scalar<long>("select coalesce(max(version), 0) from record_touches where record_type = 'lead' and record_id = $1", lead);
        await Eventually.Is(() => house.Leads.Database.Scalar<bool>("select coalesce((select activity_version from lead_signals where lead_id = $1), 0) >= $2", lead, touch), "Leads knows the lead's last touch");
        foreach (var type in (string[])["account", "contact", "opportunity"])
        {
            var (id, room) = (IdOf(conversion, type), type == "opportunity" ? house.Opportunities : house.Accounts);
            var table = type == "opportunity" ? "opportunities" : type + "s";
            var version = await room.Database.Scalar<long>($"select version from {table} where id = $1", id);
            await Eventually.Is(() => house.Activities.Database.Scalar<bool>("select exists (select from platform.record_access where record_id = $1 and version >= $2)", id, version), $"Activities knows the {type}");
            if (type != "account")
                await Eventually.Is(() => house.Campaigns.Database.Scalar<bool>("select exists (select from platform.record_access where record_id = $1 and version >= $2)", id, version), $"Campaigns knows the {type}");
        }
    }

    private IEnumerable<(Room Room, string Path)> Records(JsonNode conversion) =>
    [
        (house.Accounts, $"/api/accounts/{IdOf(conversion, "account")}"), (house.Accounts, $"/api/contacts/{IdOf(conversion, "contact")}"),
        (house.Opportunities, $"/api/opportunities/{IdOf(conversion, "opportunity")}"),
    ];

    private static Task Knows(Room room, string type, Guid id) => Eventually.Is(
        () => room.Database.Scalar<bool>("select exists (select from platform.record_access where record_type = $1 and record_id = $2)", type, id), $"{room.Service} knows the {type}");

    private static Task Holds(Room room, Guid undo) => Eventually.Is(
        () => room.Database.Scalar<bool>("select exists (select from conversion_undos where undo_id = $1 and state = 'Held')", undo), $"{room.Service} holds");

    private static Task<RowLock> Hold(Room room, string table, string key, Guid id) => RowLock.Of(room, table, key, id);

    private static Guid IdOf(JsonNode conversion) => conversion["conversionId"]!.GetValue<Guid>();

    private static Guid IdOf(JsonNode conversion, string record) => conversion[record]!["id"]!.GetValue<Guid>();
}

/// <summary>A row that a test holds, so that whoever wants to change it waits.</summary>
internal sealed class RowLock : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly string sql;
    private readonly Guid id;
    private NpgsqlTransaction? transaction;

    private RowLock(NpgsqlConnection connection, string sql, Guid id) => (this.connection, this.sql, this.id) = (connection, sql, id);

    public static async Task<RowLock> Of(Room room, string table, string key, Guid id)
    {
        var connection = new NpgsqlConnection(room.Database.ConnectionString);
        await connection.OpenAsync();
        var row = new RowLock(connection, $"select 1 from {table} where {key} = $1 for update", id);
        await row.Take();
        return row;
    }

    public async Task Take()
    {
        transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteScalarAsync();
    }

    public async Task Release()
    {
        if (transaction is not null) await transaction.DisposeAsync();
        transaction = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Release();
        await connection.DisposeAsync();
    }
}
