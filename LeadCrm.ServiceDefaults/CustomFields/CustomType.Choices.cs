using System.Text.Json;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>Types whose values are chosen among a few.</summary>
internal abstract partial class CustomType
{
    private sealed class CheckboxType : CustomType
    {
        public override CustomColumn Column => CustomColumn.Equality;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (typed.ValueKind is JsonValueKind.True or JsonValueKind.False) return typed;
            wrong("true or false is expected here.");
            return null;
        }

        public override JsonElement? FromText(string cell, Complaint wrong)
        {
            switch (cell.Trim().ToLowerInvariant())
            {
                case "no" or "n" or "false" or "f" or "0" or "off" or "nein": return JsonSerializer.SerializeToElement(false);
                case "yes" or "y" or "true" or "t" or "1" or "on" or "x" or "ja": return JsonSerializer.SerializeToElement(true);
                default:
                    wrong("Yes or no is expected here.");
                    return null;
            }
        }
    }

    private sealed class PickListType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["options", "isRestricted"];

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text) return null;
            if (Choose(text, field, wrong, mayBeOther: field.Settings.IsRestricted == false) is not { } value) return null;
            return IsWithinLength(value, 255, field, wrong) ? Json(value) : null;
        }

        /// <summary>The option that a value or label names.</summary>
        public static string? Choose(string text, CustomField field, Complaint wrong, bool mayBeOther)
        {
            var options = field.Settings.Options ?? [];
            var option = options.FirstOrDefault(o => string.Equals(o.Value, text, StringComparison.OrdinalIgnoreCase)) ?? options.FirstOrDefault(o => string.Equals(o.Label, text, StringComparison.OrdinalIgnoreCase));
            if (option is { IsActive: true }) return option.Value;
            if (option is null && mayBeOther) return text;
            var known = string.Join(", ", options.Where(o => o.IsActive).Take(20).Select(o => o.Value));
            wrong(option is null ? $"“{Short(text)}” is none of the options: {known}." : $"“{option.Label ?? option.Value}” can no longer be chosen. Options: {known}.");
            return null;
        }
    }

    private sealed class MultiSelectType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["options"];
        public override CustomColumn Column => CustomColumn.Set;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (typed.ValueKind != JsonValueKind.Array)
            {
                wrong("A list of options is expected here.");
                return null;
            }
            var chosen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var item in typed.EnumerateArray())
            {
                if (TextOf(item, wrong) is not { } text || PickListType.Choose(text, field, wrong, mayBeOther: false) is not { } value) return null;
                chosen.Add(value);
            }
            // In the order of the options, so that the same choice is the same value.
            return chosen.Count == 0 ? null : JsonSerializer.SerializeToElement((field.Settings.Options ?? []).Select(o => o.Value).Where(chosen.Contains));
        }

        public override JsonElement? FromText(string cell, Complaint wrong) =>
            JsonSerializer.SerializeToElement(cell.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
