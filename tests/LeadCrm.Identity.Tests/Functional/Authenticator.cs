using System.Net.Http.Json;
using System.Text.Json;
using LeadCrm.Identity.SecondFactors;

namespace LeadCrm.Identity.Tests.Functional;

/// <summary>The app on somebody's telephone: makes codes from the secret as it was shown.</summary>
internal sealed class Authenticator(string secret, TimeProvider clock)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public string[] RecoveryCodes { get; private set; } = [];

    /// <summary>The code of now, or of some steps of 30 s earlier or later.</summary>
    public string Code(int steps = 0) => Totp.CodeAt(Decode(secret), Totp.StepAt(clock.GetUtcNow()) + steps);

    /// <summary>Sets up a second factor with the code of the step before, so that those of now and of the next are still good.</summary>
    public static async Task<Authenticator> SetUp(HttpClient client, string password, TimeProvider clock)
    {
        var app = await Begin(client, password, clock);
        using var confirmed = await client.PostAsJsonAsync("/api/users/me/second-factor/confirm", new { code = app.Code(-1) });
        confirmed.IsSuccessStatusCode.ShouldBeTrue(await confirmed.Content.ReadAsStringAsync());
        app.RecoveryCodes = (await confirmed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("recoveryCodes").Strings();
        return app;
    }

    public static async Task<Authenticator> Begin(HttpClient client, string password, TimeProvider clock)
    {
        using var begun = await client.PostAsJsonAsync("/api/users/me/second-factor", new { password });
        begun.IsSuccessStatusCode.ShouldBeTrue(await begun.Content.ReadAsStringAsync());
        return new Authenticator((await begun.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!, clock);
    }

    private static byte[] Decode(string text)
    {
        var bytes = new List<byte>();
        var (buffer, bits) = (0, 0);
        foreach (var letter in text)
        {
            buffer = ((buffer << 5) | Alphabet.IndexOf(letter)) & 0xFFF;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(buffer >> bits));
        }
        return [.. bytes];
    }
}
