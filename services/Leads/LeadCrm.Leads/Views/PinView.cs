using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Views;

/// <summary>Puts a view at hand for the caller, or takes it away again; nobody else notices.</summary>
internal static class PinView
{
    private const int Most = 50;

    internal sealed record Request(bool IsPinned);

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(string id, Request request, LeadsDb db, LeadViews views, CancellationToken ct)
    {
        var me = Actor.Current.UserId;
        // What is no longer shared can still be unpinned.
        if (!request.IsPinned && await db.Set<LeadViewPin>().Where(pin => pin.UserId == me && pin.View == id).ExecuteDeleteAsync(ct) > 0) return TypedResults.NoContent();
        var isThere = Guid.TryParseExact(id, "D", out var saved) ? await views.FindSaved(saved, ct) is not null : (await views.BuiltIn(ct)).Any(one => one.Id == id);
        if (!isThere) return Problems.NotFound();
        if (!request.IsPinned) return TypedResults.NoContent();
        if (await db.Set<LeadViewPin>().CountAsync(pin => pin.UserId == me, ct) >= Most) return Problems.Unprocessable("too-many-pins", $"{Most} views are pinned already. Unpin one first.");
        await db.Database.ExecuteSqlAsync($"insert into lead_view_pins (user_id, view) values ({me}, {id}) on conflict do nothing", ct);
        return TypedResults.NoContent();
    }
}
