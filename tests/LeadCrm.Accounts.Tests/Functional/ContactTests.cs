using System.Net;
using System.Net.Http.Json;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Functional;

public class ContactTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    private static string Unique(string name) => $"{name}{Guid.NewGuid().ToString("N")[..8]}";

    [Fact]
    public async Task AC2_a_contact_keeps_every_field()
    {
        var rep = app.Rep;
        var account = await rep.NewAccount(new { name = Unique("Acme") });
        var other = await rep.NewAccount(new { name = Unique("Other") });
        var boss = await rep.NewContact(new { lastName = "Boss" });
        var email = $"{Unique("Jaime")}@Example.COM";
        var created = await rep.NewContact(new
        {
            accountId = account.Id, salutation = "Mr.", firstName = "Jaime", lastName = "Hayes", title = "CFO", department = "Finance", email, phone = "(512) 757-6000",
            mobile = "(512) 757-6001", fax = "(512) 757-9000", mailingAddress = new { city = "Austin", country = "United States" }, description = "d", source = "Web",
            doNotCall = true, emailOptOut = true, reportsToId = boss.Id, furtherAccounts = new[] { new { accountId = other.Id, role = "Consultant" } },
        });

        var read = await rep.Contact(created.Id);
        read.Email.ShouldBe(email.ToLowerInvariant());
        (read.Phone, read.Mobile, read.Fax).ShouldBe(("+15127576000", "+15127576001", "+15127579000"));
        read.MailingAddress.ShouldBe(new PostalAddress { City = "Austin", Country = "US" });
        (read.AccountId, read.ReportsToId, read.DoNotCall, read.EmailOptOut).ShouldBe((account.Id, boss.Id, true, true));
        read.FurtherAccounts.ShouldBe([new FurtherAccount { AccountId = other.Id, Role = "Consultant" }]);
        (read.Salutation, read.FirstName, read.LastName, read.Title, read.Department, read.Source, read.Description).ShouldBe(("Mr.", "Jaime", "Hayes", "CFO", "Finance", "Web", "d"));
    }

    [Fact]
    public async Task AC2_a_contact_may_be_at_no_account() => (await app.Rep.NewContact(new { lastName = "Free" })).AccountId.ShouldBeNull();

    [Fact]
    public async Task AC2_reports_to_has_no_cycles()
    {
        var rep = app.Rep;
        var top = await rep.NewContact(new { lastName = "Top" });
        var middle = await rep.NewContact(new { lastName = "Middle", reportsToId = top.Id });
        var leaf = await rep.NewContact(new { lastName = "Leaf", reportsToId = middle.Id });
        (await rep.Patch($"/api/contacts/{top.Id}", new { reportsToId = leaf.Id }, 1).Refused(HttpStatusCode.UnprocessableEntity)).Fields().ShouldBe(["reportsToId"]);
    }

    [Fact]
    public async Task AC2_an_account_shows_its_contacts_and_those_whose_further_account_it_is()
    {
        var rep = app.Rep;
        var account = await rep.NewAccount(new { name = Unique("Acme") });
        var own = await rep.NewContact(new { lastName = "Aaa", accountId = account.Id });
        var further = await rep.NewContact(new { lastName = "Bbb", furtherAccounts = new[] { new { accountId = account.Id, role = "Adviser" } } });
        await rep.NewContact(new { lastName = "Ccc" });

        var page = await rep.Page($"/api/accounts/{account.Id}/contacts");
        page.Ids().ShouldBe([own.Id, further.Id]);
        page.GetProperty("items")[1].GetProperty("furtherAccounts")[0].GetProperty("role").GetString().ShouldBe("Adviser");
    }

    [Fact]
    public async Task AC2_the_primary_contact_changes_in_one_step()
    {
        var rep = app.Rep;
        var account = await rep.NewAccount(new { name = Unique("Acme") });
        var first = await rep.NewContact(new { lastName = "First", accountId = account.Id });
        var second = await rep.NewContact(new { lastName = "Second", accountId = account.Id });

        await rep.Put($"/api/accounts/{account.Id}/primary-contact", new { contactId = first.Id }, 1).As<AccountResponse>();
        await rep.Put($"/api/accounts/{account.Id}/primary-contact", new { contactId = second.Id }, 2).As<AccountResponse>();

        (await rep.Account(account.Id)).PrimaryContactId.ShouldBe(second.Id);
        (await rep.Contact(first.Id)).PrimaryOf.ShouldBeEmpty();
        (await rep.Contact(second.Id)).PrimaryOf.ShouldBe([account.Id]);
        (await rep.Page($"/api/contacts?accountId={account.Id}")).GetProperty("items").EnumerateArray().Count(c => c.GetProperty("isPrimary").GetBoolean()).ShouldBe(1);
    }

    [Fact]
    public async Task AC2_the_primary_contact_must_be_at_the_account()
    {
        var rep = app.Rep;
        var account = await rep.NewAccount(new { name = Unique("Acme") });
        var stranger = await rep.NewContact(new { lastName = "Stranger" });
        await rep.Put($"/api/accounts/{account.Id}/primary-contact", new { contactId = stranger.Id }, 1).Refused(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AC2_a_contact_that_leaves_is_primary_no_longer(bool byDeleting)
    {
        var rep = app.Rep;
        var account = await rep.NewAccount(new { name = Unique("Acme") });
        var contact = await rep.NewContact(new { lastName = "Primary", accountId = account.Id });
        await rep.Put($"/api/accounts/{account.Id}/primary-contact", new { contactId = contact.Id }, 1).As<AccountResponse>();

        using (var answer = byDeleting ? await rep.Delete($"/api/contacts/{contact.Id}", 1) : await rep.Patch($"/api/contacts/{contact.Id}", new { accountId = (Guid?)null }, 1))
            answer.IsSuccessStatusCode.ShouldBeTrue();

        (await rep.Account(account.Id)).PrimaryContactId.ShouldBeNull();
        var told = await app.Bus.Next<AccountChanged>(m => m.AccountId == account.Id && m.Version == 3);
        told.PrimaryContactId.ShouldBeNull();
    }

    [Fact]
    public async Task A_search_finds_names_with_typos_e_mails_and_phones()
    {
        var rep = app.Rep;
        var name = Unique("Featherstonehaugh");
        var phone = $"+1512{Random.Shared.Next(1_000_000, 9_999_999)}";
        var contact = await rep.NewContact(new { firstName = "Jürgen", lastName = name, email = $"{name}@example.com", phone });

        foreach (var q in new[] { name, $"juergen {name}", name.Remove(3, 1), $"{name}@exa", phone })
            (await rep.Page($"/api/contacts?q={Uri.EscapeDataString(q)}")).Ids().ShouldContain(contact.Id, q);
    }

    [Fact]
    public async Task A_deleted_contact_can_be_restored_and_its_history_tells()
    {
        var rep = app.Rep;
        var contact = await rep.NewContact(new { lastName = Unique("Gone") });
        using (var answer = await rep.Delete($"/api/contacts/{contact.Id}", 1)) answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await rep.GetAsync($"/api/contacts/{contact.Id}").Refused(HttpStatusCode.NotFound);
        await rep.PostAsync($"/api/contacts/{contact.Id}/restore", null).As<ContactResponse>();
        (await rep.Page($"/api/contacts/{contact.Id}/history")).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("kind").GetString())
            .ShouldBe(["restored", "deleted", "created"]);
    }

    [Fact]
    public async Task Every_change_of_a_contact_is_announced()
    {
        var rep = app.Rep;
        var contact = await rep.NewContact(new { firstName = "Ann", lastName = Unique("Loud"), email = "ann@example.com" });
        await rep.Patch($"/api/contacts/{contact.Id}", new { title = "CEO" }, 1).As<ContactResponse>();
        var second = await app.Bus.Next<ContactChanged>(m => m.ContactId == contact.Id && m.Version == 2);
        (second.Kind, second.LastName, second.FirstName, second.Email).ShouldBe((ChangeKind.Updated, contact.LastName, "Ann", "ann@example.com"));
        await app.Bus.Next<ContactChanged>(m => m.ContactId == contact.Id && m is { Version: 1, Kind: ChangeKind.Created });
    }
}
