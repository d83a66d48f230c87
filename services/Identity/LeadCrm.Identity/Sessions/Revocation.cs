namespace LeadCrm.Identity.Sessions;

/// <summary>
/// Something that access tokens were issued for and that was ended before the last of them ran out: a session, or what stands for one of a
/// personal token or an API client. Gateways ask for the newest of these several times a second; kept for an hour.
/// </summary>
internal sealed class Revocation
{
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The <c>sid</c> of the tokens.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>By the database's clock, which every replica shares.</summary>
    public DateTimeOffset At { get; private set; }
}
