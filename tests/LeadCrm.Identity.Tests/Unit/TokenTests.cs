using System.Security.Cryptography;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.Tokens;
using LeadCrm.Identity.Users;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LeadCrm.Identity.Tests.Unit;

public sealed class TokenTests
{
    private static readonly DataKey Key = DataKey.Parse(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    private readonly ManualTime clock = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_wrapped_text_opens_again() => Key.Unwrap(Key.Wrap([1, 2, 3], "row"), "row").ShouldBe([1, 2, 3]);

    [Fact]
    public void The_same_text_is_wrapped_differently_each_time() => Key.Wrap([1, 2, 3], "row").ShouldNotBe(Key.Wrap([1, 2, 3], "row"));

    [Fact]
    public void A_wrapped_text_does_not_open_with_another_key()
    {
        var other = DataKey.Parse(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        Should.Throw<CryptographicException>(() => other.Unwrap(Key.Wrap([1, 2, 3], "row"), "row"));
    }

    [Fact]
    public void A_wrapped_text_does_not_open_in_another_row() => Should.Throw<CryptographicException>(() => Key.Unwrap(Key.Wrap([1, 2, 3], "row"), "other"));

    [Fact]
    public void A_wrapped_text_that_was_changed_does_not_open()
    {
        var wrapped = Key.Wrap([1, 2, 3], "row");
        wrapped[^1] ^= 1;
        Should.Throw<CryptographicException>(() => Key.Unwrap(wrapped, "row"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("c2hvcnQ=")]
    public void A_missing_or_malformed_data_key_is_told_with_the_way_to_make_one(string? text) =>
        Should.Throw<InvalidOperationException>(() => DataKey.Parse(text)).Message.ShouldContain("openssl rand -base64 32");

    [Fact]
    public void The_private_key_is_not_stored_in_the_clear()
    {
        var key = SigningKey.Generate(clock.GetUtcNow(), clock.GetUtcNow(), Key);
        var secret = Key.Unwrap(key.WrappedPrivateKey, key.Id);
        key.WrappedPrivateKey.AsSpan().IndexOf(secret.AsSpan(secret.Length - 32)).ShouldBe(-1);
        using var opened = ECDsa.Create();
        opened.ImportPkcs8PrivateKey(secret, out _);
        opened.ExportParameters(true).D.ShouldNotBeNull();
    }

    [Fact]
    public void Opening_a_signing_key_with_another_data_key_says_what_to_do()
    {
        var key = SigningKey.Generate(clock.GetUtcNow(), clock.GetUtcNow(), Key);
        var other = DataKey.Parse(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        Should.Throw<InvalidOperationException>(() => key.Open(other)).Message.ShouldContain("LEADCRM_DATA_KEY");
    }

    [Fact]
    public async Task A_token_is_good_for_whoever_holds_the_published_key()
    {
        var (ring, issuer) = Issuer();
        var (user, session) = (NewUser(), Guid.CreateVersion7());
        var token = issuer.ForSession(user, session);
        var result = await Validate(token.Value, ring);
        result.IsValid.ShouldBeTrue(result.Exception?.Message);
        result.Claims["sub"].ShouldBe(user.Id.ToString());
        result.Claims["name"].ShouldBe("Rita Alvarez");
        result.Claims["sid"].ShouldBe(session.ToString());
        result.Claims["perm"].ShouldBe("accounts.read activities.read campaigns.read contacts.read leads.read opportunities.read");
        result.Claims["jti"].ShouldNotBeNull();
        ((JsonWebToken)result.SecurityToken).Alg.ShouldBe("ES256");
    }

    [Fact]
    public async Task A_token_lives_five_minutes()
    {
        var (ring, issuer) = Issuer();
        var token = issuer.ForSession(NewUser(), Guid.CreateVersion7());
        (token.ExpiresAt - clock.GetUtcNow()).ShouldBe(TimeSpan.FromMinutes(5));
        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        (await Validate(token.Value, ring)).IsValid.ShouldBeTrue();
        clock.Advance(TimeSpan.FromSeconds(1));
        (await Validate(token.Value, ring)).Exception.ShouldBeOfType<SecurityTokenExpiredException>();
    }

    [Fact]
    public async Task A_token_that_was_changed_is_refused()
    {
        var (ring, issuer) = Issuer();
        var parts = issuer.ForSession(NewUser(), Guid.CreateVersion7()).Value.Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace("leads.read", "users.manage");
        (await Validate($"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}", ring)).IsValid.ShouldBeFalse();
    }

    [Fact]
    public async Task When_its_time_comes_the_next_key_signs_and_tokens_of_the_old_one_stay_good()
    {
        var now = clock.GetUtcNow();
        var ring = new KeyRing(clock);
        var (first, second) = (SigningKey.Generate(now, now, Key), SigningKey.Generate(now, now + TimeSpan.FromDays(2), Key));
        ring.Load([first, second], Key);
        var issuer = new TokenIssuer(ring, Options.Create(new TokenSettings()), clock);

        clock.Advance(TimeSpan.FromDays(2) - TimeSpan.FromMinutes(1));
        var before = issuer.ForSession(NewUser(), Guid.CreateVersion7()).Value;
        clock.Advance(TimeSpan.FromMinutes(1));
        var after = issuer.ForSession(NewUser(), Guid.CreateVersion7()).Value;

        new JsonWebToken(before).Kid.ShouldBe(first.Id);
        new JsonWebToken(after).Kid.ShouldBe(second.Id);
        (await Validate(before, ring)).IsValid.ShouldBeTrue();
        (await Validate(after, ring)).IsValid.ShouldBeTrue();
    }

    [Fact]
    public void The_key_id_is_the_thumbprint_that_the_standard_defines()
    {
        var key = SigningKey.Generate(clock.GetUtcNow(), clock.GetUtcNow(), Key);
        var shown = key.ToPublishedKey();
        var canonical = $$"""{"crv":"P-256","kty":"EC","x":"{{shown.X}}","y":"{{shown.Y}}"}""";
        key.Id.ShouldBe(Base64UrlEncoder.Encode(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(canonical))));
    }

    private (KeyRing Ring, TokenIssuer Issuer) Issuer()
    {
        var ring = new KeyRing(clock);
        ring.Load([SigningKey.Generate(clock.GetUtcNow(), clock.GetUtcNow(), Key)], Key);
        return (ring, new TokenIssuer(ring, Options.Create(new TokenSettings()), clock));
    }

    /// <summary>As a service would: from the published key set alone.</summary>
    private Task<TokenValidationResult> Validate(string token, KeyRing ring)
    {
        var set = new JsonWebKeySet(System.Text.Json.JsonSerializer.Serialize(new KeySetResponse(ring.Published), ServiceDefaults.Http.Json.Options));
        return new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = "leadcrm-identity",
            ValidAudience = "leadcrm",
            ValidAlgorithms = ["ES256"],
            IssuerSigningKeys = set.GetSigningKeys(),
            LifetimeValidator = (_, expires, _, _) => expires > clock.GetUtcNow().UtcDateTime
                ? true
                : throw new SecurityTokenExpiredException(),
        });
    }

    private static User NewUser()
    {
        var user = new User(Guid.CreateVersion7(), "Rita Alvarez", "rita@example.com", DateTimeOffset.UnixEpoch);
        user.HoldExactly([RoleDefaults.All.Single(role => role.Name == RoleDefaults.ReadOnly).Copy()]);
        return user;
    }
}
