namespace LeadCrm.Identity.Sessions;

/// <summary>A sign-in that lasts until somebody ends it or it is left unused. The gateway holds its id behind the browser's cookie.</summary>
internal sealed class Session
{
    public const int LongestUserAgent = 400;
    public const int LongestAddress = 64;

    private Session()
    {
    }

    public Session(Guid id, Guid userId, DateTimeOffset now, string? userAgent, string? address)
    {
        Id = id;
        UserId = userId;
        CreatedAt = now;
        LastUsedAt = now;
        UserAgent = Shorten(userAgent, LongestUserAgent);
        Address = Shorten(address, LongestAddress);
    }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>To the minute: writing it with every token would cost a commit each.</summary>
    public DateTimeOffset LastUsedAt { get; private set; }

    public string? UserAgent { get; private set; }

    public string? Address { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public SessionEnd? EndedBecause { get; private set; }

    public bool IsOver(DateTimeOffset now, SessionSettings options) =>
        EndedAt is not null || now - LastUsedAt > options.IdleTimeout || now - CreatedAt > options.LongestLife;

    public void End(SessionEnd because, DateTimeOffset now)
    {
        if (EndedAt is not null) return;
        EndedAt = now;
        EndedBecause = because;
    }

    internal static string? Shorten(string? text, int length) => text is null || text.Length <= length ? text : text[..length];
}

/// <summary>Why a session was ended.</summary>
internal enum SessionEnd
{
    SignedOut,
    SignedOutEverywhere,
    EndedByAdministrator,
    PasswordChanged,
    SecondFactorChanged,
    UserDeactivated,
}

/// <summary>A sign-in that was refused, for whoever looks into an attack. Not what was typed: people type passwords into the wrong field.</summary>
internal sealed class SignInFailure
{
    public Guid Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The user whose address was given; null when there is none.</summary>
    public Guid? UserId { get; init; }

    public string? Address { get; init; }
}
