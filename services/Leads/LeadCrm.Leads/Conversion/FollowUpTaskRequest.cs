using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Leads.Conversion;

/// <summary>A task that is made with the conversion and undone with it (C39).</summary>
internal sealed record FollowUpTaskRequest
{
    private const int LongestSubject = 255;

    /// <summary>What is to be done, up to 255 characters.</summary>
    public required string Subject { get; init; }

    /// <summary>The organisation's local day on which it is due; without a day when left out.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>Who does it; the new owner when left out.</summary>
    public Guid? AssigneeId { get; init; }

    /// <summary>The task as the conversion will make it. Who may not create activities is refused with 403 (C1).</summary>
    internal ConversionTask Plan(Guid ownerId, IDirectory directory, Actor actor, FieldErrors errors)
    {
        if (!actor.Has("activities.create"))
            throw new DomainRuleException(ConversionFailures.ProblemTypes.Forbidden, "You may not create tasks (activities.create). Convert without followUpTask, or ask for the permission.", StatusCodes.Status403Forbidden);

        var subject = Subject?.Trim() ?? "";
        if (subject.Length is 0 or > LongestSubject) errors.Add("followUpTask.subject", $"1 to {LongestSubject} characters; these are {subject.Length}.");
        if (DueOn is { Year: < 1900 or > 2200 }) errors.Add("followUpTask.dueOn", "A day between 1900 and 2200.");
        if (AssigneeId is { } assignee && directory.FindUser(assignee) is not { IsActive: true }) errors.Add("followUpTask.assigneeId", "The assignee must be an active user.");
        return new ConversionTask { TaskId = Guid.CreateVersion7(), Subject = subject, DueOn = DueOn, AssigneeId = AssigneeId ?? ownerId };
    }
}
