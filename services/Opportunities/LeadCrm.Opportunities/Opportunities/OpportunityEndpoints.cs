using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;

namespace LeadCrm.Opportunities.Opportunities;

internal static class OpportunityEndpoints
{
    internal static void MapOpportunities(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/opportunities").WithTags("Opportunities").RequirePermission("opportunities.read").WithIdempotency<OpportunitiesDb>();

        group.MapGet("/", ListOpportunities.Handle).WithSummary("Lists opportunities: filters, sort, search, keyset pages.");
        group.MapGet("/totals", TotalOpportunities.Handle).WithSummary("How many opportunities of a list are in each stage, and what they come to per currency.");
        group.MapPost("/", CreateOpportunity.Handle).RequirePermission("opportunities.create").WithSummary("Creates an opportunity.").WithExample(new { name = "Harbor Solar: first order", accountId = Guid.Empty, amount = 12_000, currency = "EUR", closeDate = "2027-03-31" });
        group.MapGet("/{id:guid}", GetOpportunity.Handle).WithSummary("Reads an opportunity.");
        group.MapPatch("/{id:guid}", ChangeOpportunity.Handle).RequirePermission("opportunities.edit").WithSummary("Changes fields (merge patch).");
        group.MapDelete("/{id:guid}", DeleteOpportunity.Handle).RequirePermission("opportunities.delete").WithSummary("Puts an opportunity into the recycle bin.");
        group.MapPost("/{id:guid}/restore", RestoreOpportunity.Handle).RequirePermission("opportunities.delete").WithSummary("Takes an opportunity out of the recycle bin.");
        group.MapCustomFields(OpportunityCustomFields.Record);
        group.MapBulk<OpportunitiesDb, Opportunity, OpportunityBulk>();
        group.MapGet("/search", SearchOpportunities.Handle).WithSummary("Finds opportunities by name, account or description.");
        group.MapGet("/{id:guid}/history", OpportunityHistory.Handle).WithSummary("Who changed which field, newest first.");

        group.MapPost("/{id:guid}/stage", MoveStage.Handle).RequirePermission("opportunities.edit").WithVersion().WithSummary("Moves an opportunity to another stage.");
        group.MapGet("/{id:guid}/stages", StageHistory.Handle).WithSummary("Every stage move with the figures of its time, newest first.");

        group.MapPut("/{id:guid}/contact-roles/{contactId:guid}", SetContactRole.Handle).RequirePermission("opportunities.edit").WithSummary("Gives a contact a role in the deal.");
        group.MapDelete("/{id:guid}/contact-roles/{contactId:guid}", RemoveContactRole.Handle).RequirePermission("opportunities.edit").WithSummary("Takes a contact off the deal.");
    }
}
