using LeadCrm.Leads.AccountMatches;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.PickLists;
using LeadCrm.Leads.Queues;
using LeadCrm.Leads.Settings;
using LeadCrm.Leads.Statuses;
using LeadCrm.Leads.Views;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Leads.Leads;

/// <summary>What can be done with leads over HTTP.</summary>
internal static class LeadEndpoints
{
    internal static void MapLeads(this IEndpointRouteBuilder app)
    {
        var leads = app.MapGroup("/api/leads").RequirePermission("leads.read").WithTags("Leads").WithIdempotency<LeadsDb>();

        leads.MapGet("", ListLeads.Handle).WithSummary("List leads: view, filters, sort, search");
        leads.MapGet("counts", CountLeads.Handle).WithSummary("Count the leads of a list by country, industry, month, owner, source or status");
        leads.MapGet("call-next", CallNext.Handle).WithSummary("Whom to call next: the caller's leads by first response at risk, task due, score, longest untouched");
        leads.MapPost("", CreateLead.Handle).RequirePermission("leads.create").WithMetadata(new OwnIdempotency()).WithSummary("Create a lead")
            .WithExample(new { firstName = "Ada", lastName = "Byron", company = "Analytical Engines", email = "ada@analytical.example", city = "London", country = "GB" });
        leads.MapGet("{id:guid}", GetLead.Handle).WithSummary("Read a lead");
        leads.MapPatch("{id:guid}", ChangeLead.Handle).RequirePermission("leads.edit").WithSummary("Change fields of a lead");
        leads.MapDelete("{id:guid}", DeleteLead.Handle).RequirePermission("leads.delete").WithSummary("Move a lead to the recycle bin");
        leads.MapPost("{id:guid}/restore", RestoreLead.Handle).RequirePermission("leads.delete").WithSummary("Bring a lead back from the recycle bin");
        leads.MapPost("{id:guid}/owner", TransferLead.Handle).RequirePermission("leads.transfer").WithVersion().WithSummary("Hand a lead to another user or a queue");
        leads.MapPost("{id:guid}/status", MoveLead.Handle).RequirePermission("leads.edit").WithVersion().WithSummary("Move a lead to another status");
        leads.MapPost("{id:guid}/reopen", ReopenLead.Handle).RequirePermission("leads.edit").WithVersion().WithSummary("Reopen a lead that is not qualified");
        leads.MapPost("{id:guid}/process", FollowProcess.Handle).RequirePermission("leads.edit").WithVersion().WithSummary("Make a lead follow another process");
        leads.MapPut("{id:guid}/opened", OpenLead.Handle).WithSummary("Say that the owner has opened the lead: it is no longer unread").WithoutVersion("reading a lead is no edit of it.");
        leads.MapGet("{id:guid}/account-matches", ReadAccountMatches.Handle).WithSummary("Accounts that the lead's company or e-mail domain belongs to, with owners and open opportunities");
        leads.MapPut("{id:guid}/unread", MarkLead.Handle).RequirePermission("leads.edit").WithSummary("Mark a lead read or unread").WithoutVersion("reading a lead is no edit of it.");
        leads.MapPut("{id:guid}/score", RateLead.Handle).RequirePermission("leads.edit").WithSummary("Set score and grade").WithoutVersion("machines rate leads while people edit them.");
        leads.MapBulk<LeadsDb, Lead, LeadBulk>();
        leads.MapGet("search", SearchLeads.Handle).WithSummary("Find leads by name, company, e-mail, phone or description");
        leads.MapGet("{id:guid}/history", LeadHistory.Fields).WithSummary("Every change of a lead's fields");
        leads.MapGet("{id:guid}/status-log", LeadHistory.Statuses).WithSummary("A lead's way through the statuses");

        leads.MapStatuses();
        leads.MapQueues();
        leads.MapViews();
        leads.MapLeadSettings();
        leads.MapPickLists();
        leads.MapCustomFields(LeadCustomFields.Record);
    }
}
