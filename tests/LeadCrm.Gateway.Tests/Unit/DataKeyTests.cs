using System.Security.Cryptography;
using LeadCrm.Gateway.Storage;
using Microsoft.Extensions.Configuration;

namespace LeadCrm.Gateway.Tests.Unit;

public sealed class DataKeyTests
{
    private static readonly byte[] Secret = "a secret"u8.ToArray();

    [Fact]
    public void What_was_wrapped_is_opened_again() => Key(1).Unwrap(Key(1).Wrap(Secret)).ShouldBe(Secret);

    [Fact]
    public void Another_key_does_not_open_it() => Should.Throw<CryptographicException>(() => Key(2).Unwrap(Key(1).Wrap(Secret)));

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        var wrapped = Key(1).Wrap(Secret);
        wrapped[^1] ^= 1;

        Should.Throw<CryptographicException>(() => Key(1).Unwrap(wrapped));
    }

    [Fact]
    public void Wrapping_twice_gives_two_texts() => Key(1).Wrap(Secret).ShouldNotBe(Key(1).Wrap(Secret));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("AAAA")]
    public void A_key_that_is_none_is_refused_with_the_command_that_makes_one(string? text) =>
        Should.Throw<InvalidOperationException>(() => Key(text)).Message.ShouldContain("openssl rand -base64 32");

    private static DataKey Key(byte fill) => Key(Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray()));

    private static DataKey Key(string? text) => new(new ConfigurationBuilder().AddInMemoryCollection([new(DataKey.Setting, text)]).Build());
}
