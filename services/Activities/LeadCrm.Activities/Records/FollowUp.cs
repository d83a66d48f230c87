using LeadCrm.Activities.Activities;
using LeadCrm.Activities.Data;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Organisation;
using LeadCrm.Leads.Contracts;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Activities.Records;

/// <summary>The task that a lead got when it was found not qualified, and for which day (LC2).</summary>
internal sealed class FollowUp
{
    public Guid LeadId { get; init; }
    public long LeadVersion { get; set; }

    /// <summary>The day; null once the lead is open again.</summary>
    public DateOnly? FollowUpOn { get; set; }
    public Guid? TaskId { get; set; }

    internal static void Map(ModelBuilder model) => model.Entity<FollowUp>(followUp =>
    {
        followUp.ToTable("lead_follow_ups");
        followUp.HasKey(f => f.LeadId);
        followUp.Property(f => f.LeadId).ValueGeneratedNever();
    });
}

/// <summary>
/// Gives a lead that is not qualified the task to look at it again on its follow-up date, once (LC2): later changes of the lead add none, a
/// new date moves the task that is still open.
/// </summary>
internal sealed class FollowUps(ActivitiesDb db, ItemAccess access, OrganisationCalendar calendar, TimeProvider clock)
{
    internal async Task Follow(IReadOnlyCollection<LeadState> leads, Guid? actorId, CancellationToken ct)
    {
        // The leads' own rows in record_access are locked by now: nobody else is here for the same lead.
        Guid[] ids = [.. leads.Select(lead => lead.LeadId)];
        var known = await db.Set<FollowUp>().Where(f => ids.Contains(f.LeadId)).ToDictionaryAsync(f => f.LeadId, ct);
        foreach (var lead in leads) await Follow(lead, known.GetValueOrDefault(lead.LeadId), actorId, ct);
    }

    private async Task Follow(LeadState lead, FollowUp? known, Guid? actorId, CancellationToken ct)
    {
        var day = lead is { StatusCategory: "notQualified", NotQualifiedReason: not null, IsDeleted: false } ? lead.FollowUpOn : null;
        if (known is null ? day is null : known.LeadVersion >= lead.Version) return;
        if (known is null) db.Add(known = new FollowUp { LeadId = lead.LeadId });

        var before = known.FollowUpOn;
        (known.LeadVersion, known.FollowUpOn) = (lead.Version, lead.IsDeleted ? before : day);
        if (day is null || day == before) return;
        if (before is not null && await OpenTask(known.TaskId, ct) is { } open) await Move(open, day.Value, ct);
        else if ((lead.OwnerId ?? actorId) is { } owner) known.TaskId = await Plan(lead, day.Value, owner, actorId, ct);
    }

    private Task<Activity?> OpenTask(Guid? id, CancellationToken ct) =>
        db.Activities.Include(a => a.Links).FirstOrDefaultAsync(a => a.Id == id && a.Status != TaskState.Completed, ct);

    private async Task Move(Activity task, DateOnly day, CancellationToken ct)
    {
        task.Change(task.ToInput() with { DueOn = day }, ItemAccess.ActorId, calendar, clock.GetUtcNow());
        await access.Save(task, [.. task.Links.Select(link => link.Record)], ct);
    }

    private async Task<Guid> Plan(LeadState lead, DateOnly day, Guid owner, Guid? actorId, CancellationToken ct)
    {
        var task = Activity.Create(Guid.CreateVersion7(), new ActivityInput
        {
            Kind = ItemKind.Task,
            Subject = Shorten($"Look at {LeadRecords.NameOf(lead)} again"),
            Description = $"Not qualified: {lead.NotQualifiedReason}",
            OwnerId = owner, DueOn = day, Status = TaskState.NotStarted, Priority = TaskPriority.Normal,
            Related = [new RecordRef(RecordTypes.Lead, lead.LeadId)],
        }, actorId, calendar, clock.GetUtcNow());
        access.Add(task);
        await access.Save(task, [], ct);
        return task.Id;
    }

    private static string Shorten(string text) => text.Length <= ActivityRules.SubjectLength ? text : text[..(ActivityRules.SubjectLength - 1)] + "…";
}
