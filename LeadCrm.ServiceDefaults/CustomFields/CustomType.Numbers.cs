using System.Text.Json;
using LeadCrm.ServiceDefaults.Values;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>Types whose values are numbers.</summary>
internal abstract partial class CustomType
{
    private sealed class NumberType : CustomType
    {
        public const int MostDecimals = 8;
        public override IReadOnlyList<string> Settings => ["decimals", "min", "max"];
        public override CustomColumn Column => CustomColumn.Number;
        public override bool CanBeUnique => true;
        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong) =>
            Within(DecimalOf(typed, wrong), MostDecimals, field, wrong) is { } number ? Json(number) : null;
        public override JsonElement? FromText(string cell, Complaint wrong) => NumberFromText(cell.TrimEnd(' ', '%'), wrong);
    }

    private sealed class CurrencyType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["decimals", "min", "max"];
        public override CustomColumn Column => CustomColumn.Amount;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            var (amount, currency) = (typed, organisationCurrency);
            if (typed.ValueKind == JsonValueKind.Object)
            {
                if (!typed.TryGetProperty("amount", out amount) || typed.EnumerateObject().Any(member => member.Name is not ("amount" or "currency")))
                {
                    wrong("Write an amount, or { \"amount\": 12.5, \"currency\": \"EUR\" }.");
                    return null;
                }
                if (amount.ValueKind == JsonValueKind.Null) return null;
                if (typed.TryGetProperty("currency", out var code) && code.ValueKind != JsonValueKind.Null)
                {
                    if (TextOf(code, wrong) is not { } text) return null;
                    if (Currencies.Normalise(text) is not { } known)
                    {
                        wrong($"“{Short(text)}” is no ISO 4217 currency code.");
                        return null;
                    }
                    currency = known;
                }
            }
            return Within(DecimalOf(amount, wrong), 4, field, wrong) is { } number ? JsonSerializer.SerializeToElement(new { amount = Json(number), currency }) : null;
        }

        /// <summary>The amount with its currency before or behind it: <c>12.50 EUR</c>.</summary>
        public override JsonElement? FromText(string cell, Complaint wrong)
        {
            var text = cell.Trim();
            var currency = text.Length > 3 && text[^3..].All(char.IsAsciiLetter) ? text[^3..] : text.Length > 3 && text[..3].All(char.IsAsciiLetter) ? text[..3] : null;
            var amount = currency is null ? text : text.StartsWith(currency, StringComparison.Ordinal) ? text[3..] : text[..^3];
            return NumberFromText(amount, wrong) is { } number ? JsonSerializer.SerializeToElement(new { amount = number, currency }) : null;
        }
    }
}
