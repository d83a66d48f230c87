using System.Text.Json.Nodes;
using LeadCrm.ServiceDefaults.Values;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit;

public sealed class EmailAddressTests
{
    [Fact]
    public void LD2_an_email_is_stored_in_lower_case() => EmailAddresses.Normalise(" Ada.Byron@Engines.Example ").ShouldBe("ada.byron@engines.example");

    [Theory, InlineData("a@b.example"), InlineData("o'neil+news@x-y.example"), InlineData("müller@münchen.example"), InlineData("test@io")]
    public void LD2_an_address_that_can_be_mailed_is_accepted(string address) => EmailAddresses.Normalise(address).ShouldBe(address);

    [Theory, InlineData("ada"), InlineData("@b.example"), InlineData("ada@"), InlineData("a b@c.example"), InlineData("a@b..example"), InlineData(".a@b.example"),
     InlineData("a.@b.example"), InlineData("a@-b.example"), InlineData("a@b.example\n"), InlineData("Ada <a@b.example>"), InlineData("a@b.example,c@d.example")]
    public void LD2_what_is_no_address_is_refused(string address) => EmailAddresses.Normalise(address).ShouldBeNull();

    [Fact]
    public void LD2_isemail_valid_addresses_are_accepted_and_erroneous_ones_refused()
    {
        var cases = JsonNode.Parse(File.ReadAllText(RealData.Path("email_phone_formats", "tests.json")))!.AsArray();

        var wrong = cases.Where(c => Expected(c!) is { } valid && valid != (EmailAddresses.Normalise(c!["address"]!.ToString()) is not null)).Select(c => c!.ToJsonString()).ToList();

        cases.Count.ShouldBe(164);
        wrong.ShouldBeEmpty();
    }

    private static bool? Expected(JsonNode test) => test["category"]!.ToString() switch
    {
        "ISEMAIL_VALID_CATEGORY" or "ISEMAIL_DNSWARN" => true,
        "ISEMAIL_ERR" => false,
        _ => null,   // legal on paper, deprecated or too long: ours to decide
    };
}
