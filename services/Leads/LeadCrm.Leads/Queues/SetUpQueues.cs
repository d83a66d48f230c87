using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Queues;

/// <summary>Queues as an administrator edits them.</summary>
internal static class SetUpQueues
{
    /// <param name="Name">Name, unique.</param>
    /// <param name="Members">Users who see, change and take what the queue holds.</param>
    internal sealed record Request(string Name, IReadOnlyList<Guid> Members);

    internal sealed record Member(Guid Id, string? Name);

    internal sealed record Answer(Guid Id, long Version, string Name, IReadOnlyList<Member> Members);

    internal static void MapQueues(this RouteGroupBuilder leads)
    {
        leads.MapGet("queues", List).WithSummary("List the queues");
        leads.MapPost("queues", Create).RequirePermission("setup.manage").WithSummary("Add a queue").WithExample(new { name = "Inbound", members = Array.Empty<Guid>() });
        leads.MapGet("queues/{id:guid}", Get).WithSummary("Read a queue");
        leads.MapPut("queues/{id:guid}", Change).RequirePermission("setup.manage").WithSummary("Change a queue and its members");
        leads.MapDelete("queues/{id:guid}", Delete).RequirePermission("setup.manage").WithSummary("Delete a queue that holds no leads");
    }

    private static async Task<Ok<Answer[]>> List(LeadsDb db, IDirectory directory, CancellationToken ct) =>
        TypedResults.Ok((await db.Queues.AsNoTracking().OrderBy(q => q.Name).ToListAsync(ct)).Select(q => ToAnswer(q, directory)).ToArray());

    private static async Task<Results<VersionedOk<Answer>, ProblemHttpResult>> Get(Guid id, LeadsDb db, IDirectory directory, CancellationToken ct) =>
        await db.Queues.AsNoTracking().FirstOrDefaultAsync(q => q.Id == id, ct) is { } queue ? Answers.Ok(ToAnswer(queue, directory), queue.Version) : Problems.NotFound();

    private static async Task<VersionedCreated<Answer>> Create(Request request, LeadsDb db, QueueNews news, IDirectory directory, CancellationToken ct)
    {
        await Check(request, null, db, directory, ct);
        var queue = new LeadQueue(Guid.CreateVersion7(), request.Name.Trim(), request.Members.Distinct());
        db.Add(queue);
        await news.Save(queue, ct);
        return Answers.Created($"/api/leads/queues/{queue.Id}", ToAnswer(queue, directory), queue.Version);
    }

    private static async Task<Results<VersionedOk<Answer>, ProblemHttpResult>> Change(
        Guid id, Request request, HttpContext http, LeadsDb db, QueueNews news, IDirectory directory, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await db.Queues.FirstOrDefaultAsync(q => q.Id == id, ct) is not { } queue) return Problems.NotFound();
        Versions.Check(expected, queue.Version);
        await Check(request, id, db, directory, ct);
        queue.Describe(request.Name.Trim(), request.Members);
        await news.Save(queue, ct);
        return Answers.Ok(ToAnswer(queue, directory), queue.Version);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, HttpContext http, LeadsDb db, QueueNews news, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await db.Queues.FirstOrDefaultAsync(q => q.Id == id, ct) is not { } queue) return Problems.NotFound();
        Versions.Check(expected, queue.Version);
        if (await db.Leads.IgnoreQueryFilters([PlatformModel.RecycleBin]).AnyAsync(l => l.QueueId == id, ct))
            throw new DomainRuleException("queue-in-use", $"“{queue.Name}” still holds leads. Hand them to somebody first.");
        db.Remove(queue);
        await news.Save(queue, ct);
        return TypedResults.NoContent();
    }

    private static async Task Check(Request request, Guid? id, LeadsDb db, IDirectory directory, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var name = request.Name.Trim();
        if (name.Length is 0 or > 80) errors.Add("name", "1 to 80 characters.");
        var others = await db.Queues.Where(q => q.Id != id).Select(q => q.Name).ToListAsync(ct);
        if (others.Contains(name, StringComparer.OrdinalIgnoreCase)) errors.Add("name", "There is a queue of that name already.");
        if (request.Members.Count > 1_000) errors.Add("members", "At most 1,000 members.");
        foreach (var member in request.Members.Where(m => directory.FindUser(m) is null)) errors.Add("members", $"There is no user {member}.");
        errors.ThrowIfAny();
    }

    private static Answer ToAnswer(LeadQueue q, IDirectory directory) =>
        new(q.Id, q.Version, q.Name, [.. q.Members.Select(m => new Member(m, directory.FindUser(m)?.Name))]);
}
