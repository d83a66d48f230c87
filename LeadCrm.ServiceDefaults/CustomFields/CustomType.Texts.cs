using System.Text.Json;
using LeadCrm.ServiceDefaults.Values;

namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>Types whose values are texts: as they are typed, of a form, or with markup.</summary>
internal abstract partial class CustomType
{
    private sealed class TextType(int longest, bool multiline) : CustomType
    {
        public override IReadOnlyList<string> Settings => ["minLength", "maxLength"];
        public override CustomColumn Column => multiline ? CustomColumn.LongText : CustomColumn.Text;
        public override bool CanBeUnique => !multiline;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text) return null;
            if (!multiline && text.AsSpan().IndexOfAny('\r', '\n') >= 0) wrong("This field holds one line.");
            else if (IsWithinLength(text, longest, field, wrong)) return Json(text);
            return null;
        }
    }

    /// <summary>A text that has one right form.</summary>
    private abstract class FormType(int longest, string expected) : CustomType
    {
        public override bool CanBeUnique => true;

        protected abstract string? Form(string text, CustomField field);

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text) return null;
            if (text.Length > longest) wrong($"Too long: {text.Length:N0} characters, at most {longest:N0} are stored.");
            else if (Form(text, field) is { } value) return Json(value);
            else wrong($"“{Short(text)}” is no {expected}.");
            return null;
        }
    }

    private sealed class EmailType() : FormType(254, "e-mail address")
    {
        protected override string? Form(string text, CustomField field) => EmailAddresses.Normalise(text);
    }

    private sealed class PhoneType() : FormType(60, "phone number")
    {
        public override IReadOnlyList<string> Settings => ["country"];
        protected override string? Form(string text, CustomField field) => Phones.Normalise(text, field.Settings.Country is { } country ? Countries.Find(country) : null);
    }

    private sealed class UrlType() : FormType(2_000, "web address")
    {
        protected override string? Form(string text, CustomField field) => Urls.Normalise(text);
    }

    private sealed class RichTextType : CustomType
    {
        public override IReadOnlyList<string> Settings => ["maxLength"];
        public override CustomColumn Column => CustomColumn.LongText;

        public override JsonElement? Normalise(JsonElement typed, CustomField field, string organisationCurrency, Complaint wrong)
        {
            if (TextOf(typed, wrong) is not { } text || !IsWithinLength(text, 64_000, field, wrong)) return null;
            return RichText.Sanitise(text) is { Length: > 0 } html ? Json(html) : null;
        }
    }
}
