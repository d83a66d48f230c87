using System.Globalization;
using System.Text.Json;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>Types whose values are days and moments.</summary>
internal abstract partial class CustomType
{
    private sealed class DateType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["earliest", "latest"];
        public override CustomColumn Column => CustomColumn.Ordinal;
        public override bool CanBeUnique => true;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text) return null;
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) wrong("A date is expected here, such as 2026-03-31.");
            else if (IsWithinDays(date, field, wrong)) return Json(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            return null;
        }

        public static bool IsWithinDays(DateOnly date, CustomField field, Complaint wrong)
        {
            if (date < field.Settings.Earliest) wrong($"Not before {field.Settings.Earliest:yyyy-MM-dd}.");
            else if (date > field.Settings.Latest) wrong($"Not after {field.Settings.Latest:yyyy-MM-dd}.");
            else return true;
            return false;
        }
    }

    private sealed class InstantType : CustomType
    {
        private static readonly string[] Forms = ["yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];
        public override IReadOnlyList<string> Settings => ["earliest", "latest"];
        public override CustomColumn Column => CustomColumn.Ordinal;
        public override bool CanBeUnique => true;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text) return null;
            if (!DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
                wrong("An ISO 8601 instant is expected here, such as 2026-03-31T14:00:00Z.");
            else if (DateType.IsWithinDays(DateOnly.FromDateTime(at.UtcDateTime), field, wrong)) return Json(at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
            return null;
        }
    }
}
