using System.Text.Json;
using System.Text.Json.Nodes;
using LeadCrm.Campaigns.Contracts;
using LeadCrm.Campaigns.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.Visibility;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>Campaigns in bulk (LD11), by the rules of the single endpoints.</summary>
internal sealed class CampaignBulk(CampaignsDb db, CampaignReferences references, IVisibility visibility, IPublishEndpoint publish, TimeProvider clock) : BulkTarget<Campaign>
{
    /// <summary>To whom a transfer goes.</summary>
    private sealed record Transferred(Guid OwnerId);

    private readonly Scope scope = visibility.Of("campaign");

    public override BulkPermissions Permissions { get; } = new("campaigns.create", "campaigns.edit", "campaigns.delete", "campaigns.edit");

    public override async Task<IReadOnlyList<Campaign>> Load(Guid[] ids, string[] externalIds, CancellationToken ct) =>
        await db.Campaigns.FromSql($"select * from campaigns where id = any({ids}) or external_id = any({externalIds}) order by id for update")
            .IgnoreQueryFilters().VisibleTo(scope, c => c.OwnerId).ToListAsync(ct);

    public override string? ExternalId(Campaign record) => record.ExternalId;

    public override void EnsureEditable(Campaign record, BulkOp op)
    {
        if (op == BulkOp.Transfer) scope.DemandTransfer(record.OwnerId);
        else scope.DemandEdit(record.OwnerId);
    }

    public override async Task<Campaign> Create(JsonObject record, string? externalId, CancellationToken ct)
    {
        var request = record.Deserialize<CampaignInput>(Json.Options)!;
        if (externalId is not null) request = request with { ExternalId = externalId };
        var (id, actor) = (Guid.CreateVersion7(), Actor.Current.UserId);
        var input = await Checked(id, request, null, ct);
        var campaign = Campaign.Create(id, input, input.OwnerId ?? actor, actor, clock.GetUtcNow());
        db.Campaigns.Add(campaign);
        return campaign;
    }

    public override Task Update(Campaign record, JsonObject patch, CancellationToken ct) => Change(record, new MergePatch<CampaignInput>(patch).ApplyTo(record.ToInput()), ct);

    public override Task Transfer(Campaign record, JsonObject to, CancellationToken ct) =>
        Change(record, record.ToInput() with { OwnerId = to.Deserialize<Transferred>(Json.Options)!.OwnerId }, ct);

    public override Task Delete(Campaign record, CancellationToken ct)
    {
        record.Delete(Actor.Current.UserId, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public override Task Restore(Campaign record, CancellationToken ct)
    {
        record.Restore(Actor.Current.UserId, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public override async Task Save(IReadOnlyList<BulkChange<Campaign>> changes, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        foreach (var change in changes)
        {
            var kind = change.Op switch
            {
                BulkOp.Create => ChangeKind.Created,
                BulkOp.Delete => ChangeKind.Deleted,
                BulkOp.Restore => ChangeKind.Restored,
                _ => ChangeKind.Updated,
            };
            await publish.PublishFor(change.Record.Id, change.Record.Changed(kind, now), ct);
        }
        await db.SaveChangesAsync(ct);
    }

    private async Task Change(Campaign record, CampaignInput asked, CancellationToken ct)
    {
        var input = await Checked(record.Id, asked, record.ToInput(), ct);
        record.Change(input, Actor.Current.UserId, clock.GetUtcNow());
    }

    private async Task<CampaignInput> Checked(Guid id, CampaignInput asked, CampaignInput? before, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var input = asked.Normalised(errors);
        await references.Check(id, input, before, errors, ct);
        errors.ThrowIfAny();
        return input;
    }
}
