using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>What somebody relies on of a field.</summary>
public enum CustomFieldSide
{
    /// <summary>Its values are read: they must not become longer or finer.</summary>
    Source,
    /// <summary>It is written: it must not come to take less.</summary>
    Target,
}

/// <summary>Somebody relies on a field as it is.</summary>
/// <param name="FieldId">The field.</param>
/// <param name="Side">In which way.</param>
/// <param name="Detail">What an administrator is told, such as <c>the conversion mapping: lead “Region” to account “Region”</c>.</param>
public sealed record CustomFieldUse(Guid FieldId, CustomFieldSide Side, string Detail);

/// <summary>
/// Who relies on fields as they are, such as a conversion's mapping (C12). Whoever does says so before it begins to, and takes it back when
/// it no longer does; in between the fields can neither be deleted nor change their types, nor what they hold or take.
/// </summary>
public sealed class CustomFieldUses(DbContext db)
{
    private const int LongestUse = 100, LongestDetail = 500;

    /// <summary>
    /// Says on which fields somebody relies, instead of what was said before. When one of them is not there, or deleted, nothing is noted.
    /// </summary>
    /// <param name="use">Who relies on them.</param>
    /// <param name="uses">All fields.</param>
    /// <param name="ct">Ends the queries.</param>
    /// <returns>Those of the fields that are there, as they are and stay while the use is noted.</returns>
    public async Task<IReadOnlyList<CustomFieldState>> Replace(string use, IReadOnlyList<CustomFieldUse> uses, CancellationToken ct)
    {
        if (db.Database.CurrentTransaction is not null) return await Locked(use, uses, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var fields = await Locked(use, uses, ct);
        await transaction.CommitAsync(ct);
        return fields;
    }

    private async Task<IReadOnlyList<CustomFieldState>> Locked(string use, IReadOnlyList<CustomFieldUse> uses, CancellationToken ct)
    {
        // In the order of all changes: a field is either gone before, or can no longer go.
        await db.Database.ExecuteSqlAsync($"select from platform.custom_field_generation for update", ct);
        var ids = uses.Select(u => u.FieldId).Distinct().ToArray();
        var fields = await db.Set<CustomField>().AsNoTracking().Where(f => ids.Contains(f.Id) && f.DeletedAt == null).ToListAsync(ct);
        if (fields.Count == ids.Length)
        {
            var (sides, details) = (uses.Select(u => u.Side == CustomFieldSide.Source ? "source" : "target").ToArray(), uses.Select(u => u.Detail).ToArray());
            var all = uses.Select(u => u.FieldId).ToArray();
            await db.Database.ExecuteSqlAsync($"delete from platform.custom_field_uses where use = {use} and field_id <> all({all})", ct);
            await db.Database.ExecuteSqlAsync($"""
                insert into platform.custom_field_uses (field_id, use, side, detail)
                select u.field_id, {use}, u.side, u.detail from unnest({all}, {sides}, {details}) as u(field_id, side, detail)
                on conflict (field_id, use) do update set side = excluded.side, detail = excluded.detail
                """, ct);
        }
        return [.. fields.Select(f => CustomFieldState.Of(f, f.Version))];
    }

    /// <summary>All fields that somebody relies on.</summary>
    internal sealed record Request(IReadOnlyList<CustomFieldUse> Uses);

    /// <summary>Those that are there; one that is missing means that nothing was noted.</summary>
    internal sealed record Answer(IReadOnlyList<CustomFieldState> Fields);

    internal static async Task<Ok<Answer>> Handle(string use, Request request, CustomFieldUses uses, CancellationToken ct)
    {
        var errors = new FieldErrors();
        if (use.Length > LongestUse) errors.Add("use", $"At most {LongestUse} characters.");
        if (request.Uses is null || request.Uses.Any(u => u is null)) errors.Add("uses", "The fields; an empty list for none.");
        foreach (var (index, one) in (request.Uses ?? []).Where(u => u is not null).Index())
        {
            if (one.Detail is not { Length: > 0 and <= LongestDetail }) errors.Add($"uses[{index}].detail", $"1 to {LongestDetail} characters.");
            if (request.Uses!.Count(other => other?.FieldId == one.FieldId) > 1) errors.Add($"uses[{index}].fieldId", "A field is named once.");
        }
        errors.ThrowIfAny();
        return TypedResults.Ok(new Answer(await uses.Replace(use, request.Uses!, ct)));
    }

    /// <summary>409 with what relies on the field.</summary>
    /// <param name="db">The service's database, in the transaction of the change.</param>
    /// <param name="field">The field.</param>
    /// <param name="side">Who is asked about; null: everybody who relies on it.</param>
    /// <param name="change">What is refused, such as <c>delete it</c>.</param>
    /// <param name="ct">Ends the query.</param>
    internal static async Task RefuseWhileUsed(DbContext db, CustomField field, CustomFieldSide? side, string change, CancellationToken ct)
    {
        var asked = side switch { CustomFieldSide.Source => "source", CustomFieldSide.Target => "target", _ => null };
        var uses = await db.Database.SqlQuery<string>($"""
            select detail as "Value" from platform.custom_field_uses where field_id = {field.Id} and side = coalesce({asked}, side) order by use
            """).ToListAsync(ct);
        if (uses.Count == 0) return;
        throw new DomainRuleException("custom-field-used", $"“{field.Label}” is used by {string.Join("; ", uses)}. Take it out there first, then {change}.").With("uses", uses);
    }
}
