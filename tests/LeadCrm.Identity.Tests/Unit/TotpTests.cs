using System.Text;
using LeadCrm.Identity.SecondFactors;

namespace LeadCrm.Identity.Tests.Unit;

public sealed class TotpTests
{
    private static readonly byte[] Rfc6238Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>Appendix B of RFC 6238, of whose eight digits apps show the last six.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Totp.CodeAt(Rfc6238Secret, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))).ShouldBe(code);

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_code_is_good_one_step_to_either_side(int steps, bool good)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1234567890);
        var step = Totp.StepAt(now) + steps;
        Totp.FindStep(Rfc6238Secret, Totp.CodeAt(Rfc6238Secret, step), now).ShouldBe(good ? step : null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("２８７０８２")]
    public void What_is_no_code_is_good_for_nothing(string code) => Totp.FindStep(Rfc6238Secret, code, DateTimeOffset.FromUnixTimeSeconds(59)).ShouldBeNull();

    /// <summary>Section 10 of RFC 4648, without the padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_is_that_of_the_standard(string plain, string encoded) => Base32.Encode(Encoding.ASCII.GetBytes(plain)).ShouldBe(encoded);

    [Fact]
    public void The_address_for_the_qr_code_names_organisation_and_user() =>
        Totp.Uri("LeadCrm My & Co", "ada@example.com", "MZXW6").ShouldBe("otpauth://totp/LeadCrm%20My%20%26%20Co:ada%40example.com?secret=MZXW6&issuer=LeadCrm%20My%20%26%20Co&algorithm=SHA1&digits=6&period=30");

    [Fact]
    public void A_recovery_code_is_the_same_however_it_is_typed()
    {
        var user = Guid.CreateVersion7();
        var code = RecoveryCodes.New();
        code.ShouldMatch("^[a-z2-7]{4}(-[a-z2-7]{4}){3}$");
        RecoveryCodes.Hash(user, code.ToUpperInvariant().Replace('-', ' ')).ShouldBe(RecoveryCodes.Hash(user, code));
        RecoveryCodes.Hash(Guid.CreateVersion7(), code).ShouldNotBe(RecoveryCodes.Hash(user, code));
        RecoveryCodes.Hash(user, code[1..]).ShouldBeNull();
    }
}
