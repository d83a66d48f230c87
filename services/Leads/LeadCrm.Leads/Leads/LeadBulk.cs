using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Import;
using LeadCrm.Leads.PickLists;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Persistence;
using LeadCrm.ServiceDefaults.Visibility;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.Leads.Leads;

/// <summary>
/// Leads in bulk (LD11), by the rules of the single endpoints. New ones are copied in as an import does; one event tells of each chunk.
/// </summary>
internal sealed class LeadBulk(LeadsDb db, OwnerRules owners, CustomValues custom, PickListCache pickLists, IVisibility visibility, IPublishEndpoint publish, TimeProvider clock) : BulkTarget<Lead>
{
    private readonly Scope scope = visibility.Of("lead");
    private readonly Editing editing = Editing.ByCurrentActor;
    private List<LeadStatus> statuses = [];
    private HashSet<Guid> processes = [];
    private HashSet<Guid> queues = [];
    private PickListBook lists = new([]);

    public override BulkPermissions Permissions { get; } = new("leads.create", "leads.edit", "leads.delete", "leads.transfer");

    public override async Task Prepare(IReadOnlyList<BulkLine> lines, CancellationToken ct)
    {
        statuses = await db.Statuses.AsNoTracking().ToListAsync(ct);
        processes = await db.Processes.AsNoTracking().Select(p => p.Id).ToHashSetAsync(ct);
        queues = await db.Queues.AsNoTracking().Select(q => q.Id).ToHashSetAsync(ct);
        lists = await pickLists.Get(db, ct);
    }

    public override async Task<IReadOnlyList<Lead>> Load(Guid[] ids, string[] externalIds, CancellationToken ct) =>
        await db.Leads.FromSql($"select * from leads where id = any({ids}) or external_id = any({externalIds}) order by id for update")
            .IgnoreQueryFilters([PlatformModel.RecycleBin]).VisibleTo(scope, l => l.OwnerId, l => l.QueueId)
            .Include(l => l.Status).Include(l => l.Signals).ToListAsync(ct);

    public override string? ExternalId(Lead record) => record.ExternalId;

    public override void EnsureEditable(Lead record, BulkOp op)
    {
        if (op == BulkOp.Transfer) scope.DemandTransfer(record.OwnerId, record.QueueId);
        else scope.DemandEdit(record.OwnerId, record.QueueId);
        record.EnsureEditable(editing);
    }

    public override async Task<Lead> Create(JsonObject record, string? externalId, CancellationToken ct)
    {
        var request = record.Deserialize<CreateLead.Request>(Json.Options)!;
        if (externalId is not null) request = request with { ExternalId = externalId };
        var errors = new FieldErrors();
        var status = Status(request.Status, errors);
        if (request.ProcessId is { } process && !processes.Contains(process)) errors.Add("processId", "There is no such process.");
        var owner = request is { OwnerId: null, QueueId: null } ? LeadOwner.User(Actor.Current.UserId) : Owner(request.OwnerId, request.QueueId, errors);
        request = request with { Custom = await custom.ForNew("lead", request.Custom, errors, ct) };
        // Not added to the context: a new lead is written by COPY.
        return CreateLead.Make(request, status, owner, lists, errors, clock.GetUtcNow());
    }

    public override async Task Update(Lead record, JsonObject patch, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var asked = new MergePatch<LeadDetails>(patch).ApplyTo(record.ToDetails());
        var details = lists.Spelled(LeadRules.Normalise(asked, errors)) with { Custom = await custom.ForEdit("lead", asked.Custom, record.Custom, errors, ct) };
        errors.ThrowIfAny();
        record.Edit(details, editing, clock.GetUtcNow());
    }

    public override Task Delete(Lead record, CancellationToken ct)
    {
        record.Delete(editing, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public override Task Restore(Lead record, CancellationToken ct)
    {
        record.Restore(clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public override Task Transfer(Lead record, JsonObject to, CancellationToken ct)
    {
        var request = to.Deserialize<TransferLead.Request>(Json.Options)!;
        var errors = new FieldErrors();
        var owner = Owner(request.OwnerId, request.QueueId, errors);
        errors.ThrowIfAny();
        record.TransferTo(owner, editing, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public override async Task Save(IReadOnlyList<BulkChange<Lead>> changes, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        List<Lead> created = [.. changes.Where(c => c.Op == BulkOp.Create).Select(c => c.Record)];
        if (created.Count > 0) await new LeadCopy(db.Model).Write((NpgsqlConnection)db.Database.GetDbConnection(), created, now, ct);

        db.ChangeTracker.DetectChanges();
        foreach (var group in changes.GroupBy(c => Kind(c.Op)))
        {
            LeadState[] states = [.. group.Select(c => c.Record).Where(l => group.Key == ChangeKind.Created || db.Entry(l).State == EntityState.Modified)
                .Select(l => l.ToState(group.Key == ChangeKind.Created ? l.Version : l.Version + 1))];
            if (states.Length == 0) continue;
            await publish.PublishFor(Actor.Current.OperationId!.Value, new LeadsChanged { Kind = group.Key, Leads = states, ActorId = Actor.Current.UserId, At = now }, ct);
        }
        await db.SaveChangesAsync(ct);
    }

    private LeadStatus? Status(string? idOrName, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(idOrName)) return statuses.First(s => s.IsDefault);
        var name = idOrName.Trim();
        var status = statuses.Find(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase) || s.Id.ToString() == name);
        if (StatusBook.ProblemForNewLead(status, name) is not { } problem) return status;
        errors.Add("status", problem);
        return null;
    }

    private LeadOwner Owner(Guid? ownerId, Guid? queueId, FieldErrors errors) => owners.Check(ownerId, queueId, queues, errors);

    private static ChangeKind Kind(BulkOp op) => op switch
    {
        BulkOp.Create => ChangeKind.Created,
        BulkOp.Delete => ChangeKind.Deleted,
        BulkOp.Restore => ChangeKind.Restored,
        _ => ChangeKind.Updated,
    };
}
