using LeadCrm.Gateway.Sessions;

namespace LeadCrm.Gateway.Tests.Unit;

public sealed class SessionSecretTests
{
    [Fact]
    public void What_was_written_is_read_again()
    {
        var secret = SessionSecret.New();

        var read = SessionSecret.Parse(secret.Text);

        read.ShouldNotBeNull().Id.ShouldBe(secret.Id);
        read.AntiForgeryToken.ShouldBe(secret.AntiForgeryToken);
    }

    [Fact]
    public void No_two_are_alike() => SessionSecret.New().Text.ShouldNotBe(SessionSecret.New().Text);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]   // one too long
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]    // stray last bits: a second name of the same bytes
    [InlineData("AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA/AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ÄAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Anything_else_is_none(string? text) => SessionSecret.Parse(text).ShouldBeNull();

    [Fact]
    public void Only_its_own_anti_forgery_token_is_accepted()
    {
        var secret = SessionSecret.New();

        secret.Accepts(secret.AntiForgeryToken).ShouldBeTrue();
        secret.Accepts(SessionSecret.New().AntiForgeryToken).ShouldBeFalse();
        secret.Accepts(secret.Text).ShouldBeFalse();
        secret.Accepts("").ShouldBeFalse();
        secret.Accepts(null).ShouldBeFalse();
    }

    [Fact]
    public void A_log_line_never_shows_it()
    {
        var secret = SessionSecret.New();

        $"{secret}".ShouldNotContain(secret.Text);
        $"{new SignedIn(secret, new Session { IdentitySessionId = Guid.Empty, EndsAt = default, Token = new AccessToken("a.b.c", default) })}".ShouldNotContain("a.b.c");
    }
}
