namespace LeadCrm.ServiceDefaults.Auth;

/// <summary>Who acts: the signed-in user of a request, the user a message acts for, or the system.</summary>
public sealed class Actor
{
    private static readonly AsyncLocal<Actor?> Ambient = new();

    /// <summary>The system itself: background work that nobody asked for. It has no permissions.</summary>
    public static Actor System { get; } = new() { Name = "System" };

    /// <summary>The actor of the running request or message; the system where there is none.</summary>
    public static Actor Current => Ambient.Value ?? System;

    /// <summary>The user's id; empty for the system.</summary>
    public Guid UserId { get; init; }
    /// <summary>Name as shown to people.</summary>
    public string Name { get; init; } = "";
    /// <summary>The session the request belongs to; of a personal token or an API client what stands for it in the list of what was ended.</summary>
    public Guid? SessionId { get; init; }
    /// <summary>What the request was let in with.</summary>
    public Credential Credential { get; init; }
    /// <summary>True for a user who must set up a second factor and may do nothing else before.</summary>
    public bool MustSetUpSecondFactor { get; init; }
    /// <summary>Named permissions, such as <c>leads.convert</c>.</summary>
    public IReadOnlySet<string> Permissions { get; init; } = new HashSet<string>();
    /// <summary>The conversion, import or job on whose behalf this happens; lands in the field history.</summary>
    public Guid? OperationId { get; init; }
    /// <summary>The bearer token of the request, for calls to other services; null in message consumers.</summary>
    public string? Token { get; init; }
    /// <summary>True for the system.</summary>
    public bool IsSystem => UserId == Guid.Empty;

    /// <summary>Whether the actor holds a permission.</summary>
    public bool Has(string permission) => Permissions.Contains(permission);

    /// <summary>The same actor, acting on behalf of an operation.</summary>
    public Actor For(Guid operationId) => new()
    {
        UserId = UserId, Name = Name, SessionId = SessionId, Credential = Credential, MustSetUpSecondFactor = MustSetUpSecondFactor, Permissions = Permissions, OperationId = operationId, Token = Token,
    };

    /// <summary>Makes <paramref name="actor"/> the current one until the answer is disposed.</summary>
    public static IDisposable Use(Actor actor)
    {
        var before = Ambient.Value;
        Ambient.Value = actor;
        return new Restore(before);
    }

    private sealed class Restore(Actor? before) : IDisposable
    {
        public void Dispose() => Ambient.Value = before;
    }
}

/// <summary>What a request was let in with.</summary>
public enum Credential
{
    /// <summary>Somebody signed in.</summary>
    Session,
    /// <summary>A personal access token of a user.</summary>
    PersonalToken,
    /// <summary>The secret of an API client.</summary>
    Client,
}
