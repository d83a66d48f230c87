using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Activities.Activities;

/// <summary>Logs a call with one line of text (AV2): made just now, by the caller, from us, unless said otherwise.</summary>
internal static class LogCall
{
    internal sealed record Request
    {
        /// <summary>What was said, in one line.</summary>
        public string? Text { get; init; }
        /// <summary>Type of the record that was called, such as <c>lead</c>.</summary>
        public string? RecordType { get; init; }
        /// <summary>Its id.</summary>
        public Guid? RecordId { get; init; }
        /// <inheritdoc cref="ActivityInput.Direction"/>
        public Direction? Direction { get; init; }
        /// <inheritdoc cref="ActivityInput.DurationMinutes"/>
        public int? DurationMinutes { get; init; }
        /// <inheritdoc cref="ActivityInput.Result"/>
        public string? Result { get; init; }
        /// <inheritdoc cref="ActivityInput.HappenedAt"/>
        public DateTimeOffset? HappenedAt { get; init; }
    }

    internal static async Task<VersionedCreated<ActivityResponse>> Handle(Request request, ActivityActions actions, CancellationToken ct)
    {
        var errors = new FieldErrors();
        if (string.IsNullOrWhiteSpace(request.Text)) errors.Add("text", "Say in one line what the call was about.");
        if (request.RecordType is null || request.RecordId is null) errors.Add("recordId", "Say which record the call belongs to: recordType and recordId.");
        errors.ThrowIfAny();

        // A text that is longer than a subject is kept whole below it.
        var text = request.Text!.Trim();
        var line = text.ReplaceLineEndings(" ");
        var activity = await actions.Create(new ActivityInput
        {
            Kind = ItemKind.Call,
            Subject = line.Length <= ActivityRules.SubjectLength ? line : line[..(ActivityRules.SubjectLength - 1)] + "…",
            Description = line.Length <= ActivityRules.SubjectLength && line == text ? null : text,
            Related = [new RecordRef(request.RecordType!, request.RecordId!.Value)],
            Direction = request.Direction, DurationMinutes = request.DurationMinutes, Result = request.Result, HappenedAt = request.HappenedAt,
        }, ct);
        return Answers.Created($"/api/activities/{activity.Id}", await actions.Describe(activity, ct), activity.Version);
    }
}
