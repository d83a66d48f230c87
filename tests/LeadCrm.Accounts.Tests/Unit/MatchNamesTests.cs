using LeadCrm.Accounts.Duplicates;
using LeadCrm.Accounts.Normalising;
using Shouldly;
using Xunit;

namespace LeadCrm.Accounts.Tests.Unit;

public class MatchNamesTests
{
    [Theory]
    [InlineData("Mays Inc", "mays")]
    [InlineData("Mays, Inc.", "mays")]
    [InlineData("MAYS LLC", "mays")]
    [InlineData("Müller & Söhne GmbH & Co. KG", "mueller soehne")]
    [InlineData("Société Générale S.A.", "societe generale")]
    [InlineData("The Coca-Cola Company", "coca cola")]
    [InlineData("Žabka Polska Sp. z o.o.", "zabka polska")]
    [InlineData("O'Neil Ltd", "oneil")]
    [InlineData("Inc", "inc")]
    [InlineData("AG", "ag")]
    public void C22_company_names_are_compared_without_legal_form_case_punctuation_and_marks(string name, string compared) =>
        MatchNames.Company(name).ShouldBe(compared);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("--- !")]
    public void A_name_without_letters_is_compared_with_nothing(string name) => MatchNames.Company(name).ShouldBeNull();

    [Theory]
    [InlineData("https://www.Example.com/path", "example.com")]
    [InlineData("example.co.uk", "example.co.uk")]
    [InlineData("nonsense", null)]
    public void C22_the_domain_of_a_website_is_its_host(string website, string? domain) => Domains.OfWebsite(website).ShouldBe(domain);

    [Theory]
    [InlineData("a@acme.example", "acme.example")]
    [InlineData("a@gmail.com", null)]
    [InlineData("a@web.de", null)]
    [InlineData("a@", null)]
    public void C22_free_mail_domains_tell_no_company(string email, string? domain) => Domains.OfEmail(email).ShouldBe(domain);

    [Fact]
    public void A_decomposed_accent_compares_like_a_composed_one() => Folding.Fold("Cafe\u0301").ShouldBe(Folding.Fold("Café"));
}
