using LeadCrm.Identity.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Identity.Clients;

/// <summary>The API clients with their last use, the newest first. There are few: no pages.</summary>
internal static class ReadClients
{
    internal sealed record Response(IReadOnlyList<ClientResponse> Items);

    internal static async Task<Ok<Response>> All(IdentityDb db, TimeProvider clock, CancellationToken ct)
    {
        var clients = await db.Clients.AsNoTracking().Include(client => client.Secrets).OrderByDescending(client => client.Id).ToListAsync(ct);
        return TypedResults.Ok(new Response([.. clients.Select(client => ClientResponse.Of(client, clock.GetUtcNow()))]));
    }

    internal static async Task<Results<Ok<ClientResponse>, ProblemHttpResult>> One(Guid id, IdentityDb db, TimeProvider clock, CancellationToken ct) =>
        await db.Clients.AsNoTracking().Include(client => client.Secrets).SingleOrDefaultAsync(client => client.Id == id, ct) is { } client
            ? TypedResults.Ok(ClientResponse.Of(client, clock.GetUtcNow()))
            : Problems.NotFound();

    internal static async Task<Results<Ok<ListPage<HistoryEntry>>, ProblemHttpResult>> History(Guid id, HttpRequest request, IdentityDb db, CancellationToken ct) =>
        await db.Clients.AnyAsync(client => client.Id == id, ct) ? TypedResults.Ok(await ServiceDefaults.Persistence.History.Page(db, "apiClient", id, request, ct)) : Problems.NotFound();
}
