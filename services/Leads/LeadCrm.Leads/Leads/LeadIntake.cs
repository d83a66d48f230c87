using System.Text.Json;
using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Leads;

/// <summary>A lead that is to be written.</summary>
/// <param name="Lead">The lead, checked.</param>
/// <param name="Answer">What its caller is told when it has been written.</param>
/// <param name="Key">The request's idempotency key.</param>
/// <param name="Actor">Who creates it.</param>
internal sealed record NewLead(Lead Lead, LeadResponse Answer, IdempotencyKey? Key, Actor Actor)
{
    /// <summary>Where the lead is to be found.</summary>
    public string Location => $"/api/leads/{Lead.Id}";
}

/// <summary>
/// Writes new leads: all that come in at the same moment in one commit, with their history, their keys and one event for those of a user. What fails together is written one by one,
/// so that nobody's lead fails for another's.
/// </summary>
internal sealed class LeadIntake
{
    private readonly IServiceScopeFactory scopes;
    private readonly TimeProvider clock;
    private readonly Together<NewLead, StoredAnswer?> together;

    public LeadIntake(IServiceScopeFactory scopes, TimeProvider clock)
    {
        (this.scopes, this.clock) = (scopes, clock);
        together = new(Write, new TogetherOptions());
    }

    /// <summary>Writes the lead; answers what was answered before when its key was used before, otherwise null.</summary>
    public Task<StoredAnswer?> Take(NewLead lead) => together.Do(lead);

    private async Task<IReadOnlyList<StoredAnswer?>> Write(IReadOnlyList<NewLead> coming)
    {
        var ct = CancellationToken.None;   // one caller that goes away takes nobody with it
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LeadsDb>();
        db.Database.AutoSavepointsEnabled = false;   // an error ends the whole transaction
        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        var claimed = await IdempotencyStore.ClaimAll(db, [.. coming.Where(lead => lead.Key is not null).Select(lead => (lead.Key!, lead.Lead.Id, (StoredAnswer?)ToStore(lead)))], ct);
        var (fresh, answers) = (new List<NewLead>(), new List<StoredAnswer?>());
        foreach (var lead in coming)
        {
            if (lead.Key is { } key && !claimed.Contains(lead.Lead.Id)) answers.Add(await IdempotencyStore.First(db, key, ct));
            else
            {
                fresh.Add(lead);
                answers.Add(null);
            }
        }
        Add(db, fresh);
        await Announce(scope.ServiceProvider.GetRequiredService<IPublishEndpoint>(), fresh, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return answers;
    }

    private static void Add(LeadsDb db, List<NewLead> fresh)
    {
        // Each request has read the status for itself; here it is one.
        var statuses = fresh.Select(lead => lead.Lead.Status).DistinctBy(status => status.Id).ToDictionary(status => status.Id);
        db.AttachRange(statuses.Values);
        foreach (var (lead, _, _, actor) in fresh) db.Add(lead.ChangedBy(actor).KnowingStatus(statuses[lead.StatusId]));
    }

    private async Task Announce(IPublishEndpoint publish, List<NewLead> fresh, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        foreach (var mine in fresh.GroupBy(lead => (lead.Actor.UserId, lead.Actor.OperationId)))
        {
            var (first, actor) = (mine.First().Lead, mine.First().Actor);
            using var acting = Actor.Use(actor);
            if (mine.Count() == 1) await publish.PublishFor(first.Id, first.ToEvent(ChangeKind.Created, first.Version, now), ct);
            else
                await publish.PublishFor(first.Id,
                    new LeadsChanged { Kind = ChangeKind.Created, Leads = [.. mine.Select(lead => lead.Lead.ToState(lead.Lead.Version))], ActorId = actor.UserId, At = now }, ct);
        }
    }

    private static StoredAnswer ToStore(NewLead lead) => new(StatusCodes.Status201Created, new(StringComparer.OrdinalIgnoreCase)
    {
        ["Content-Type"] = "application/json; charset=utf-8", ["Location"] = lead.Location, ["ETag"] = $"\"{lead.Lead.Version}\"",
    }, JsonSerializer.SerializeToUtf8Bytes(lead.Answer, Json.Options), null);
}
