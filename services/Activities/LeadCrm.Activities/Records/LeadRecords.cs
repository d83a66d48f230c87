using LeadCrm.Activities.Items;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.RecordAccess;
using MassTransit;

namespace LeadCrm.Activities.Records;

/// <summary>What a lead's events mean here.</summary>
internal sealed class LeadRecords(RecordChanges changes, FollowUps followUps)
{
    internal async Task Apply(IReadOnlyCollection<LeadState> leads, Guid? actorId, CancellationToken ct)
    {
        var current = await changes.Apply([.. leads.Select(ToRow)], actorId, ct);
        await followUps.Follow([.. leads.Where(lead => current.Contains(lead.LeadId))], actorId, ct);
    }

    internal static string NameOf(LeadState lead) => string.IsNullOrEmpty(lead.FirstName) ? lead.LastName : $"{lead.FirstName} {lead.LastName}";

    private static RecordAccessRow ToRow(LeadState lead) => new()
    {
        RecordType = RecordTypes.Lead, RecordId = lead.LeadId, OwnerId = lead.OwnerId, QueueId = lead.QueueId, Name = NameOf(lead), Version = lead.Version, IsDeleted = lead.IsDeleted,
    };
}

/// <summary>Follows leads.</summary>
internal sealed class LeadChangedConsumer(LeadRecords leads) : IConsumer<LeadChanged>
{
    public Task Consume(ConsumeContext<LeadChanged> context) => leads.Apply([context.Message.Lead], context.Message.ActorId, context.CancellationToken);
}

/// <summary>Follows leads that change in bulk.</summary>
internal sealed class LeadsChangedConsumer(LeadRecords leads) : IConsumer<LeadsChanged>
{
    public Task Consume(ConsumeContext<LeadsChanged> context) => leads.Apply([.. context.Message.Leads], context.Message.ActorId, context.CancellationToken);
}
