using System.Text.Json;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.CustomFields;

/// <summary>What each type of custom field accepts, and the one form it is stored in (LD4).</summary>
public sealed class CustomTypeTests
{
    [Theory]
    [InlineData("text", "\"  Ada  \"", "\"Ada\"")]
    [InlineData("text", "\"   \"", null)]
    [InlineData("longText", "\"one\\ntwo\"", "\"one\\ntwo\"")]
    [InlineData("number", "12.50", "12.5")]
    [InlineData("number", "1e3", "1000")]
    [InlineData("number", "-0.00000001", "-0.00000001")]
    [InlineData("percent", "12.5", "12.5")]
    [InlineData("currency", "12", "{\"amount\":12,\"currency\":\"CHF\"}")]
    [InlineData("currency", "{\"amount\":12.340,\"currency\":\"usd\"}", "{\"amount\":12.34,\"currency\":\"USD\"}")]
    [InlineData("currency", "{\"amount\":null,\"currency\":\"usd\"}", null)]
    [InlineData("date", "\"2026-02-28\"", "\"2026-02-28\"")]
    [InlineData("dateTime", "\"2026-03-29T02:30:00+02:00\"", "\"2026-03-29T00:30:00.000000Z\"")]
    [InlineData("dateTime", "\"2026-03-29T02:30Z\"", "\"2026-03-29T02:30:00.000000Z\"")]
    [InlineData("checkbox", "false", "false")]
    [InlineData("pickList", "\"north\"", "\"North\"")]
    [InlineData("pickList", "\"the south\"", "\"South\"")]
    [InlineData("multiSelect", "[\"south\",\"North\",\"South\"]", "[\"North\",\"South\"]")]
    [InlineData("multiSelect", "[]", null)]
    [InlineData("email", "\" Ada@Example.ORG \"", "\"ada@example.org\"")]
    [InlineData("phone", "\"+44 20 7946 0958\"", "\"\\u002B442079460958\"")]
    [InlineData("url", "\"example.org/a\"", "\"https://example.org/a\"")]
    [InlineData("richText", "\"<b>hi</b><script>alert(1)</script>\"", "\"\\u003Cb\\u003Ehi\\u003C/b\\u003E\"")]
    [InlineData("geolocation", "{\"lat\":53.550,\"lng\":-9.99}", "{\"lat\":53.55,\"lng\":-9.99}")]
    [InlineData("lookup", "\"0190A1B2-0000-7000-8000-000000000001\"", "\"0190a1b2-0000-7000-8000-000000000001\"")]
    public void LD4a_a_value_takes_the_form_of_its_type(string type, string typed, string? stored)
    {
        var errors = new FieldErrors();
        var values = CustomRules.ForNew(Fields(type), new Dictionary<string, JsonElement> { ["x"] = JsonElement.Parse(typed) }, "CHF", errors);
        errors.ToDictionary().ShouldBeEmpty();
        (values.TryGetValue("x", out var value) ? JsonSerializer.Serialize(value) : null).ShouldBe(stored);
    }

    [Theory]
    [InlineData("text", "12")]
    [InlineData("text", "\"two\\nlines\"")]
    [InlineData("text", "\"nul\\u0000\"")]
    [InlineData("text", "\"half a pair \\ud83d\"")]
    [InlineData("number", "\"12\"")]
    [InlineData("number", "1e400")]
    [InlineData("number", "9999999999999999")]
    [InlineData("number", "0.000000001")]
    [InlineData("percent", "true")]
    [InlineData("currency", "{\"amount\":12,\"currency\":\"XXX\"}")]
    [InlineData("currency", "{\"currency\":\"EUR\"}")]
    [InlineData("currency", "{\"amount\":1,\"tax\":2}")]
    [InlineData("currency", "0.00001")]
    [InlineData("date", "\"2026-02-29\"")]
    [InlineData("date", "\"28.02.2026\"")]
    [InlineData("dateTime", "\"yesterday\"")]
    [InlineData("checkbox", "\"true\"")]
    [InlineData("pickList", "\"East\"")]
    [InlineData("pickList", "\"Closed\"")]
    [InlineData("multiSelect", "\"North\"")]
    [InlineData("multiSelect", "[\"North\",\"East\"]")]
    [InlineData("multiSelect", "[1]")]
    [InlineData("email", "\"ada\"")]
    [InlineData("phone", "\"call me\"")]
    [InlineData("url", "\"javascript://alert\"")]
    [InlineData("geolocation", "{\"lat\":91,\"lng\":0}")]
    [InlineData("geolocation", "{\"lat\":1}")]
    [InlineData("geolocation", "\"53,9\"")]
    [InlineData("autoNumber", "\"7\"")]
    [InlineData("lookup", "\"me\"")]
    public void LD4a_what_is_no_value_of_the_type_is_refused_by_name(string type, string typed)
    {
        var errors = new FieldErrors();
        CustomRules.ForNew(Fields(type), new Dictionary<string, JsonElement> { ["x"] = JsonElement.Parse(typed) }, "EUR", errors).ShouldNotContainKey("x");
        errors.ToDictionary().Keys.ShouldBe(["custom.x"]);
    }

    [Theory]
    [InlineData("number", "1,234.5", "1234.5")]
    [InlineData("percent", "12.5 %", "12.5")]
    [InlineData("currency", "12.50 usd", "{\"amount\":12.5,\"currency\":\"USD\"}")]
    [InlineData("currency", "EUR 7", "{\"amount\":7,\"currency\":\"EUR\"}")]
    [InlineData("currency", "7", "{\"amount\":7,\"currency\":\"CHF\"}")]
    [InlineData("checkbox", "Ja", "true")]
    [InlineData("multiSelect", "South; North", "[\"North\",\"South\"]")]
    [InlineData("geolocation", "53.55, -9.99", "{\"lat\":53.55,\"lng\":-9.99}")]
    public void LD4a_a_cell_of_a_file_is_read_as_its_type(string type, string cell, string stored)
    {
        var errors = new FieldErrors();
        var fields = Fields(type);
        var values = CustomRules.ForNew(fields, CustomRules.FromTexts(fields, new Dictionary<string, string> { ["x"] = cell }, errors), "CHF", errors);
        errors.ToDictionary().ShouldBeEmpty();
        JsonSerializer.Serialize(values["x"]).ShouldBe(stored);
        // And written as text it is the same value again.
        var again = CustomRules.ForNew(fields, CustomRules.FromTexts(fields, new Dictionary<string, string> { ["x"] = CustomJson.Text(values["x"]) }, errors), "CHF", errors);
        JsonElement.DeepEquals(again["x"], values["x"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("C-{0000}", 7, "C-0007")]
    [InlineData("{0}", 123456, "123456")]
    [InlineData("A{00}B", 5, "A05B")]
    public void LD4f_a_number_stands_in_the_zeros_of_its_format(string format, long number, string written) => CustomNumbers.Write(format, number).ShouldBe(written);

    [Fact]
    public void LD4c_limits_of_the_definition_hold()
    {
        var field = new CustomField(Guid.NewGuid(), "lead", "x", DateTimeOffset.UnixEpoch);
        field.Define(new CustomFieldInput { Label = "X", Type = CustomFieldType.Text, MinLength = 2, MaxLength = 4 }, null);
        var set = new CustomFieldSet("lead", [field]);
        foreach (var (text, isFine) in new[] { ("a", false), ("ab", true), ("abcd", true), ("abcde", false) })
        {
            var errors = new FieldErrors();
            CustomRules.ForNew(set, new Dictionary<string, JsonElement> { ["x"] = JsonSerializer.SerializeToElement(text) }, "EUR", errors);
            errors.Any.ShouldBe(!isFine, text);
        }
    }

    [Fact]
    public void LD4c_an_edit_looks_only_at_what_changed_and_keeps_what_nobody_may_write()
    {
        var before = new Dictionary<string, JsonElement> { ["x"] = JsonSerializer.SerializeToElement("Closed"), ["gone"] = JsonSerializer.SerializeToElement(1) };
        var errors = new FieldErrors();
        var values = CustomRules.ForEdit(Fields("pickList"), new Dictionary<string, JsonElement> { ["x"] = before["x"] }, before, "EUR", demandRequired: true, errors);
        errors.ToDictionary().ShouldBeEmpty();
        values.Keys.ShouldBe(["x", "gone"], ignoreOrder: true);
    }

    /// <summary>Whatever people put into a field, it is stored in its form or refused by name; nothing breaks.</summary>
    [Fact]
    public void LD4a_nonsense_is_stored_or_refused_never_a_failure()
    {
        var lines = Environment.GetEnvironmentVariable("LEADCRM_REAL_DATA") is { } folder && Path.Combine(folder, "naughty_strings", "blns.json") is var file && File.Exists(file)
            ? JsonSerializer.Deserialize<string[]>(File.ReadAllText(file))!
            : ["'; drop table leads; --", "\u202Etest", "𝕋𝕙𝕖", "<svg/onload=alert(1)>", "NaN", "Infinity", "0x1F", "1e999", "\uFEFF", "null", "{}", "[]"];
        foreach (var type in Enum.GetValues<CustomFieldType>())
        {
            var fields = Fields(JsonNamingPolicy.CamelCase.ConvertName(type.ToString()));
            foreach (var line in lines)
            {
                var errors = new FieldErrors();
                var typed = new Dictionary<string, JsonElement> { ["x"] = JsonSerializer.SerializeToElement(line) };
                var values = CustomRules.ForNew(fields, typed, "EUR", errors);
                CustomRules.ForNew(fields, CustomRules.FromTexts(fields, new Dictionary<string, string> { ["x"] = line.Replace("\0", "", StringComparison.Ordinal) }, new FieldErrors()), "EUR", new FieldErrors());
                if (values.TryGetValue("x", out var stored)) CustomJson.Text(stored).ShouldNotContain("\0");
                foreach (var key in errors.ToDictionary().Keys) key.ShouldBe("custom.x");
            }
        }
    }

    private static CustomFieldSet Fields(string type)
    {
        var field = new CustomField(Guid.NewGuid(), "lead", "x", DateTimeOffset.UnixEpoch);
        var kind = Enum.Parse<CustomFieldType>(type, ignoreCase: true);
        var hasOptions = kind is CustomFieldType.PickList or CustomFieldType.MultiSelect;
        field.Define(new CustomFieldInput
        {
            Label = "X", Type = kind, NumberFormat = "{0}",
            Options = hasOptions ? [new CustomFieldOption { Value = "North" }, new CustomFieldOption { Value = "South", Label = "The South" }, new CustomFieldOption { Value = "Closed", IsActive = false }] : null,
        }, null);
        return new CustomFieldSet("lead", [field]);
    }
}
