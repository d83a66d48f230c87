using LeadCrm.Identity.Clients;
using LeadCrm.Identity.Tokens;

namespace LeadCrm.Identity.Tests.Unit;

public sealed class OpaqueSecretTests
{
    [Fact]
    public void A_token_is_known_by_its_prefix_and_its_checksum()
    {
        var token = OpaqueSecret.New(OpaqueSecret.PersonalToken);
        token.ShouldMatch("^lcp_[A-Za-z0-9_-]{49}$");
        OpaqueSecret.IsWellFormed(OpaqueSecret.PersonalToken, token).ShouldBeTrue();
        OpaqueSecret.IsWellFormed(OpaqueSecret.ClientSecret, token).ShouldBeFalse();
    }

    [Fact]
    public void One_letter_wrong_is_seen_without_asking_anybody()
    {
        var token = OpaqueSecret.New(OpaqueSecret.PersonalToken);
        for (var i = 4; i < token.Length; i++)
        {
            var wrong = string.Concat(token.AsSpan(0, i), token[i] == 'A' ? "B" : "A", token.AsSpan(i + 1));
            OpaqueSecret.IsWellFormed(OpaqueSecret.PersonalToken, wrong).ShouldBeFalse(wrong);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("lcp_")]
    public void What_is_no_token_is_none(string? text) => OpaqueSecret.IsWellFormed(OpaqueSecret.PersonalToken, text).ShouldBeFalse();

    [Fact]
    public void After_a_rotation_two_secrets_work_until_the_overlap_is_over()
    {
        var now = DateTimeOffset.UnixEpoch;
        var client = NewClient(now);
        client.AddSecret([2], now.AddDays(1), TimeSpan.FromHours(24));

        Good(client, now.AddDays(1)).ShouldBe([1, 2]);
        Good(client, now.AddDays(2)).ShouldBe([2]);
    }

    [Fact]
    public void Never_more_than_two_secrets_work()
    {
        var now = DateTimeOffset.UnixEpoch;
        var client = NewClient(now);
        client.AddSecret([2], now.AddMinutes(1), TimeSpan.FromHours(24));
        client.AddSecret([3], now.AddMinutes(2), TimeSpan.FromHours(24));

        Good(client, now.AddMinutes(2)).ShouldBe([2, 3]);
    }

    [Fact]
    public void Without_an_overlap_only_the_new_secret_works()
    {
        var now = DateTimeOffset.UnixEpoch;
        var client = NewClient(now);
        client.AddSecret([2], now.AddMinutes(1), TimeSpan.Zero);

        Good(client, now.AddMinutes(1)).ShouldBe([2]);
    }

    private static ApiClient NewClient(DateTimeOffset now)
    {
        var client = new ApiClient(Guid.CreateVersion7(), "Website", Guid.CreateVersion7(), ["leads.read"], now, expiresAt: null);
        client.AddSecret([1], now, TimeSpan.Zero);
        return client;
    }

    private static byte[] Good(ApiClient client, DateTimeOffset now) => [.. client.Secrets.Where(secret => secret.IsGood(now)).Select(secret => secret.Hash[0])];
}
