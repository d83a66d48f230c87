using LeadCrm.Leads.Data;
using LeadCrm.Leads.Settings;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Leads;

/// <summary>
/// Whom the acting user calls next (VW8): leads that nobody has answered while the time to do so runs out, then those with something planned for today or
/// overdue, then those that nobody has touched for as long as makes a lead stale and with whom nothing is planned. Among equals the higher score goes first, then
/// whoever waits longest. Who must not be called is not among them.
/// </summary>
internal static class CallNext
{
    private const int Most = 100;

    /// <summary>Why it is a lead's turn.</summary>
    internal enum Reason
    {
        /// <summary>Nobody has touched it since it came, and half of the time for a first response or more is over.</summary>
        FirstResponse,
        /// <summary>A task or meeting of it is due today, or was.</summary>
        TaskDue,
        /// <summary>Nobody has touched it for long, or ever, and nothing is planned.</summary>
        Untouched,
    }

    /// <param name="Why">Why it is its turn: the first that holds.</param>
    /// <param name="RespondBy">When the first response is due; only where that is why.</param>
    /// <param name="Lead">The lead, as lists show it.</param>
    internal sealed record Item(Reason Why, DateTimeOffset? RespondBy, ListLeads.Item Lead);

    /// <param name="Items">In the order in which they are called.</param>
    internal sealed record Answer(IReadOnlyList<Item> Items);

    internal static async Task<Results<Ok<Answer>, ProblemHttpResult>> Handle(
        LeadsDb db, LeadAccess access, CustomFieldCache custom, IDirectory directory, TimeProvider clock, CancellationToken ct, int limit = 20)
    {
        if (limit is < 1 or > Most) throw new DomainRuleException("bad-list-query", $"'limit' is a number from 1 to {Most}.", 400).With("errors", new Dictionary<string, string[]> { ["limit"] = [$"1 to {Most}."] });
        var (settings, dates, me) = (await LeadSettings.Read(db, ct), RelativeDates.Of(directory, clock), Actor.Current.UserId);
        var firstResponse = TimeSpan.FromHours(settings.FirstResponseHours);
        var (atRisk, tomorrow, stale) = (clock.GetUtcNow() - firstResponse / 2, dates.StartOf(dates.Today.AddDays(1)), dates.StartOf(dates.Today.AddDays(-settings.StaleAfterDays)));

        var turns = await access.Visible.AsNoTracking()
            .Where(l => l.Signals.LeadId == l.Id && l.OwnerId == me && l.Conversion == LeadConversion.None && !l.DoNotCall)
            .Where(l => l.Status.Category == LeadStatusCategory.Open || l.Status.Category == LeadStatusCategory.Qualified || l.Status.Category == LeadStatusCategory.Nurturing)
            .Select(ListLeads.ToItem)
            .Select(lead => new
            {
                Lead = lead,
                IsAtRisk = lead.LastTouchAt == null && lead.CreatedAt <= atRisk && lead.StatusCategory != LeadStatusCategory.Nurturing,
                IsDue = lead.NextActivityAt != null && lead.NextActivityAt < tomorrow,
                IsStale = lead.NextActivityAt == null && (lead.LastTouchAt == null || lead.LastTouchAt < stale) && lead.StatusCategory != LeadStatusCategory.Nurturing,
            })
            .Where(turn => turn.IsAtRisk || turn.IsDue || turn.IsStale)
            .OrderByDescending(turn => turn.IsAtRisk).ThenByDescending(turn => turn.IsDue)
            .ThenByDescending(turn => turn.Lead.Score ?? -1).ThenBy(turn => turn.Lead.LastTouchAt ?? turn.Lead.CreatedAt).ThenBy(turn => turn.Lead.Id)
            .Take(limit).ToListAsync(ct);

        var fields = custom.Of("lead");
        return TypedResults.Ok(new Answer(turns.ConvertAll(turn =>
        {
            var shown = turn.Lead with { OwnerName = directory.FindUser(me)?.Name, Custom = fields.Shown(turn.Lead.StoredCustom) };
            return turn.IsAtRisk ? new Item(Reason.FirstResponse, shown.CreatedAt + firstResponse, shown) : new Item(turn.IsDue ? Reason.TaskDue : Reason.Untouched, null, shown);
        })));
    }
}
