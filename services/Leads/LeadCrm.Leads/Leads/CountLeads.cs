using System.Linq.Expressions;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Leads;

/// <summary>Counts the leads of a list by one of their fields, for charts (VW7): the same views and filters, and never more than the list itself shows.</summary>
internal static class CountLeads
{
    /// <summary>Groups beyond this many are told as one number.</summary>
    private const int MostGroups = 50;

    /// <summary>How many leads have a value.</summary>
    /// <param name="Value">As a filter of the list takes it; a month is <c>2026-03</c>; null: the leads that have none.</param>
    /// <param name="Label">How people call it.</param>
    /// <param name="Count">How many.</param>
    internal sealed record Group(string? Value, string? Label, long Count);

    /// <summary>Leads by a field.</summary>
    /// <param name="Items">Largest first; months in their order.</param>
    /// <param name="Others">How many leads have values beyond the fifty most frequent ones.</param>
    /// <param name="Total">All of them.</param>
    internal sealed record Answer(IReadOnlyList<Group> Items, long Others, long Total);

    private sealed record Counted<TKey>(TKey Key, long Count);

    internal static async Task<Ok<Answer>> Handle(
        [FromQuery] string by, HttpRequest request, LeadLists lists, IDirectory directory, CancellationToken ct)
    {
        var leads = await lists.Where(request.Query.Where(parameter => parameter.Key != "by").ToDictionary(), ct);
        return TypedResults.Ok(by switch
        {
            "status" => Largest(await Texts(leads, lead => lead.Status.Name, ct)),
            "source" => Largest(await Texts(leads, lead => lead.Source, ct)),
            "industry" => Largest(await Texts(leads, lead => lead.Industry, ct)),
            "country" => Largest(await Texts(leads, lead => lead.Country, ct)),
            "owner" => Largest((await By(leads, lead => lead.OwnerId, ct)).ConvertAll(one => new Group(one.Key?.ToString(), one.Key is { } id ? directory.FindUser(id)?.Name : null, one.Count))),
            "month" => Months(await By(leads, lead => new { lead.CreatedAt.Year, lead.CreatedAt.Month }, ct), one => $"{one.Year:0000}-{one.Month:00}"),
            _ => throw new DomainRuleException("bad-list-query", $"Leads are not counted by '{by}'. Fields: country, industry, month, owner, source, status.", 400)
                .With("errors", new Dictionary<string, string[]> { ["by"] = ["One of country, industry, month, owner, source, status."] }),
        });
    }

    private static Task<List<Counted<TKey>>> By<TKey>(IQueryable<Lead> leads, Expression<Func<Lead, TKey>> field, CancellationToken ct) =>
        leads.GroupBy(field).Select(group => new Counted<TKey>(group.Key, group.LongCount())).ToListAsync(ct);

    private static async Task<List<Group>> Texts(IQueryable<Lead> leads, Expression<Func<Lead, string?>> field, CancellationToken ct) =>
        (await By(leads, field, ct)).ConvertAll(one => new Group(one.Key, one.Key, one.Count));

    private static Answer Largest(List<Group> all)
    {
        var sorted = all.OrderByDescending(group => group.Count).ThenBy(group => group.Label, StringComparer.Ordinal).ToList();
        return new Answer(sorted.Take(MostGroups).ToList(), sorted.Skip(MostGroups).Sum(group => group.Count), all.Sum(group => group.Count));
    }

    /// <summary>The last ones, oldest first. Months are those of UTC.</summary>
    private static Answer Months<TKey>(List<Counted<TKey>> all, Func<TKey, string> text)
    {
        var sorted = all.ConvertAll(one => new Group(text(one.Key), text(one.Key), one.Count)).OrderBy(group => group.Value, StringComparer.Ordinal).ToList();
        return new Answer(sorted.TakeLast(MostGroups).ToList(), sorted.SkipLast(MostGroups).Sum(group => group.Count), all.Sum(one => one.Count));
    }
}
