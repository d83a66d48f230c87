using System.Text.Json;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>A place on the earth, a number that the service gives, another record.</summary>
internal abstract partial class CustomType
{
    private sealed class GeolocationType : CustomType
    {
        public override CustomColumn Column => CustomColumn.None;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (typed.ValueKind != JsonValueKind.Object || !typed.TryGetProperty("lat", out var lat) || !typed.TryGetProperty("lng", out var lng) || typed.EnumerateObject().Count() != 2)
            {
                wrong("Write a place as { \"lat\": 53.55, \"lng\": 9.99 }.");
                return null;
            }
            if (DecimalOf(lat, wrong) is not { } north || DecimalOf(lng, wrong) is not { } east) return null;
            if (Math.Abs(north) > 90) wrong("A latitude is -90 to 90.");
            else if (Math.Abs(east) > 180) wrong("A longitude is -180 to 180.");
            else if (decimal.Round(north, 10) != north || decimal.Round(east, 10) != east) wrong("At most 10 decimal places are stored.");
            else return JsonSerializer.SerializeToElement(new { lat = Json(north), lng = Json(east) });
            return null;
        }

        public override JsonElement? FromText(string cell, Complaint wrong)
        {
            var parts = cell.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length == 2 && NumberFromText(parts[0], wrong) is { } lat && NumberFromText(parts[1], wrong) is { } lng) return JsonSerializer.SerializeToElement(new { lat, lng });
            if (parts.Length != 2) wrong("Write a place as latitude,longitude.");
            return null;
        }
    }

    private sealed class AutoNumberType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["numberFormat", "startsAt"];
        public override bool CanBeRequired => false;
        public override bool IsWritable => false;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            wrong("This number is given by the system and cannot be written.");
            return null;
        }
    }

    private sealed class LookupType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["lookupTarget"];
        public override bool CanBeUnique => true;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text) return null;
            if (Guid.TryParseExact(text, "D", out var id)) return Json(id.ToString());
            wrong("An id is expected here.");
            return null;
        }
    }
}
