using LeadCrm.Activities.Files;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Organisation;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Activities.Activities;

/// <summary>What creating and changing an activity have in common.</summary>
internal sealed class ActivityActions(ItemAccess access, RelatedRecords records, AttachedFiles files, OrganisationCalendar calendar, TimeProvider clock)
{
    internal async Task<Activity> Create(ActivityInput given, CancellationToken ct)
    {
        var activity = await Add(given, ct);
        await access.Save(activity, [], ct);
        return activity;
    }

    /// <summary>A new activity that is checked but not saved.</summary>
    internal async Task<Activity> Add(ActivityInput given, CancellationToken ct)
    {
        var (input, now) = (await Checked(given, null, ct), clock.GetUtcNow());
        var activity = Activity.Create(Guid.CreateVersion7(), input, ItemAccess.ActorId, calendar, now);
        access.Add(activity);
        return activity;
    }

    internal async Task Change(Activity activity, ActivityInput given, CancellationToken ct)
    {
        var before = activity.Links.Select(link => link.Record).ToList();
        await Apply(activity, given, ct);
        await access.Save(activity, before, ct);
    }

    /// <summary>A change that is checked but not saved.</summary>
    internal async Task Apply(Activity activity, ActivityInput given, CancellationToken ct) =>
        activity.Change(await Checked(given, activity, ct), ItemAccess.ActorId, calendar, clock.GetUtcNow());

    internal async Task<ActivityResponse> Describe(Activity activity, CancellationToken ct) =>
        ActivityResponse.Of(activity, await records.Describe(activity, ct), records.NameOf(activity.OwnerId), calendar.Today);

    private async Task<ActivityInput> Checked(ActivityInput given, Activity? activity, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var input = given.Normalised(Actor.Current.UserId, calendar, clock.GetUtcNow(), errors);
        if (activity is not null && input.Kind is { } kind && kind != activity.Kind) errors.Add("kind", "Cannot be changed.");

        var related = input.Related ?? [];
        ActivityRules.CheckRelated(related, [.. (activity?.Links ?? []).Where(link => link.ConversionId is not null || link.MergedFrom is not null).Select(link => link.Record)], errors);
        await records.Check(related, [.. (activity?.Links ?? []).Select(link => link.Record)], errors, ct);
        if (input.OwnerId is { } owner && owner != activity?.OwnerId) records.RequireActiveUser(owner, "ownerId", errors);
        await files.Check([.. (input.AttachmentIds ?? []).Except(activity?.AttachmentIds ?? [])], errors, ct);
        errors.ThrowIfAny();
        return input;
    }
}
