using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Unit;

public class RecordRulesTests
{
    private readonly List<string> problems = [];

    private void Report(string field, string message) => problems.Add(field);

    [Fact]
    public void AC1_an_account_needs_a_name()
    {
        new AccountInput { Name = "  " }.Normalised(Report);
        problems.ShouldBe(["name"]);
    }

    [Fact]
    public void AC1_revenue_needs_a_currency()
    {
        new AccountInput { Name = "Acme", AnnualRevenue = 5m }.Normalised(Report);
        problems.ShouldBe(["revenueCurrency"]);
    }

    [Fact]
    public void AC1_negative_figures_are_refused()
    {
        new AccountInput { Name = "Acme", AnnualRevenue = -5m, RevenueCurrency = "eur", Employees = -1 }.Normalised(Report).RevenueCurrency.ShouldBe("EUR");
        problems.ShouldBe(["annualRevenue", "employees"]);
    }

    [Fact]
    public void AC1_a_user_is_on_the_team_only_once()
    {
        var user = Guid.CreateVersion7();
        new AccountInput { Name = "Acme", Team = [new() { UserId = user }, new() { UserId = user, Access = TeamAccess.Edit }] }.Normalised(Report);
        problems.ShouldBe(["team"]);
    }

    [Fact]
    public void AC2_a_contact_needs_a_last_name()
    {
        new ContactInput { FirstName = "Ann" }.Normalised(Report);
        problems.ShouldBe(["lastName"]);
    }

    [Fact]
    public void AC2_a_further_account_is_named_once_and_is_not_the_own_one()
    {
        var account = Guid.CreateVersion7();
        new ContactInput { LastName = "Ann", AccountId = account, FurtherAccounts = [new() { AccountId = account }, new() { AccountId = account }] }.Normalised(Report);
        problems.ShouldBe(["furtherAccounts", "furtherAccounts"]);
    }

    [Fact]
    public void Naughty_texts_are_kept_as_typed()
    {
        const string text = "<script>alert(1)</script> ' or 1=1; -- \u202e ﷽ 👩‍👩‍👧";
        new AccountInput { Name = text, Description = text }.Normalised(Report).Name.ShouldBe(text);
        problems.ShouldBeEmpty();
    }

    [Fact]
    public void An_address_that_is_empty_is_none() =>
        new AccountInput { Name = "Acme", BillingAddress = new PostalAddress { City = " " } }.Normalised(Report).BillingAddress.ShouldBeNull();
}
