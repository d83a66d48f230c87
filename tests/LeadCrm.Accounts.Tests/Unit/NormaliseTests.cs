using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Normalising;
using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Unit;

public class NormaliseTests
{
    private readonly List<string> problems = [];

    private void Report(string field, string message) => problems.Add(field);

    [Theory]
    [InlineData(" Jaime.Hayes@Shepherd.INFO ", "jaime.hayes@shepherd.info")]
    [InlineData("o'neil+crm@mail.example.co.uk", "o'neil+crm@mail.example.co.uk")]
    [InlineData("müller@bücher.de", "müller@bücher.de")]
    public void AC2_an_email_is_stored_in_lower_case(string typed, string stored)
    {
        Normalise.Email(typed, "email", Report).ShouldBe(stored);
        problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("@example.com")]
    [InlineData("a@b")]
    [InlineData("a@b..com")]
    [InlineData("a b@example.com")]
    [InlineData("a@@example.com")]
    [InlineData(".a@example.com")]
    [InlineData("a@-example.com")]
    [InlineData("a@127.0.0.1")]
    public void AC2_what_is_no_email_is_refused_by_field(string typed)
    {
        Normalise.Email(typed, "email", Report);
        problems.ShouldContain("email");
    }

    [Theory]
    [InlineData("edgecomm.com", "https://edgecomm.com")]
    [InlineData("http://www.example.org/a?b=c", "http://www.example.org/a?b=c")]
    [InlineData("  https://black.com/ ", "https://black.com/")]
    public void AC1_a_website_is_stored_with_scheme(string typed, string stored)
    {
        Normalise.Website(typed, "website", Report).ShouldBe(stored);
        problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("javascript://alert(1)")]
    [InlineData("ftp://example.com")]
    [InlineData("no website")]
    [InlineData("localhost")]
    public void AC1_what_is_no_website_is_refused_by_field(string typed)
    {
        Normalise.Website(typed, "website", Report);
        problems.ShouldBe(["website"]);
    }

    [Theory]
    [InlineData("de", "DE")]
    [InlineData("DEU", "DE")]
    [InlineData("Germany", "DE")]
    [InlineData("Deutschland", "DE")]
    [InlineData("USA", "US")]
    [InlineData("U.S.A.", "US")]
    [InlineData("united states of america", "US")]
    [InlineData("The Netherlands", "NL")]
    [InlineData("Côte d’Ivoire", "CI")]
    [InlineData("Cote d'Ivoire", "CI")]
    [InlineData("ÖSTERREICH", "AT")]
    [InlineData("Great Britain", "GB")]
    public void AC1_a_country_is_stored_as_its_iso_code(string typed, string stored)
    {
        Normalise.Country(typed, "country", Report).ShouldBe(stored);
        problems.ShouldBeEmpty();
    }

    [Fact]
    public void AC1_an_unknown_country_is_refused_by_field()
    {
        Normalise.Address(new PostalAddress { City = "Here", Country = "Atlantis" }, "billingAddress", Report);
        problems.ShouldBe(["billingAddress.country"]);
    }

    [Theory]
    [InlineData("(512) 757-6000", "US", "+15127576000")]
    [InlineData("1-512-757-6000", "US", "+15127576000")]
    [InlineData("+1 512 757 6000", null, "+15127576000")]
    [InlineData("0049 30 901820", null, "+4930901820")]
    [InlineData("030 / 90 18 20", "DE", "+4930901820")]
    [InlineData("+49 (0)30 901820", "FR", "+4930901820")]
    [InlineData("06 698 12345", "IT", "+390669812345")]
    [InlineData("8 (495) 123-45-67", "RU", "+74951234567")]
    [InlineData("06 1 234 5678", "HU", "+3612345678")]
    public void AC1_a_phone_becomes_e164_from_its_country(string typed, string? country, string stored) =>
        Normalise.Phone(typed, country, "phone", Report).ShouldBe(stored);

    [Theory]
    [InlineData("917-584-0243x4606", "US")]
    [InlineData("757-6000", "US")]
    [InlineData("030 901820", null)]
    [InlineData("ask at reception", "DE")]
    public void AC1_a_phone_that_cannot_be_told_stays_as_typed(string typed, string? country)
    {
        Normalise.Phone(typed, country, "phone", Report).ShouldBe(typed);
        problems.ShouldBeEmpty();
    }

    [Fact]
    public void C12_a_text_that_is_too_long_is_reported_and_never_cut()
    {
        var text = new string('x', 101);
        Normalise.Text(text, "industry", 100, Report).ShouldBe(text);
        problems.ShouldBe(["industry"]);
    }

    [Fact]
    public void Real_example_numbers_of_the_world_become_their_e164_form()
    {
        var folder = Environment.GetEnvironmentVariable("LEADCRM_REAL_DATA") ?? "";
        Assert.SkipWhen(folder.Length == 0, "LEADCRM_REAL_DATA names no folder");
        var rows = File.ReadLines(Path.Combine(folder, "email_phone_formats", "example_numbers.csv")).Skip(1).Select(line => line.Split(','))
            .Where(row => row[2] is "fixedLine" or "mobile" && Countries.CallingCodeOf(row[0]) is not null).ToList();
        var right = rows.Count(row => Phones.E164(row[3], row[0]) == row[4]);
        (right / (double)rows.Count).ShouldBeGreaterThan(0.98, $"{right} of {rows.Count}");
    }
}
