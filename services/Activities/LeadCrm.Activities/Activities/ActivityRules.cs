using System.Net.Mail;
using LeadCrm.Activities.Items;
using LeadCrm.Activities.Organisation;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Values;

namespace LeadCrm.Activities.Activities;

/// <summary>What makes an activity acceptable, and what it gets where nothing was said: decisions on the input alone.</summary>
internal static class ActivityRules
{
    internal const int SubjectLength = 255;
    internal const int DescriptionLength = 32_000;
    internal const int BodyLength = 512_000;
    private const int ListLength = 200;
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

    /// <summary>The fields that only some kinds have.</summary>
    private static readonly (string Name, Func<ActivityInput, bool> IsSet, ItemKind[] Kinds)[] OwnFields =
    [
        ("dueOn", i => i.DueOn is not null, [ItemKind.Task]),
        ("status", i => i.Status is not null, [ItemKind.Task]),
        ("priority", i => i.Priority is not null, [ItemKind.Task]),
        ("reminderAt", i => i.ReminderAt is not null, [ItemKind.Task]),
        ("startsAt", i => i.StartsAt is not null, [ItemKind.Event]),
        ("endsAt", i => i.EndsAt is not null, [ItemKind.Event]),
        ("allDay", i => i.AllDay is not null, [ItemKind.Event]),
        ("place", i => i.Place is not null, [ItemKind.Event]),
        ("attendees", i => i.Attendees is { Count: > 0 }, [ItemKind.Event]),
        ("happenedAt", i => i.HappenedAt is not null, [ItemKind.Call, ItemKind.Email]),
        ("direction", i => i.Direction is not null, [ItemKind.Call, ItemKind.Email]),
        ("durationMinutes", i => i.DurationMinutes is not null, [ItemKind.Call]),
        ("result", i => i.Result is not null, [ItemKind.Call]),
        ("from", i => i.From is not null, [ItemKind.Email]),
        ("to", i => i.To is { Count: > 0 }, [ItemKind.Email]),
        ("cc", i => i.Cc is { Count: > 0 }, [ItemKind.Email]),
        ("body", i => i.Body is not null, [ItemKind.Email]),
        ("attachmentIds", i => i.AttachmentIds is { Count: > 0 }, [ItemKind.Email]),
    ];

    /// <summary>The input with defaults and in one form; everything that breaks a rule is noted by field.</summary>
    internal static ActivityInput Normalised(this ActivityInput input, Guid actorId, OrganisationCalendar calendar, DateTimeOffset now, FieldErrors errors)
    {
        if (input.Kind is not (ItemKind.Task or ItemKind.Event or ItemKind.Call or ItemKind.Email) || input.Kind is not { } kind)
        {
            errors.Add("kind", "Say which kind of activity it is: task, event, call or email.");
            return input;
        }
        foreach (var field in OwnFields)
            if (field.IsSet(input) && !field.Kinds.Contains(kind)) errors.Add(field.Name, $"This is no field of {Named(kind)}.");

        var common = input with
        {
            Subject = Line(input.Subject, "subject", SubjectLength, errors),
            Description = Text(input.Description, "description", DescriptionLength, errors),
            OwnerId = input.OwnerId ?? actorId,
            ExternalId = Line(input.ExternalId, "externalId", ExternalIds.Longest, errors),
            Related = [.. (input.Related ?? []).Distinct()],
        };
        if (common.Subject is null) errors.Add("subject", "Say in one line what it is about.");
        return kind switch
        {
            ItemKind.Task => common with { Status = input.Status ?? TaskState.NotStarted, Priority = input.Priority ?? TaskPriority.Normal, ReminderAt = input.ReminderAt?.ToUniversalTime() },
            ItemKind.Event => Event(common, calendar, errors),
            ItemKind.Call => Call(common, now, errors),
            _ => Email(common, now, errors),
        };
    }

    /// <summary>One person and ten others at most; what a conversion added does not count (AV1, C15).</summary>
    internal static void CheckRelated(IReadOnlyList<RecordRef> related, IReadOnlyCollection<RecordRef> carriedOver, FieldErrors errors)
    {
        var chosen = related.Where(record => !carriedOver.Contains(record)).ToList();
        if (chosen.Count(record => RecordTypes.IsPerson(record.Type)) > 1) errors.Add("related", "An activity relates to one person: a lead or a contact.");
        if (chosen.Count(record => !RecordTypes.IsPerson(record.Type)) > 10) errors.Add("related", "Takes at most ten records beside the person.");
    }

    private static ActivityInput Event(ActivityInput input, OrganisationCalendar calendar, FieldErrors errors)
    {
        if (input.StartsAt is not { } starts)
        {
            errors.Add("startsAt", "Say when the event begins.");
            return input;
        }
        var (begin, end) = (starts.ToUniversalTime(), (input.EndsAt ?? starts.AddHours(1)).ToUniversalTime());
        if (end < begin) errors.Add("endsAt", "Must not be before the beginning.");
        else if (input.AllDay == true)
        {
            // The end is the midnight after the last day; an end that already is a midnight stays one.
            var last = calendar.DayOf(end > begin ? end.AddTicks(-1) : end);
            (begin, end) = (calendar.Start(calendar.DayOf(begin)), calendar.Start(last.AddDays(1)));
        }
        var attendees = (input.Attendees ?? []).Select((a, i) => a with
        {
            Name = Line(a.Name, $"attendees[{i}].name", 255, errors),
            Email = Address(a.Email, $"attendees[{i}].email", errors),
        }).ToList();
        if (attendees.Count > ListLength) errors.Add("attendees", $"Takes at most {ListLength}.");
        if (attendees.Any(a => a is { Name: null, Email: null, UserId: null })) errors.Add("attendees", "Each needs a name, an e-mail or a user.");
        return input with { StartsAt = begin, EndsAt = end, AllDay = input.AllDay ?? false, Place = Line(input.Place, "place", 255, errors), Attendees = attendees };
    }

    private static ActivityInput Call(ActivityInput input, DateTimeOffset now, FieldErrors errors)
    {
        if (input.DurationMinutes is < 0 or > 24 * 60) errors.Add("durationMinutes", "Takes 0 to 1440.");
        return input with
        {
            HappenedAt = Happened(input.HappenedAt, now, errors), Direction = input.Direction ?? Activities.Direction.Outbound, Result = Line(input.Result, "result", 255, errors),
        };
    }

    private static ActivityInput Email(ActivityInput input, DateTimeOffset now, FieldErrors errors)
    {
        if ((input.Body?.Length ?? 0) > BodyLength) errors.Add("body", $"Takes at most {BodyLength:N0} characters.");
        if (input.To is { Count: > ListLength } || input.Cc is { Count: > ListLength }) errors.Add("to", $"Takes at most {ListLength} recipients.");
        if (input.AttachmentIds is { Count: > 50 }) errors.Add("attachmentIds", "Takes at most 50 files.");
        return input with
        {
            HappenedAt = Happened(input.HappenedAt, now, errors),
            Direction = input.Direction ?? Activities.Direction.Outbound,
            From = Address(input.From, "from", errors),
            To = Addresses(input.To, "to", errors),
            Cc = Addresses(input.Cc, "cc", errors),
            Body = input.Body is { } body && body.Length <= BodyLength ? RichText.Sanitise(body) : null,
            AttachmentIds = [.. (input.AttachmentIds ?? []).Distinct()],
        };
    }

    private static DateTimeOffset Happened(DateTimeOffset? at, DateTimeOffset now, FieldErrors errors)
    {
        if (at > now + ClockDifference) errors.Add("happenedAt", "Must not be in the future. Plan a task or an event instead.");
        return (at ?? now).ToUniversalTime();
    }

    private static List<string> Addresses(IReadOnlyList<string>? given, string field, FieldErrors errors) =>
        [.. (given ?? []).Select(address => Address(address, field, errors)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];

    private static string? Address(string? given, string field, FieldErrors errors)
    {
        var text = Line(given, field, 320, errors);
        if (text is not null && !MailAddress.TryCreate(text, out _)) errors.Add(field, $"'{text}' is not an e-mail address.");
        return text;
    }

    internal static string? Line(string? given, string field, int longest, FieldErrors errors)
    {
        var text = Text(given, field, longest, errors);
        return text?.ReplaceLineEndings(" ");
    }

    internal static string? Text(string? given, string field, int longest, FieldErrors errors)
    {
        var text = given?.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Length > longest) errors.Add(field, $"Takes at most {longest:N0} characters.");
        return text;
    }

    private static string Named(ItemKind kind) => kind switch
    {
        ItemKind.Task => "a task",
        ItemKind.Event => "an event",
        ItemKind.Call => "a call",
        _ => "an e-mail",
    };
}
