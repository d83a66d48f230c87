using System.Text.Json;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.PickLists;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;

namespace LeadCrm.Leads.Import;

/// <summary>Turns rows of one import into leads, by the same rules as the API.</summary>
internal sealed class ImportRows
{
    private readonly LeadImport import;
    private readonly ImportPlan plan;
    private readonly IReadOnlyList<LeadStatus> statuses;
    private readonly IDirectory directory;
    private readonly CustomFieldSet custom;
    private readonly PickListBook lists;
    private readonly string?[] fieldOfColumn;
    private readonly bool[] ignored;
    private readonly HashSet<string> emptyValues;
    private readonly Dictionary<string, string> values = [];

    internal ImportRows(LeadImport import, IReadOnlyList<LeadStatus> statuses, IDirectory directory, CustomFieldSet custom, PickListBook lists)
    {
        this.import = import;
        this.statuses = statuses;
        this.directory = directory;
        this.custom = custom;
        this.lists = lists;
        plan = import.Plan!;
        fieldOfColumn = [.. import.Headers.Select(h => plan.Mapping.GetValueOrDefault(h))];
        ignored = [.. import.Headers.Select(h => ImportErrorFile.OwnColumns.Contains(h))];
        emptyValues = plan.EmptyValues.Select(v => v.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The lead of a row, or what is wrong with it.</summary>
    internal Lead? Read(IReadOnlyList<string> cells, DateTimeOffset now, out string code, out string message)
    {
        (code, message) = ("", "");
        if (cells.Count != import.Headers.Count)
        {
            (code, message) = ("wrong-column-count", $"The row has {cells.Count} cells, the header has {import.Headers.Count}.");
            return null;
        }

        var errors = new FieldErrors();
        var extra = Spread(cells, errors);
        var details = lists.ForNew(LeadRules.Normalise(LeadTexts.Read(values, errors), errors)) with { Custom = Custom(errors) };
        var status = Status(errors);
        var owner = Owner(errors);
        var score = LeadTexts.Number<int>(values, "score", errors);
        var grade = Value("grade");
        RateLead.Check(score, grade, errors);
        if (errors.Any)
        {
            var all = errors.ToDictionary();
            code = "invalid:" + string.Join(',', all.Keys);
            message = string.Join(' ', all.Select(e => $"{e.Key}: {string.Join(' ', e.Value)}"));
            return null;
        }

        var lead = Lead.Create(Guid.CreateVersion7(now), details, status!, owner, import.CreatedById, now);
        lead.CameFrom(import.Id, extra);
        lead.Signals.Rate(score, grade);
        return lead;
    }

    /// <summary>Sorts the cells into fields and what is left over; a cell that says "nothing" in this file's words is nothing.</summary>
    private Dictionary<string, string>? Spread(IReadOnlyList<string> cells, FieldErrors errors)
    {
        values.Clear();
        Dictionary<string, string>? extra = null;
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = Csv.Unguard(cells[i]);
            if (ignored[i] || string.IsNullOrWhiteSpace(cell) || emptyValues.Contains(cell.Trim())) continue;
            if (cell.Contains('\0', StringComparison.Ordinal)) errors.Add(import.Headers[i], "Texts must not contain the NUL character (U+0000).");
            else if (fieldOfColumn[i] is { } field) values[field] = cell;
            else (extra ??= [])[import.Headers[i]] = cell;
        }
        foreach (var (field, value) in plan.Defaults) values.TryAdd(field, value);
        return extra;
    }

    /// <summary>Values of custom fields, by the rules of the API; what only the database can say about them comes later, see <see cref="ImportCustomFields"/>.</summary>
    private Dictionary<string, JsonElement>? Custom(FieldErrors errors)
    {
        if (custom.Active.Count == 0) return null;
        var texts = values.Where(value => CustomNames.KeyOf(value.Key) is not null).ToDictionary(value => CustomNames.KeyOf(value.Key)!, value => value.Value);
        return CustomRules.ForNew(custom, CustomRules.FromTexts(custom, texts, errors), directory.Organisation?.Currency ?? LeadRules.DefaultCurrency, errors);
    }

    private LeadStatus? Status(FieldErrors errors)
    {
        if (Value("status") is not { } name) return statuses.First(s => s.IsDefault);
        var status = statuses.FirstOrDefault(s => string.Equals(s.Name, name.Trim(), StringComparison.OrdinalIgnoreCase) || s.Id.ToString() == name.Trim());
        if (StatusBook.ProblemForNewLead(status, name) is not { } problem) return status;
        errors.Add("status", problem);
        return null;
    }

    private LeadOwner Owner(FieldErrors errors)
    {
        if (Value("owner")?.Trim() is not { } name) return LeadOwner.User(import.CreatedById);
        var user = Guid.TryParse(name, out var id) ? directory.FindUser(id) : directory.Users.FirstOrDefault(u => string.Equals(u.Email, name, StringComparison.OrdinalIgnoreCase));
        if (user is null) errors.Add("owner", $"There is no user with the e-mail or id “{name}”.");
        else if (!user.IsActive) errors.Add("owner", $"{user.Name} is inactive and cannot own leads.");
        return user is null ? default : LeadOwner.User(user.Id);
    }

    private string? Value(string field) => values.GetValueOrDefault(field);
}
