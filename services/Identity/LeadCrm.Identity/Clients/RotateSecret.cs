using LeadCrm.Identity.Data;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.Tokens;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Clients;

/// <summary>
/// A new secret for a client. The one before works on for the overlap, so that the program can be given the new one without a gap; when a secret
/// has leaked, an overlap of 0 ends it at once.
/// </summary>
internal static class RotateSecret
{
    private const int LongestOverlap = 30 * 24;

    /// <param name="OverlapHours">How long the secret of before works on, 0 to 720 hours; 24 when left out.</param>
    internal sealed record Request(int OverlapHours = 24);

    internal static async Task<Results<Ok<NewSecretResponse>, ProblemHttpResult>> Handle(Guid id, Request request, IdentityDb db, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        if (request.OverlapHours is < 0 or > LongestOverlap) errors.Add("overlapHours", $"0 to {LongestOverlap}.");
        errors.ThrowIfAny();

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Two rotations at once, one after the other: else both would take the same secret for the one before.
        await db.Database.ExecuteSqlAsync($"select 1 from api_clients where id = {id} for update", ct);
        var client = await db.Clients.Include(c => c.Secrets).SingleOrDefaultAsync(c => c.Id == id, ct);
        if (client is null) return Problems.NotFound();
        Administrators.DemandPowerOver((await db.Users.AsNoTracking().Include(u => u.Roles).SingleAsync(u => u.Id == client.UserId, ct)).Roles);

        var now = clock.GetUtcNow();
        var secret = OpaqueSecret.New(OpaqueSecret.ClientSecret);
        client.AddSecret(OpaqueSecret.Hash(secret), now, TimeSpan.FromHours(request.OverlapHours));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(new NewSecretResponse(client.Id, secret, ClientResponse.Of(client, now)));
    }
}
