namespace LeadCrm.ServiceDefaults.Http;

/// <summary>
/// A rule of the business does not allow this. Thrown by aggregates, turned into problem details in one place.
/// </summary>
/// <param name="type">Stable problem type, such as <c>lead-locked</c>.</param>
/// <param name="detail">What happened, what is safe and what to do.</param>
/// <param name="status">HTTP status: 409 by default.</param>
public sealed class DomainRuleException(string type, string detail, int status = 409) : Exception(detail)
{
    /// <summary>Stable problem type.</summary>
    public string Type { get; } = type;

    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Further members of the problem, such as <c>conversionId</c>.</summary>
    public Dictionary<string, object?> Extensions { get; } = [];

    /// <summary>Adds a member to the problem.</summary>
    public DomainRuleException With(string name, object? value)
    {
        Extensions[name] = value;
        return this;
    }
}

/// <summary>Collects what is wrong with each field, so that the caller hears everything at once.</summary>
public sealed class FieldErrors
{
    private readonly SortedDictionary<string, List<string>> errors = new(StringComparer.Ordinal);

    /// <summary>True when something is wrong.</summary>
    public bool Any => errors.Count > 0;

    /// <summary>Whether something is wrong with this field.</summary>
    public bool Has(string field) => errors.ContainsKey(field);

    /// <summary>Messages per field.</summary>
    public IReadOnlyDictionary<string, string[]> ToDictionary() => errors.ToDictionary(e => e.Key, e => e.Value.ToArray());

    /// <summary>Notes a problem of a field (camelCase).</summary>
    public void Add(string field, string message)
    {
        if (!errors.TryGetValue(field, out var messages)) errors[field] = messages = [];
        messages.Add(message);
    }

    /// <summary>Throws when something is wrong: 422.</summary>
    public void ThrowIfAny()
    {
        if (Any) throw new InvalidFieldsException(ToDictionary());
    }
}

/// <summary>Fields break rules; answered as 422 with all of them.</summary>
public sealed class InvalidFieldsException(IReadOnlyDictionary<string, string[]> errors)
    : Exception("Some fields need attention: " + string.Join("; ", errors.Select(e => $"{e.Key}: {string.Join(' ', e.Value)}")))
{
    /// <summary>Messages per field.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; } = errors;
}
