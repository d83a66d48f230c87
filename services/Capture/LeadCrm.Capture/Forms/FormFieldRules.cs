using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Capture.Forms;

/// <summary>The rules that a form's fields keep (WL1, WL2).</summary>
internal static class FormFieldRules
{
    private const int MostOptions = 500;

    /// <summary>The fields as they are stored; what breaks a rule is reported by place.</summary>
    public static IReadOnlyList<FormField> Normalised(IReadOnlyList<FormField>? fields, FieldErrors errors)
    {
        var list = fields ?? [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var normalised = new List<FormField>(list.Count);
        foreach (var (i, field) in list.Index())
        {
            var at = $"fields[{i}]";
            // A list from outside may hold null, whatever its type says.
            if (field is null || string.IsNullOrEmpty(field.Name)) errors.Add(at + ".name", "A field needs the name of a lead's field.");
            else if (CaptureFields.Find(field.Name) is not { } known)
                errors.Add(at + ".name", $"'{Short(field.Name)}' is no field that a form may ask for. Fields: {string.Join(", ", CaptureFields.All.Select(f => f.Name))}.");
            else if (!names.Add(field.Name)) errors.Add(at + ".name", $"'{field.Name}' is there twice.");
            else normalised.Add(Normalised(field, known, at, errors));
        }
        if (!names.Contains("lastName")) errors.Add("fields", "The last name (lastName) must be among the fields: no lead is without one.");
        if (!names.Contains("company") && !names.Contains("email")) errors.Add("fields", "A company or an e-mail (company, email) must be among the fields.");
        return normalised;
    }

    private static FormField Normalised(FormField field, CaptureField known, string at, FieldErrors errors)
    {
        var options = field.Options?.Select(o => o?.Trim() ?? "").ToList();
        if (options is { Count: 0 }) options = null;
        if (options is not null)
        {
            if (options.Count > MostOptions) errors.Add(at + ".options", $"At most {MostOptions} values to choose from.");
            if (options.Any(o => o.Length == 0 || o.Length > known.Longest)) errors.Add(at + ".options", $"Each value needs 1 to {known.Longest:N0} characters.");
            if (options.Distinct(StringComparer.Ordinal).Count() != options.Count) errors.Add(at + ".options", "A value is there twice.");
        }
        var value = FormInput.Text(field.DefaultValue, at + ".defaultValue", known.Longest, errors);
        if (value is not null && options is not null && !options.Contains(value)) errors.Add(at + ".defaultValue", "The default must be one of the values to choose from.");
        return field with { Label = FormInput.Text(field.Label, at + ".label", 255, errors), DefaultValue = value, Options = options };
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
