using LeadCrm.Leads.Mapping;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit.Conversion;

/// <summary>Which types of fields can be mapped to which (C11).</summary>
public sealed class FieldShapeTests
{
    private static readonly FieldType[] Types = [.. Enum.GetValues<FieldType>().Except([FieldType.Address])];

    /// <summary>The statement's own words, as pairs; everything else is refused.</summary>
    private static readonly HashSet<(FieldType, FieldType)> Allowed =
    [
        (FieldType.Boolean, FieldType.Boolean), (FieldType.Currency, FieldType.Currency), (FieldType.Date, FieldType.Date), (FieldType.DateTime, FieldType.DateTime),
        (FieldType.Email, FieldType.Email), (FieldType.Geolocation, FieldType.Geolocation), (FieldType.Number, FieldType.Number), (FieldType.Percent, FieldType.Percent),
        (FieldType.Phone, FieldType.Phone), (FieldType.MultiSelect, FieldType.MultiSelect), (FieldType.LongText, FieldType.LongText), (FieldType.RichText, FieldType.RichText),
        (FieldType.Url, FieldType.Url), (FieldType.AutoNumber, FieldType.Text), (FieldType.Text, FieldType.Text), (FieldType.Text, FieldType.LongText),
        (FieldType.Text, FieldType.Picklist), (FieldType.Picklist, FieldType.Text), (FieldType.Picklist, FieldType.Picklist), (FieldType.Lookup, FieldType.Lookup),
    ];

    [Fact]
    public void C11c_each_type_goes_exactly_to_the_types_that_the_matrix_names()
    {
        foreach (var source in Types)
            foreach (var target in Types)
                (Shape(source).ProblemWith(Shape(target)) is null).ShouldBe(Allowed.Contains((source, target)), $"{source} to {target}");
    }

    [Fact]
    public void C11d_text_does_not_become_a_value_of_a_list_that_takes_its_own_only() =>
        new FieldShape(FieldType.Text).ProblemWith(new FieldShape(FieldType.Picklist) { IsRestricted = true }).ShouldNotBeNull();

    [Theory]
    [InlineData("account", "account", true)]
    [InlineData("account", "contact", false)]
    public void C11e_a_reference_stays_one_to_the_same_kind_of_record(string from, string to, bool fits) =>
        (new FieldShape(FieldType.Lookup) { LookupOf = from }.ProblemWith(new FieldShape(FieldType.Lookup) { LookupOf = to }) is null).ShouldBe(fits);

    [Theory]
    [InlineData(255, 255, true)]
    [InlineData(256, 255, false)]
    [InlineData(null, 255, false)]
    [InlineData(40, null, true)]
    public void C11f_the_target_is_at_least_as_long(int? source, int? target, bool fits)
    {
        (new FieldShape(FieldType.Text) { Length = source }.ProblemWith(new FieldShape(FieldType.Text) { Length = target }) is null).ShouldBe(fits);
        (new FieldShape(FieldType.Number) { Decimals = source }.ProblemWith(new FieldShape(FieldType.Number) { Decimals = target }) is null).ShouldBe(fits);
    }

    [Fact]
    public void C11g_lines_that_make_no_sense_are_refused_all_at_once()
    {
        var errors = Errors(
            [Line("nope", "account", "description"), Line("need", "pony", "name"), Line("need", "account", "billingAddress.city"), Line("need", "account", "type"), Line("city", "opportunity", "stage")],
            [Rate("GBP", "GBP", 1), Rate("gbp", "EUR", 0), Rate("USD", "EUR", 1.5m), Rate("USD", "EUR", 1.6m)]);

        errors.Keys.ShouldBe(["rates[0].to", "rates[1].from", "rates[1].rate", "rates[2]", "rates[3]", "rules[0].leadField", "rules[1].record", "rules[2].field", "rules[3]", "rules[4].field"], ignoreOrder: true);
    }

    [Fact]
    public void C11h_a_field_has_one_source_be_it_a_standard_line_or_an_added_one()
    {
        Errors([Line("timeframe", "account", "name")]).Keys.ShouldBe(["rules[0].field"]);
        Errors([Line("timeframe", "opportunity", "type"), Line("city", "opportunity", "type")]).Keys.ShouldBe(["rules[1].field"]);
        Errors([Line("rating", "account", "source")]).ShouldBeEmpty();
        Errors([Line("rating", "account", "source")], sourceToAccount: true).Keys.ShouldBe(["rules[0].field"]);
    }

    [Fact]
    public void C11b_one_source_may_feed_all_three_records() =>
        Errors([Line("need", "account", "description"), Line("need", "opportunity", "description"), Line("timeframe", "opportunity", "type"), Line("postalCode", "account", "type"), Line("postalCode", "contact", "department")]).ShouldBeEmpty();

    private static FieldShape Shape(FieldType type) => new(type) { LookupOf = type == FieldType.Lookup ? "account" : null };

    private static MappingRule Line(string leadField, string record, string field) => new() { LeadField = leadField, Record = record, Field = field };

    private static ExchangeRate Rate(string from, string to, decimal rate) => new() { From = from, To = to, Rate = rate, AsOf = new DateOnly(2026, 3, 1) };

    private static IReadOnlyDictionary<string, string[]> Errors(IReadOnlyList<MappingRule> rules, IReadOnlyList<ExchangeRate>? rates = null, bool sourceToAccount = false)
    {
        try
        {
            SetUpMapping.Check(new(sourceToAccount, LeadWithoutCompany.Refuse, rules, rates ?? []), FieldCatalog.Standard);
            return new Dictionary<string, string[]>();
        }
        catch (InvalidFieldsException invalid)
        {
            return invalid.Errors;
        }
    }
}
