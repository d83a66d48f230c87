using LeadCrm.Leads.Data;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.PickLists;

/// <summary>What every change of a pick-list's values has to mind.</summary>
internal static class PickListEditing
{
    private const int MostValues = 500;

    /// <summary>Rules that speak of all values hold only when nobody else changes one meanwhile.</summary>
    internal static async Task<List<PickListValue>> LockAll(LeadsDb db, PickList list, CancellationToken ct)
    {
        var name = list.ToString();
        return await db.Set<PickListValue>().FromSql($"select * from pick_list_values where list = {name} order by id for update").ToListAsync(ct);
    }

    /// <summary>Whether the value may become, or be made, as the request says; null: a new one.</summary>
    internal static async Task Check(LeadsDb db, PickList list, SetUpPickLists.Request request, List<PickListValue> all, PickListValue? changed, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var (name, longest) = (request.Name.Trim(), list == PickList.Salutation ? 40 : 120);
        if (name.Length == 0 || name.Length > longest) errors.Add("name", $"1 to {longest} characters.");
        if (name.Contains('\0', StringComparison.Ordinal)) errors.Add("name", "Texts must not contain the NUL character (U+0000).");
        if (all.Exists(one => one != changed && string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase))) errors.Add("name", "The list has a value of that name already.");
        if (request is { IsDefault: true, IsActive: false }) errors.Add("isActive", "The default must be active. Make another one the default first.");
        errors.ThrowIfAny();
        if (await db.Set<PickListRename>().AnyAsync(rename => rename.List == list && rename.From == name && (changed == null || rename.ValueId != changed.Id), ct))
            throw new DomainRuleException("still-following", $"Another value was called “{name}” until a moment ago, and leads are still following its new name. Try again in a minute.");
        if (changed is null && all.Count >= MostValues) throw new DomainRuleException("too-many-values", $"A pick-list has at most {MostValues} values.");
    }

    /// <summary>Takes on the rest of the request, and writes it and all that was changed before.</summary>
    internal static async Task Save(LeadsDb db, List<PickListValue> all, PickListValue value, SetUpPickLists.Request request, CancellationToken ct)
    {
        value.Use(request.IsActive);
        if (request.IsDefault != value.IsDefault)
        {
            // The old default goes first: a unique index allows one.
            if (request.IsDefault && all.Find(one => one.IsDefault) is { } before)
            {
                before.MakeDefault(false);
                await db.SaveChangesAsync(ct);
            }
            value.MakeDefault(request.IsDefault);
        }
        await db.SaveChangesAsync(ct);
    }
}
