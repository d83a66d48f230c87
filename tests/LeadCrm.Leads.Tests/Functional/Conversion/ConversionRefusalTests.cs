using System.Net;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Leads.Contracts;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional.Conversion;

/// <summary>Requests that are refused before anything is written.</summary>
[Collection(nameof(ConversionCollection))]
public sealed class ConversionRefusalTests(ConversionApp app)
{
    [Fact]
    public async Task C1_who_may_not_convert_gets_403_and_nothing_changes()
    {
        var lead = await app.NewLead();

        (await app.Convert(lead, user: TestUser.Reader)).Status.ShouldBe(HttpStatusCode.Forbidden);
        await app.NothingHappened(lead);
    }

    [Fact]
    public async Task C1_who_may_convert_but_not_edit_leads_gets_403()
    {
        var user = TestUser.With("leads.read", "leads.convert");
        await app.Know(user);
        var lead = await app.NewLead();

        (await app.Convert(lead, user: user)).Status.ShouldBe(HttpStatusCode.Forbidden);
        await app.NothingHappened(lead);
    }

    [Fact]
    public async Task C1_a_participants_403_is_the_answer_and_nothing_changes()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).CheckOpportunity = _ => new() { Status = 403, Reason = "You may not create opportunities." };

        var answer = await app.Convert(lead);

        answer.Status.ShouldBe(HttpStatusCode.Forbidden);
        answer.Body!["detail"]!.GetValue<string>().ShouldBe("You may not create opportunities.");
        await app.NothingHappened(lead);
    }

    [Fact]
    public async Task C1_the_participants_are_asked_with_the_acting_users_own_token()
    {
        var lead = await app.NewLead();
        await app.Convert(lead);

        var token = app.Participants.For(lead).Tokens.ShouldHaveSingleItem();
        token.ShouldStartWith("Bearer ");
        new JsonWebToken(token["Bearer ".Length..]).Subject.ShouldBe(TestUser.Rep.Id.ToString());
    }

    [Fact]
    public async Task C3_an_existing_contact_without_its_account_is_422()
    {
        var lead = await app.NewLead();
        var answer = await app.Convert(lead, new { contact = new { mode = "existing", id = Guid.NewGuid() } });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["contact.mode"]);
        await app.NothingHappened(lead);
    }

    [Fact]
    public async Task C3_a_contact_of_another_account_is_422_as_accounts_says()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).CheckAccounts = _ => new()
        {
            Status = 422, Violations = [new() { Record = "contact", Field = "contactId", Message = "The contact belongs to another account." }],
        };

        var answer = await app.Convert(lead, new { account = new { mode = "existing", id = Guid.NewGuid() }, contact = new { mode = "existing", id = Guid.NewGuid() } });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["contact.id"]);
        await app.NothingHappened(lead);
    }

    [Fact]
    public async Task C4_no_opportunity_with_a_name_is_422()
    {
        var answer = await app.Convert(await app.NewLead(), new { opportunity = new { mode = "none", name = "Deal" } });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["opportunity.mode"]);
    }

    [Fact]
    public async Task C4_a_closed_opportunity_is_422_as_opportunities_says()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).CheckOpportunity = _ => new() { Status = 422, Violations = [new() { Field = "opportunityId", Message = "The opportunity is closed." }] };

        var answer = await app.Convert(lead, new { account = new { mode = "existing", id = Guid.NewGuid() }, opportunity = new { mode = "existing", id = Guid.NewGuid() } });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["opportunity.id"]);
        await app.NothingHappened(lead);
    }

    [Fact]
    public async Task C5_a_lead_in_a_queue_without_an_owner_is_422()
    {
        var lead = await InQueue();
        var answer = await app.Convert(lead);

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["ownerId"]);
        await app.NothingHappened(lead);
    }

    [Fact]
    public async Task C5_a_lead_in_a_queue_is_converted_for_the_named_owner()
    {
        var lead = await InQueue();
        var answer = await app.Convert(lead, new { ownerId = TestUser.OtherRep.Id }, wait: 30);

        answer.State.ShouldBe("completed");
        app.Participants.For(lead).Of<CreateAccountAndContact>().Single().OwnerId.ShouldBe(TestUser.OtherRep.Id);
    }

    [Fact]
    public async Task C5_an_inactive_owner_is_422()
    {
        var gone = TestUser.With("leads.read");
        await app.Know(gone);
        await app.Database.Execute("update platform.directory_users set is_active = false where id = $1", gone.Id);
        await app.Stop();
        await app.Start();   // reads the directory anew

        var answer = await app.Convert(await app.NewLead(), new { ownerId = gone.Id });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["ownerId"]);
    }

    [Fact]
    public async Task C6_all_violations_of_all_participants_return_together()
    {
        var lead = await app.NewLead();
        var script = app.Participants.For(lead);
        script.CheckAccounts = _ => new() { Status = 422, Violations = [new() { Record = "account", Field = "website", Message = "Not a web address." }, new() { Record = "contact", Field = "email", Message = "Not an e-mail." }] };
        script.CheckOpportunity = _ => new() { Status = 422, Violations = [new() { Field = "stage", Message = "There is no such stage." }] };

        var answer = await app.Convert(lead, new { convertedStatus = "Working", ownerId = Guid.NewGuid() });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Errors.ShouldBe(["account.website", "contact.email", "opportunity.stage", "convertedStatus", "ownerId"], ignoreOrder: true);
        await app.NothingHappened(lead);
    }

    [Fact]
    public async Task C7_a_deleted_lead_is_409()
    {
        var lead = await app.NewLead();
        using var delete = new HttpRequestMessage(HttpMethod.Delete, $"/api/leads/{lead}");
        delete.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        (await app.As(TestUser.Rep).SendAsync(delete)).IsSuccessStatusCode.ShouldBeTrue();

        var answer = await app.Convert(lead);

        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        answer.Problem.ShouldBe("lead-deleted");
    }

    [Fact]
    public async Task C7_a_lead_that_is_being_converted_is_409_with_the_operation()
    {
        var lead = await app.NewLead();
        app.Participants.For(lead).Account = _ => null;
        var first = await app.Convert(lead);

        var answer = await app.Convert(lead);

        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        answer.Problem.ShouldBe("lead-locked");
        answer.ConversionId.ShouldBe(first.ConversionId);
    }

    [Fact]
    public async Task C7_a_converted_lead_is_409_with_the_ids_of_what_it_became()
    {
        var lead = await app.NewLead();
        var first = await app.Convert(lead, wait: 30);

        var answer = await app.Convert(lead);

        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        foreach (var record in new[] { "account", "contact", "opportunity" })
            answer.Body![record + "Id"]!.GetValue<Guid>().ShouldBe(first.Body![record]!["id"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task C7_an_unknown_lead_is_404() => (await app.Convert(Guid.NewGuid())).Status.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task An_unknown_member_of_the_request_is_refused_by_name()
    {
        var answer = await app.Convert(await app.NewLead(), new { acount = new { mode = "create" } });

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Body!["detail"]!.GetValue<string>().ShouldContain("acount");
    }

    [Fact]
    public async Task A_stale_if_match_is_412()
    {
        var lead = await app.NewLead();
        (await app.Convert(lead, ifMatch: "\"7\"")).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        await app.NothingHappened(lead);
    }

    [Fact]
    public async Task A_current_if_match_is_accepted() =>
        (await app.Convert(await app.NewLead(), ifMatch: "\"1\"")).Status.ShouldBe(HttpStatusCode.Accepted);

    [Fact]
    public async Task C7_on_a_converted_lead_409_comes_before_412()
    {
        var lead = await app.NewLead();
        await app.Convert(lead, wait: 30);

        (await app.Convert(lead, ifMatch: "\"1\"")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    private async Task<Guid> InQueue()
    {
        var queue = Guid.CreateVersion7();
        await app.Database.Execute("insert into lead_queues (id, name, version, members) values ($1, $2, 1, '{}')", queue, $"Queue {queue}");
        var lead = await app.NewLead();
        await app.Database.Execute("update leads set owner_id = null, queue_id = $2 where id = $1", lead, queue);
        return lead;
    }
}
