using System.Net;
using Shouldly;
using Xunit;

namespace LeadCrm.Opportunities.Tests.Functional;

[Collection(nameof(OneApp))]
public sealed class Contact_roles(OpportunitiesApp app)
{
    [Theory]
    [InlineData("decisionMaker")]
    [InlineData("economicBuyer")]
    [InlineData("influencer")]
    [InlineData("evaluator")]
    [InlineData("user")]
    [InlineData("other")]
    public async Task OP5_a_contact_gets_a_role_and_loses_it(string role)
    {
        var (deal, contact) = (await app.Deal(), await app.Contact("Ann Other"));
        var path = $"/api/opportunities/{deal.Id}/contact-roles/{contact}";
        var with = (await app.Rep.Put(path, new { role }, deal.ETag)).ShouldBe(HttpStatusCode.OK);
        var added = with["contactRoles"].Items().ShouldHaveSingleItem();
        added.GetProperty("role").GetString().ShouldBe(role);
        added.GetProperty("contactName").GetString().ShouldBe("Ann Other");
        with.ETag.ShouldBe("\"2\"");

        var without = (await app.Rep.Delete(path, with.ETag)).ShouldBe(HttpStatusCode.OK);
        without["contactRoles"].Items().ShouldBeEmpty();
        (await app.Rep.Delete(path, without.ETag)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task OP5_a_new_primary_contact_takes_over_in_one_step()
    {
        var (first, second) = (await app.Contact(), await app.Contact());
        var deal = await app.Deal(new { contactRoles = new[] { new { contactId = first, role = "user", isPrimary = true }, new { contactId = second, role = "evaluator", isPrimary = false } } });
        var changed = (await app.Rep.Put($"/api/opportunities/{deal.Id}/contact-roles/{second}", new { role = "evaluator", isPrimary = true }, deal.ETag)).ShouldBe(HttpStatusCode.OK);
        changed["contactRoles"].Items().Where(r => r.GetProperty("isPrimary").GetBoolean()).ShouldHaveSingleItem().GetProperty("contactId").GetGuid().ShouldBe(second);
    }

    [Fact]
    public async Task OP5_the_database_itself_allows_one_primary_contact()
    {
        var (first, second) = (await app.Contact(), await app.Contact());
        var deal = await app.Deal(new { contactRoles = new[] { new { contactId = first, isPrimary = true }, new { contactId = second, isPrimary = false } } });
        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() => app.Database.Execute("update contact_roles set is_primary = true where opportunity_id = $1", deal.Id));
        refused.SqlState.ShouldBe(Npgsql.PostgresErrorCodes.UniqueViolation);
    }

    [Fact]
    public async Task OP5_two_primary_contacts_at_creation_are_refused()
    {
        var refused = await app.Rep.Post("/api/opportunities", new
        {
            name = "x", accountId = await app.Account(),
            contactRoles = new[] { new { contactId = await app.Contact(), isPrimary = true }, new { contactId = await app.Contact(), isPrimary = true } },
        });
        refused.ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["contactRoles"]);
    }

    [Fact]
    public async Task OP5_a_contact_that_does_not_exist_is_a_422()
    {
        var deal = await app.Deal();
        (await app.Rep.Put($"/api/opportunities/{deal.Id}/contact-roles/{Guid.CreateVersion7()}", new { role = "user" }, deal.ETag))
            .ShouldBe(HttpStatusCode.UnprocessableEntity).Errors.ShouldBe(["contactId"]);
    }

    [Fact]
    public async Task OP5_a_change_of_roles_needs_the_version()
    {
        var (deal, contact) = (await app.Deal(), await app.Contact());
        (await app.Rep.Put($"/api/opportunities/{deal.Id}/contact-roles/{contact}", new { role = "user" }, null)).ShouldBe(HttpStatusCode.PreconditionRequired);
        (await app.Rep.Put($"/api/opportunities/{deal.Id}/contact-roles/{contact}", new { role = "user" }, "\"9\"")).ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task OP5_a_change_of_roles_is_in_the_history()
    {
        var (deal, contact) = (await app.Deal(), await app.Contact());
        await app.Rep.Put($"/api/opportunities/{deal.Id}/contact-roles/{contact}", new { role = "user" }, deal.ETag);
        var entry = (await app.Rep.Get($"/api/opportunities/{deal.Id}/history"))["items"].Items()[0];
        entry.GetProperty("version").GetInt64().ShouldBe(2);
        var change = entry.GetProperty("changes").GetProperty("contactRoles");
        change.GetProperty("old").Items().ShouldBeEmpty();
        change.GetProperty("new").Items().ShouldHaveSingleItem().GetProperty("role").GetString().ShouldBe("user");
    }
}
