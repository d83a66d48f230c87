using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Views;

/// <summary>Makes a view, changes one, or does away with one.</summary>
internal static class SaveView
{
    private const int MostOfOnesOwn = 200;

    internal static async Task<VersionedCreated<ViewAnswer>> Create(ViewDetails details, LeadsDb db, LeadLists lists, IDirectory directory, TimeProvider clock, CancellationToken ct)
    {
        var me = Actor.Current.UserId;
        await Check(details, null, me, db, lists, directory, ct);
        if (await db.Set<LeadView>().CountAsync(view => view.OwnerId == me, ct) >= MostOfOnesOwn)
            throw new DomainRuleException("too-many-views", $"You have {MostOfOnesOwn} views. Delete one that you no longer need.", 422);
        var view = new LeadView(Guid.CreateVersion7(), me, clock.GetUtcNow());
        view.Describe(details);
        db.Add(view);
        await db.SaveChangesAsync(ct);
        return Answers.Created($"/api/leads/views/{view.Id}", ViewAnswer.Of(view, new HashSet<string>(), directory), view.Version);
    }

    internal static async Task<Results<VersionedOk<ViewAnswer>, ProblemHttpResult>> Change(
        string id, ViewDetails details, HttpContext http, LeadsDb db, LeadViews views, LeadLists lists, IDirectory directory, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await views.FindForEdit(id, expected, ct) is not { } view) return Problems.NotFound();
        await Check(details, view.Id, view.OwnerId, db, lists, directory, ct);
        view.Describe(details);
        await db.SaveChangesAsync(ct);
        return Answers.Ok(ViewAnswer.Of(view, await ReadViews.Pins(db, ct), directory), view.Version);
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Delete(string id, HttpContext http, LeadsDb db, LeadViews views, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (await views.FindForEdit(id, expected, ct) is not { } view) return Problems.NotFound();
        await db.InTransaction(async () =>
        {
            db.Remove(view);
            await db.SaveChangesAsync(ct);
            return await db.Set<LeadViewPin>().Where(pin => pin.View == id).ExecuteDeleteAsync(ct);
        }, ct);
        return TypedResults.NoContent();
    }

    private static async Task Check(ViewDetails details, Guid? id, Guid owner, LeadsDb db, LeadLists lists, IDirectory directory, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var name = details.Name.Trim();
        if (name.Length is 0 or > 80) errors.Add("name", "1 to 80 characters.");
        else if (await db.Set<LeadView>().AnyAsync(view => view.OwnerId == owner && view.Name == name && view.Id != id, ct)) errors.Add("name", "There is a view of that name already.");

        details.Filter.Check(lists.Fields, lists.Dates, errors);
        if (!string.IsNullOrWhiteSpace(details.Sort)) lists.Fields.CheckSort(details.Sort, errors);
        var known = lists.Columns;
        if (details.Columns is { Count: > 250 }) errors.Add("columns", "At most 250 columns.");
        foreach (var column in (details.Columns ?? []).Where(column => !known.Contains(column))) errors.Add("columns", $"'{column}' is no column of this list.");

        var shared = details.SharedWith ?? new();
        if (shared.UserIds is { Count: > 500 } || shared.TeamIds is { Count: > 500 }) errors.Add("sharedWith", "At most 500 users and 500 teams. Share it with everyone instead.");
        foreach (var user in (shared.UserIds ?? []).Where(user => directory.FindUser(user) is null)) errors.Add("sharedWith.userIds", $"There is no user {user}.");
        foreach (var team in (shared.TeamIds ?? []).Where(team => directory.FindTeam(team) is null)) errors.Add("sharedWith.teamIds", $"There is no team {team}.");
        errors.ThrowIfAny();
    }
}
