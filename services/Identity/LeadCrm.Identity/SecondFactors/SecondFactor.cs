using LeadCrm.Identity.Tokens;

namespace LeadCrm.Identity.SecondFactors;

/// <summary>A user's authenticator app: the secret that it shares with us, wrapped with the <see cref="DataKey"/>. Counts only once a first code has confirmed it.</summary>
internal sealed class SecondFactor
{
    private SecondFactor()
    {
    }

    public SecondFactor(Guid userId) => UserId = userId;

    public Guid UserId { get; private set; }

    /// <summary>Bound to the user: copied into another user's row it does not open.</summary>
    public byte[] WrappedSecret { get; private set; } = [];

    /// <summary>Null until the first code was entered.</summary>
    public DateTimeOffset? ConfirmedAt { get; private set; }

    /// <summary>The newest step whose code was used: none up to it is taken again.</summary>
    public long LastStep { get; private set; }

    /// <summary>Begins anew with another secret, also when an earlier try was not finished.</summary>
    public void Begin(ReadOnlySpan<byte> secret, DataKey dataKey)
    {
        WrappedSecret = dataKey.Wrap(secret, Binding(UserId));
        ConfirmedAt = null;
        LastStep = 0;
    }

    public void Confirm(long step, DateTimeOffset now) => (LastStep, ConfirmedAt) = (step, now);

    public byte[] Secret(DataKey dataKey) => dataKey.Unwrap(WrappedSecret, Binding(UserId));

    private static string Binding(Guid userId) => $"second-factor:{userId}";
}

/// <summary>A code for the day on which the authenticator app is lost. Works once.</summary>
internal sealed class RecoveryCode
{
    public Guid Id { get; init; }

    public Guid UserId { get; init; }

    /// <summary>SHA-256. The code is 80 random bits: nobody tries them all, so a slow hash would protect nothing more.</summary>
    public required byte[] Hash { get; init; }

    public DateTimeOffset? UsedAt { get; private set; }
}
