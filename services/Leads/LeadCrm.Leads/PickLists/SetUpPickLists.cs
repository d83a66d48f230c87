using System.Text.Json;
using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.PickLists;

/// <summary>The pick-lists of leads as an administrator edits them (LD3).</summary>
internal static class SetUpPickLists
{
    /// <param name="Name">Name, unique in its list.</param>
    /// <param name="IsDefault">True: new leads that come without one take it.</param>
    /// <param name="IsActive">False: leads keep it, and nobody is offered it any more.</param>
    internal sealed record Request(string Name, bool IsDefault = false, bool IsActive = true);

    /// <param name="Ids">All values of the list, in the order wanted.</param>
    internal sealed record Order(IReadOnlyList<Guid> Ids);

    /// <param name="Id">Id.</param>
    /// <param name="Version">Version.</param>
    /// <param name="Name">Name.</param>
    /// <param name="IsDefault">New leads take it when they come without one.</param>
    /// <param name="IsActive">It is offered to people.</param>
    /// <param name="LeadsFollow">It has another name now, and leads that still have the old one are being changed.</param>
    internal sealed record Value(Guid Id, long Version, string Name, bool IsDefault, bool IsActive, bool LeadsFollow);

    /// <param name="List">Which one: the name of the field.</param>
    /// <param name="Values">Its values in their order.</param>
    internal sealed record Answer(PickList List, IReadOnlyList<Value> Values);

    internal static void MapPickLists(this RouteGroupBuilder leads)
    {
        leads.MapGet("pick-lists", List).WithSummary("List the pick-lists: sources, industries, salutations");
        leads.MapPost("pick-lists/{list}/values", Add).RequirePermission("setup.manage").WithSummary("Add a value to a pick-list").WithExample(new { name = "Webinar" });
        leads.MapPut("pick-lists/{list}/values/{id:guid}", Change).RequirePermission("setup.manage").WithSummary("Rename, deactivate or make default a value; leads that have it follow");
        leads.MapPut("pick-lists/{list}/order", Arrange).RequirePermission("setup.manage").WithSummary("Put the values of a pick-list in order")
            .WithoutVersion("it names every value, and one that is missing or strange is refused.");
    }

    private static async Task<Ok<Answer[]>> List(LeadsDb db, CancellationToken ct)
    {
        var values = await db.Set<PickListValue>().AsNoTracking().ToListAsync(ct);
        var following = await db.Set<PickListRename>().Select(rename => rename.ValueId).ToListAsync(ct);
        return TypedResults.Ok(Enum.GetValues<PickList>().Select(list => ToAnswer(list, values.Where(value => value.List == list), following)).ToArray());
    }

    private static async Task<Results<VersionedCreated<Value>, ProblemHttpResult>> Add(string list, Request request, LeadsDb db, PickListCache lists, CancellationToken ct)
    {
        if (Find(list) is not { } which) return Problems.NotFound();
        var answer = await db.InTransaction<Results<VersionedCreated<Value>, ProblemHttpResult>>(async () =>
        {
            var all = await PickListEditing.LockAll(db, which, ct);
            await PickListEditing.Check(db, which, request, all, null, ct);
            var value = new PickListValue(Guid.CreateVersion7(), which, request.Name.Trim(), all.Count == 0 ? 10 : all.Max(one => one.Sort) + 10);
            foreach (var other in all) other.GiveUp(value.Name);
            db.Add(value);
            await PickListEditing.Save(db, all, value, request, ct);
            return Answers.Created($"/api/leads/pick-lists/{list}/values/{value.Id}", ToValue(value, []), value.Version);
        }, ct);
        lists.Forget();   // once it is committed: before, the old list would be read again
        return answer;
    }

    private static async Task<Results<VersionedOk<Value>, ProblemHttpResult>> Change(
        string list, Guid id, Request request, HttpContext http, LeadsDb db, PickListCache lists, FollowRenames follow, TimeProvider clock, CancellationToken ct)
    {
        var expected = http.RequireIfMatch();
        if (Find(list) is not { } which) return Problems.NotFound();
        var answer = await db.InTransaction<Results<VersionedOk<Value>, ProblemHttpResult>>(async () =>
        {
            var all = await PickListEditing.LockAll(db, which, ct);
            if (all.Find(one => one.Id == id) is not { } value) return Problems.NotFound();
            Versions.Check(expected, value.Version);
            await PickListEditing.Check(db, which, request, all, value, ct);
            var (before, name) = (value.Name, request.Name.Trim());
            if (name != before)
            {
                foreach (var other in all.Where(one => one != value)) other.GiveUp(name);
                value.Rename(name);
                await db.Set<PickListRename>().Where(rename => rename.List == which && (rename.From == before || rename.From == name)).ExecuteDeleteAsync(ct);
                db.Add(new PickListRename { Id = Guid.CreateVersion7(), List = which, From = before, ValueId = value.Id, ById = Actor.Current.UserId, At = clock.GetUtcNow() });
            }
            await PickListEditing.Save(db, all, value, request, ct);
            var following = await db.Set<PickListRename>().Where(rename => rename.ValueId == id).Select(rename => rename.ValueId).ToListAsync(ct);
            return Answers.Ok(ToValue(value, following), value.Version);
        }, ct);
        lists.Forget();
        follow.Wake();
        return answer;
    }

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> Arrange(string list, Order order, LeadsDb db, CancellationToken ct)
    {
        if (Find(list) is not { } which) return Problems.NotFound();
        return await db.InTransaction<Results<Ok<Answer>, ProblemHttpResult>>(async () =>
        {
            var all = await PickListEditing.LockAll(db, which, ct);
            if (order.Ids.Count != all.Count || !order.Ids.ToHashSet().SetEquals(all.Select(value => value.Id)))
                throw new DomainRuleException("order-is-old", "The list has other values meanwhile. Load it again, and put it in order then.");
            foreach (var (i, id) in order.Ids.Index()) all.Find(value => value.Id == id)!.Place((i + 1) * 10);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(ToAnswer(which, all, await db.Set<PickListRename>().Select(rename => rename.ValueId).ToListAsync(ct)));
        }, ct);
    }

    private static PickList? Find(string name) =>
        Enum.GetValues<PickList>().Where(list => Named(list) == name).Select(list => (PickList?)list).FirstOrDefault();

    private static string Named(PickList list) => JsonNamingPolicy.CamelCase.ConvertName(list.ToString());

    private static Answer ToAnswer(PickList list, IEnumerable<PickListValue> values, List<Guid> following) =>
        new(list, [.. values.OrderBy(value => value.Sort).ThenBy(value => value.Name, StringComparer.Ordinal).Select(value => ToValue(value, following))]);

    private static Value ToValue(PickListValue value, List<Guid> following) =>
        new(value.Id, value.Version, value.Name, value.IsDefault, value.IsActive, following.Contains(value.Id));
}
