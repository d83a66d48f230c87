using LeadCrm.ServiceDefaults.Auth;

namespace LeadCrm.Leads.Statuses;

/// <summary>Setup of statuses, processes and their path.</summary>
internal static class StatusEndpoints
{
    internal static void MapStatuses(this RouteGroupBuilder leads)
    {
        leads.MapGet("statuses", SetUpStatuses.List).WithSummary("List the statuses");
        leads.MapPost("statuses", SetUpStatuses.Create).RequirePermission("setup.manage").WithSummary("Add a status");
        leads.MapPut("statuses/{id:guid}", SetUpStatuses.Change).RequirePermission("setup.manage").WithSummary("Change a status");
        leads.MapDelete("statuses/{id:guid}", SetUpStatuses.Delete).RequirePermission("setup.manage").WithSummary("Delete a status that no lead ever held");

        leads.MapGet("path", SetUpProcesses.Path).WithSummary("The default process: transitions, guidance and key fields per status");
        leads.MapGet("processes", SetUpProcesses.List).WithSummary("List the processes");
        leads.MapPost("processes", SetUpProcesses.Create).RequirePermission("setup.manage").WithSummary("Add a process");
        leads.MapGet("processes/{id:guid}", SetUpProcesses.Get).WithSummary("Read a process");
        leads.MapPut("processes/{id:guid}", SetUpProcesses.Change).RequirePermission("setup.manage").WithSummary("Change a process");
        leads.MapDelete("processes/{id:guid}", SetUpProcesses.Delete).RequirePermission("setup.manage").WithSummary("Delete a process that no lead follows");
    }
}
