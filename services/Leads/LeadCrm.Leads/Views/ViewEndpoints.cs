using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Leads.Views;

/// <summary>What can be done with views over HTTP. Whoever may read leads may have views: none shows more than its reader may see.</summary>
internal static class ViewEndpoints
{
    internal static void MapViews(this RouteGroupBuilder leads)
    {
        leads.MapGet("views", ReadViews.List).WithSummary("List the views that one may look through");
        leads.MapPost("views", SaveView.Create).WithSummary("Make a view").WithExample(new
        {
            name = "Hot and quiet", sort = "-score", columns = new[] { "lastName", "company", "score" },
            filter = new { logic = "1 AND (2 OR 3)", conditions = new object[] { new { field = "ownerId", value = "me" }, new { field = "score", @operator = "gte", value = "80" }, new { field = "untouchedSince", @operator = "lt", value = "today-7d" } } },
        });
        leads.MapGet("views/{id}", ReadViews.One).WithSummary("Read a view");
        leads.MapPut("views/{id}", SaveView.Change).WithSummary("Change a view");
        leads.MapDelete("views/{id}", SaveView.Delete).WithSummary("Delete a view; the leads stay");
        leads.MapPut("views/{id}/pinned", PinView.Handle).WithSummary("Pin a view, or unpin it").WithoutVersion("what one user has at hand changes no view.");
    }
}
