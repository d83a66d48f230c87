namespace LeadCrm.Accounts.Conversion;

/// <summary>
/// A field that a conversion may fill, read and written as text, so that what was filled can be stored, shown and put back by name.
/// </summary>
/// <param name="Name">Public name, camelCase.</param>
/// <param name="Group">Fields that only make sense together: none of a group is filled when one of it says something else.</param>
/// <param name="Read">The value as text; null when empty.</param>
/// <param name="Write">Takes the value.</param>
internal sealed record FillableField<TRecord>(string Name, string? Group, Func<TRecord, string?> Read, Action<TRecord, string?> Write);
