using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Activities;

/// <summary>Activities in bulk (LD11), by the rules of the single endpoints: calls of a telephone exchange, e-mails of a mailbox, tasks for many.</summary>
internal sealed class ActivityBulk(ActivitiesDb db, Viewer viewer, ItemAccess access, ActivityActions actions, RelatedRecords related, TimeProvider clock) : BulkTarget<Activity>
{
    /// <summary>To whom a transfer goes.</summary>
    private sealed record Transferred(Guid OwnerId);

    private readonly Dictionary<Guid, IReadOnlyCollection<RecordRef>> hungOn = [];
    private readonly HashSet<Guid> editable = [];

    public override BulkPermissions Permissions { get; } = new("activities.create", "activities.edit", "activities.delete", "activities.edit");

    public override Task Prepare(IReadOnlyList<BulkLine> lines, CancellationToken ct) =>
        related.Foresee([.. lines.SelectMany(line => RecordsOf(line.Record)).Distinct()], ct);

    public override async Task<IReadOnlyList<Activity>> Load(Guid[] ids, string[] externalIds, CancellationToken ct)
    {
        var locked = db.Activities.FromSql($"select * from items where type = 'activity' and (id = any({ids}) or external_id = any({externalIds})) order by id for update");
        var found = await viewer.Visible(locked.IgnoreQueryFilters([PlatformModel.RecycleBin])).Include(activity => activity.Links).ToListAsync(ct);
        editable.UnionWith(await viewer.Editable(found, ct));
        foreach (var activity in found) hungOn[activity.Id] = [.. activity.Links.Select(link => link.Record)];
        return found;
    }

    public override string? ExternalId(Activity record) => record.ExternalId;

    public override void EnsureEditable(Activity record, BulkOp op)
    {
        if (!editable.Contains(record.Id)) throw ItemAccess.NotEditable();
    }

    public override Task<Activity> Create(JsonObject record, string? externalId, CancellationToken ct)
    {
        var input = record.Deserialize<ActivityInput>(Json.Options)!;
        return actions.Add(externalId is null ? input : input with { ExternalId = externalId }, ct);
    }

    public override Task Update(Activity record, JsonObject patch, CancellationToken ct) => actions.Apply(record, new MergePatch<ActivityInput>(patch).ApplyTo(record.ToInput()), ct);

    public override Task Transfer(Activity record, JsonObject to, CancellationToken ct) =>
        actions.Apply(record, record.ToInput() with { OwnerId = to.Deserialize<Transferred>(Json.Options)!.OwnerId }, ct);

    public override Task Delete(Activity record, CancellationToken ct)
    {
        record.Delete(ItemAccess.ActorId, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public override Task Restore(Activity record, CancellationToken ct)
    {
        record.Restore(ItemAccess.ActorId, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public override Task Save(IReadOnlyList<BulkChange<Activity>> changes, CancellationToken ct) =>
        access.Save([.. changes.Select(change => ((Item)change.Record, hungOn.GetValueOrDefault(change.Record.Id, [])))], ct);

    /// <summary>What a line relates to, as far as it can be read; what cannot be is refused when its turn comes.</summary>
    private static List<RecordRef> RecordsOf(JsonObject? record)
    {
        try
        {
            return record?["related"]?.Deserialize<List<RecordRef>>(Json.Options) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
