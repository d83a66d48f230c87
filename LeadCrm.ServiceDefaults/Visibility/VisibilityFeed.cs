using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace LeadCrm.ServiceDefaults.Visibility;

/// <summary>What a user may see, for the gateway, which tells browsers what changed and keeps no directory of its own.</summary>
public static class VisibilityFeed
{
    /// <summary>Kinds of records, and what it takes to read them at all.</summary>
    private static readonly (string Type, string Permission)[] Kinds =
        [("lead", "leads.read"), ("account", "accounts.read"), ("contact", "contacts.read"), ("opportunity", "opportunities.read"), ("campaign", "campaigns.read")];

    /// <summary>What may be seen of one kind of record.</summary>
    /// <param name="Everything">True: whoever owns it.</param>
    /// <param name="OwnerIds">Whose records may be seen; of no interest when everything may.</param>
    /// <param name="QueueIds">Queues whose records may be seen.</param>
    public sealed record Kind(bool Everything, IReadOnlyList<Guid> OwnerIds, IReadOnlyList<Guid> QueueIds);

    /// <summary>What a user may see. A kind that is not named may not be seen at all.</summary>
    public sealed record Answer(IReadOnlyDictionary<string, Kind> Kinds);

    /// <summary>Maps <c>GET /internal/visibility?userId=</c>. Somebody unknown or inactive sees nothing.</summary>
    public static void MapVisibilityFeed(this IEndpointRouteBuilder app) =>
        app.MapGroup("/internal/visibility").RequireInternal().WithTags("Internal").MapGet("/", Handle).WithSummary("What a user may see, by kind of record");

    private static Ok<Answer> Handle(Guid userId, IDirectory directory, IVisibility visibility)
    {
        if (directory.FindUser(userId) is not { IsActive: true } user) return TypedResults.Ok(new Answer(new Dictionary<string, Kind>()));
        using var acting = Actor.Use(new Actor { UserId = user.Id, Name = user.Name, Permissions = user.Permissions });
        return TypedResults.Ok(new Answer(Kinds.Where(kind => user.Permissions.Contains(kind.Permission)).ToDictionary(kind => kind.Type, kind =>
        {
            var scope = visibility.Of(kind.Type);
            return scope.SeesAll ? new Kind(true, [], []) : new Kind(false, scope.Owners, scope.Queues);
        })));
    }
}
