using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.Opportunities.Contracts;
using LeadCrm.Opportunities.ConversionUndo;
using LeadCrm.Opportunities.Data;
using LeadCrm.Opportunities.Organisation;
using LeadCrm.Opportunities.References;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>Opportunities in bulk (LD11), by the rules of the single endpoints. A stage is moved one by one only.</summary>
internal sealed class OpportunityBulk(
    OpportunitiesDb db, OpportunityAccess access, AccountsClient accounts, CustomValues custom, CurrentOrganisation organisation, IVisibility visibility, TimeProvider clock)
    : BulkTarget<Opportunity>
{
    /// <summary>To whom a transfer goes.</summary>
    private sealed record Transferred(Guid OwnerId);

    private readonly Scope scope = visibility.Of("opportunity");

    public override BulkPermissions Permissions { get; } = new("opportunities.create", "opportunities.edit", "opportunities.delete", "opportunities.edit");

    public override async Task<IReadOnlyList<Opportunity>> Load(Guid[] ids, string[] externalIds, CancellationToken ct) =>
        await db.Opportunities.FromSql($"select * from opportunities where id = any({ids}) or external_id = any({externalIds}) order by id for update")
            .IgnoreQueryFilters().VisibleTo(scope, o => o.OwnerId).Include(o => o.ContactRoles).ToListAsync(ct);

    public override string? ExternalId(Opportunity record) => record.ExternalId;

    public override void EnsureEditable(Opportunity record, BulkOp op)
    {
        if (op == BulkOp.Transfer) scope.DemandTransfer(record.OwnerId);
        else scope.DemandEdit(record.OwnerId);
        record.RefuseWhileProvisional();
    }

    public override async Task<Opportunity> Create(JsonObject record, string? externalId, CancellationToken ct)
    {
        var request = record.Deserialize<CreateOpportunity.Request>(Json.Options)!;
        if (externalId is not null) request = request with { ExternalId = externalId };
        var opportunity = await CreateOpportunity.Make(request, access, accounts, custom, organisation.Value, clock.GetUtcNow(), ct);
        db.Add(opportunity);
        return opportunity;
    }

    public override Task Update(Opportunity record, JsonObject patch, CancellationToken ct) =>
        ChangeOpportunity.Apply(record, new MergePatch<OpportunityInput>(patch), access, accounts, custom, organisation.Value, clock.GetUtcNow(), ct);

    public override Task Transfer(Opportunity record, JsonObject to, CancellationToken ct) =>
        Update(record, new JsonObject { ["ownerId"] = to.Deserialize<Transferred>(Json.Options)!.OwnerId }, ct);

    public override async Task Delete(Opportunity record, CancellationToken ct)
    {
        await access.RefuseWhileConversionUses(record.Id, ct);
        record.Delete(OpportunityAccess.ActorId, clock.GetUtcNow());
    }

    public override Task Restore(Opportunity record, CancellationToken ct)
    {
        record.Restore(OpportunityAccess.ActorId, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public override async Task Save(IReadOnlyList<BulkChange<Opportunity>> changes, CancellationToken ct)
    {
        await HeldReferences.RefuseNewOnes(db, ct);
        foreach (var change in changes)
        {
            await access.Announce(change.Record, change.Op switch
            {
                BulkOp.Create => ChangeKind.Created,
                BulkOp.Delete => ChangeKind.Deleted,
                BulkOp.Restore => ChangeKind.Restored,
                _ => ChangeKind.Updated,
            }, ct);
        }
        await db.SaveChangesAsync(ct);
    }
}
