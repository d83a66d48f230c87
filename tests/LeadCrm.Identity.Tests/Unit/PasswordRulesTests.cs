using LeadCrm.Identity.Passwords;

namespace LeadCrm.Identity.Tests.Unit;

public sealed class PasswordRulesTests
{
    private const string TooShort = "Use at least 12 characters.";
    private const string TooLong = "Use at most 256 characters.";
    private const string HoldsTheName = "Do not use your name or e-mail address in the password.";
    private const string TooCommon = "This password is too common: it would be among the first that somebody tries.";

    [Theory]
    [InlineData("plain words are good")]
    [InlineData("nodigitsnocapitalsnosigns")]
    [InlineData("829461057392")]
    [InlineData("Ünïcödé-ist-auch-gut")]
    [InlineData("🦀🌵🎈🧭🪁🥝🛶🧩🎺🪴🧊🦔")]
    public void A_long_password_of_any_kind_of_characters_is_accepted(string password) => Check(password).ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("elevenchars")]
    [InlineData("Tr0ub4dor&3")]
    public void Fewer_than_twelve_characters_are_refused(string password) => Check(password).ShouldContain(TooShort);

    [Fact]
    public void Twelve_characters_are_enough() => Check("wobblycrayon").ShouldBeEmpty();

    [Fact]
    public void A_character_outside_the_basic_plane_counts_once() => Check("🦀🌵🎈🧭🪁🥝🛶🧩🎺🪴🧊").ShouldContain(TooShort);

    [Fact]
    public void More_than_256_characters_are_refused() => Check(string.Concat(Enumerable.Range(0, 100).Select(i => $"w{i * 7}"))).ShouldContain(TooLong);

    [Theory]
    [InlineData("i-am-rita-alvarez")]
    [InlineData("xxALVAREZxx2291")]
    [InlineData("login rita.desk now")]
    [InlineData("my-desk-is-nice-1")]
    public void A_part_of_name_or_address_is_refused(string password) => PasswordRules.Check(password, "Rita Alvarez", "rita.desk@example.com").ShouldContain(HoldsTheName);

    [Fact]
    public void The_domain_of_the_address_may_occur() => PasswordRules.Check("an example of words", "Rita Alvarez", "rita.desk@example.com").ShouldBeEmpty();

    [Fact]
    public void Parts_of_a_name_shorter_than_four_letters_may_occur() => PasswordRules.Check("a lively little boat", "Li Rep", "li@example.com").ShouldBeEmpty();

    [Theory]
    [InlineData("password1234")]
    [InlineData("PassWord1234")]
    [InlineData("1qaz2wsx3edc")]
    [InlineData("correct horse battery staple")]
    public void A_password_from_the_list_of_common_ones_is_refused_in_any_case(string password) => Check(password).ShouldContain(TooCommon);

    [Theory]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abcabcabcabc")]
    [InlineData("wordwordwordwor")]
    public void A_short_piece_repeated_is_refused(string password) => Check(password).ShouldContain(TooCommon);

    [Theory]
    [InlineData("123456789012")]
    [InlineData("abcdefghijklmn")]
    [InlineData("210987654321")]
    public void A_run_of_characters_is_refused(string password) => Check(password).ShouldContain(TooCommon);

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once() => PasswordRules.Check("rita", "Rita Alvarez", "rita@example.com").ShouldBe([TooShort, HoldsTheName]);

    private static string[] Check(string password) => [.. PasswordRules.Check(password, "Rolf Lindgren", "rolf@example.com")];
}
