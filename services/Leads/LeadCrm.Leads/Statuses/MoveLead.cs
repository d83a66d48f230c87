using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Leads.Statuses;

/// <summary>Moves a lead to another status along its process (LC1); turning it down needs a reason and a date to look again (LC2).</summary>
internal static class MoveLead
{
    /// <param name="Status">Status by name or id.</param>
    /// <param name="Reason">Why the lead is turned down.</param>
    /// <param name="FollowUpOn">When to look again.</param>
    /// <param name="FollowUpInDays">The same as a number of days from today, such as the presets 7, 30 and 90.</param>
    internal sealed record Request(string Status, string? Reason = null, DateOnly? FollowUpOn = null, int? FollowUpInDays = null);

    internal static async Task<Results<VersionedOk<LeadResponse>, ProblemHttpResult>> Handle(
        Guid id, Request request, HttpContext http, LeadAccess access, StatusBook statuses, OrganisationCalendar calendar, CustomValues custom, IDirectory directory, TimeProvider clock,
        CancellationToken ct)
    {
        if (await access.FindForEdit(id, ct) is not { } lead) return Problems.NotFound();
        lead.EnsureEditable(Editing.ByCurrentActor);
        if (http.ReadIfMatch() is { } expected) Versions.Check(expected, lead.Version);

        var errors = new FieldErrors();
        var status = await statuses.Find(request.Status, ct);
        if (status is null) errors.Add("status", $"There is no status “{request.Status}”.");
        if (request is { FollowUpOn: not null, FollowUpInDays: not null }) errors.Add("followUpInDays", "Send followUpOn or followUpInDays, not both.");
        if (request.FollowUpInDays is < 1 or > 3_650) errors.Add("followUpInDays", "1 to 3,650 days.");
        errors.ThrowIfAny();

        var today = calendar.Today;
        var followUp = request.FollowUpInDays is { } days ? today.AddDays(days) : request.FollowUpOn;
        lead.MoveTo(status!, new StatusMove(request.Reason, followUp, today), await statuses.ProcessOf(lead, ct), Editing.ByCurrentActor, clock.GetUtcNow());
        await access.Save(lead, ChangeKind.Updated, ct);
        return Answers.Ok(lead.ToResponse(directory, custom), lead.Version);
    }
}
