using System.Security.Cryptography;
using System.Text;

namespace LeadCrm.Security.Tokens;

/// <summary>
/// Identity's own signing key, taken from its database and opened with the installation's data key. Nobody outside can have it; with it a token
/// is made that is right in everything but one claim, so that it is refused for that claim and for nothing else.
/// </summary>
public sealed class StolenKey : IDisposable
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private StolenKey(string id, ECDsa key) => (Id, Key) = (id, key);

    public string Id { get; }

    public ECDsa Key { get; }

    /// <summary>The key that signs now.</summary>
    public static async Task<StolenKey> Take(ProbedSystem system, string currentKeyId)
    {
        await using var connection = await system.Database("identity");
        await using var command = new Npgsql.NpgsqlCommand("select wrapped_private_key from signing_keys where id = $1", connection);
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = currentKeyId });
        var wrapped = (byte[])(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException("The key that signs is not in the database."));
        var plain = new byte[wrapped.Length - 1 - NonceSize - TagSize];
        using var aes = new AesGcm(Convert.FromBase64String(system.DataKey), TagSize);
        aes.Decrypt(wrapped.AsSpan(1, NonceSize), wrapped.AsSpan(1 + NonceSize + TagSize), wrapped.AsSpan(1 + NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(currentKeyId));
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(plain, out _);
        return new StolenKey(currentKeyId, key);
    }

    public void Dispose() => Key.Dispose();
}
