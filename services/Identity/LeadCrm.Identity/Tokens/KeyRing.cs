using Microsoft.IdentityModel.Tokens;

namespace LeadCrm.Identity.Tokens;

/// <summary>
/// The signing keys in memory, opened. Loaded at start and by each round of the rotation; as a key is published long before
/// it signs, every replica has it by then.
/// </summary>
internal sealed class KeyRing(TimeProvider clock)
{
    private volatile IReadOnlyList<Entry> entries = [];

    /// <summary>The public halves of every key that a living token may have been or soon will be signed with.</summary>
    public IReadOnlyList<PublishedKey> Published => [.. entries.Select(entry => entry.Published)];

    public SigningCredentials CurrentCredentials()
    {
        var keys = entries;
        var current = SigningKeyPlan.Current(keys.Select(entry => entry.Times), clock.GetUtcNow())
            ?? throw new InvalidOperationException("The signing keys are not loaded yet.");
        return keys.Single(entry => entry.Times == current).Credentials;
    }

    /// <summary>Takes over the keys of the database; those that are open already stay so.</summary>
    public void Load(IEnumerable<SigningKey> keys, DataKey dataKey)
    {
        var known = entries.ToDictionary(entry => entry.Times.Id, StringComparer.Ordinal);
        entries =
        [
            .. keys.OrderBy(key => key.ActiveFrom).Select(key => known.TryGetValue(key.Id, out var entry)
                ? entry
                : new Entry(new KeyTimes(key.Id, key.ActiveFrom), new SigningCredentials(key.Open(dataKey), SecurityAlgorithms.EcdsaSha256), key.ToPublishedKey())),
        ];
    }

    private sealed record Entry(KeyTimes Times, SigningCredentials Credentials, PublishedKey Published);
}
