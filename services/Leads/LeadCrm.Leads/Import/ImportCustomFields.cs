using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Leads.Import;

/// <summary>What only the database can say about the custom values of imported rows, asked once a chunk: look-ups, unique values, numbers.</summary>
internal sealed class ImportCustomFields(CustomFieldSet fields)
{
    private readonly HashSet<(string Key, string Value)> seen = [];

    /// <summary>Whether there is anything to ask about.</summary>
    internal bool AsksDatabase { get; } = fields.Active.Any(f => f.IsUnique || f.Type == CustomFieldType.Lookup);

    /// <summary>The leads that cannot be, and why: a look-up leads nowhere, or a unique value is taken, by a record or by a row before.</summary>
    internal async Task<IReadOnlyList<(Lead Lead, FieldErrors Errors)>> Check(CustomValues custom, IReadOnlyList<Lead> leads, CancellationToken ct)
    {
        var refused = new Dictionary<Lead, FieldErrors>();
        foreach (var field in fields.Active.Where(f => f.Type == CustomFieldType.Lookup))
        {
            var ids = leads.Select(lead => (Lead: lead, Value: CustomJson.Read(lead.Custom).GetValueOrDefault(field.Key)))
                .Where(link => link.Value.ValueKind == System.Text.Json.JsonValueKind.String).Select(link => (link.Lead, Id: Guid.Parse(link.Value.GetString()!))).ToList();
            if (ids.Count == 0) continue;
            var there = await custom.Existing(field.Settings.LookupTarget!, ids.ConvertAll(link => link.Id), ct);
            foreach (var (lead, id) in ids)
                if (!there.Contains(id)) Refuse(lead, field.Name, $"There is no such {field.Settings.LookupTarget}, or you may not see it.");
        }

        List<Lead> rest = [.. leads.Where(lead => !refused.ContainsKey(lead))];
        foreach (var claim in await custom.Claims("lead", rest.ConvertAll(lead => lead.Custom), ct))
        {
            if (claim.IsTaken) Refuse(rest[claim.Index], CustomNames.Prefix + claim.Key, "Another record has this value. It may be in the recycle bin.");
            else if (!seen.Add((claim.Key, claim.Value))) Refuse(rest[claim.Index], CustomNames.Prefix + claim.Key, "A row before has this value.");
        }
        return [.. refused.Select(r => (r.Key, r.Value))];

        void Refuse(Lead lead, string field, string problem)
        {
            if (!refused.TryGetValue(lead, out var errors)) refused[lead] = errors = new FieldErrors();
            errors.Add(field, problem);
        }
    }

    /// <summary>Gives the leads their numbers, in the order of the file.</summary>
    internal async Task Number(CustomValues custom, IReadOnlyList<Lead> leads, CancellationToken ct)
    {
        foreach (var field in fields.Active.Where(f => f.Type == CustomFieldType.AutoNumber))
        {
            var numbers = await custom.Numbers(field, leads.Count, ct);
            foreach (var (i, lead) in leads.Index()) lead.Number(field.Key, numbers[i]);
        }
    }
}
