using LeadCrm.Identity.Data;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.Tokens;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Clients;

/// <summary>Makes an API client. The answer shows its secret, once; nobody can read it again.</summary>
internal static class CreateClient
{
    private const int LongestName = 100;

    /// <param name="Name">What it is for.</param>
    /// <param name="UserId">As whom it acts: what it makes belongs to that user, and it sees what that user sees.</param>
    /// <param name="Scopes">Permissions that it may use, as far as the user holds them.</param>
    /// <param name="ExpiresAt">When it stops working; null: never.</param>
    internal sealed record Request(string Name, Guid UserId, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt = null);

    internal static async Task<Created<NewSecretResponse>> Handle(Request request, IdentityDb db, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var user = await db.Users.AsNoTracking().Include(u => u.Roles).SingleOrDefaultAsync(u => u.Id == request.UserId, ct);
        var errors = new FieldErrors();
        if (string.IsNullOrWhiteSpace(request.Name)) errors.Add("name", "Say what the client is for.");
        else if (request.Name.Length > LongestName) errors.Add("name", $"A name has at most {LongestName} characters.");
        if (user is not { IsActive: true }) errors.Add("userId", "There is no such user, or it is deactivated.");
        if (request.ExpiresAt <= now) errors.Add("expiresAt", "A time ahead.");
        var scopes = Scopes.Check(request.Scopes, user?.Permissions ?? [.. Permissions.All.Select(permission => permission.Name)], errors);
        errors.ThrowIfAny();
        Administrators.DemandPowerOver(user!.Roles);

        var secret = OpaqueSecret.New(OpaqueSecret.ClientSecret);
        var client = new ApiClient(Guid.CreateVersion7(), request.Name.Trim(), user.Id, scopes, now, request.ExpiresAt?.ToUniversalTime());
        client.AddSecret(OpaqueSecret.Hash(secret), now, TimeSpan.Zero);
        db.Clients.Add(client);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/clients/{client.Id}", new NewSecretResponse(client.Id, secret, ClientResponse.Of(client, now)));
    }
}
