using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>What the service has told of a lead, alone or with others that changed at the same moment.</summary>
public static class LeadNews
{
    public static IReadOnlyList<(LeadState Lead, Guid? ActorId)> Told(this TestBus bus, string leadId, ChangeKind kind) =>
    [
        .. bus.All<LeadChanged>().Where(one => one.Kind == kind).Select(one => (one.Lead, one.ActorId))
            .Concat(bus.All<LeadsChanged>().Where(many => many.Kind == kind).SelectMany(many => many.Leads.Select(lead => (lead, many.ActorId))))
            .Where(told => told.Item1.LeadId.ToString() == leadId),
    ];
}
