using LeadCrm.Leads.Import;
using LeadCrm.ServiceDefaults.Values;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit;

public sealed class PhoneTests
{
    [Theory]
    [InlineData("020 7946 0000", "GB", "+442079460000")]
    [InlineData("+44 (0)20 7946-0000", null, "+442079460000")]
    [InlineData("0044 20 7946 0000", null, "+442079460000")]
    [InlineData("(415) 555-2671", "US", "+14155552671")]
    [InlineData("1-415-555-2671", "US", "+14155552671")]
    [InlineData("011 44 20 7946 0000", "US", "+442079460000")]
    [InlineData("030/901820", "DE", "+4930901820")]
    [InlineData("06 1 234 5678", "HU", "+3612345678")]
    [InlineData("8 (495) 123-45-67", "RU", "+74951234567")]
    [InlineData("06 1234 5678", "IT", "+390612345678")]
    [InlineData("98450 12345", "IN", "+919845012345")]
    public void LD2_a_phone_becomes_E164_from_its_prefix_or_the_country(string typed, string? country, string expected) =>
        Phones.Normalise(typed, country is null ? null : Countries.Find(country)).ShouldBe(expected);

    [Theory, InlineData("001-307-937-7505x54026", "+13079377505 x54026"), InlineData("+1 415 555 2671 ext. 12", "+14155552671 x12")]
    public void LD2_an_extension_is_kept(string typed, string expected) => Phones.Normalise(typed, null).ShouldBe(expected);

    [Theory, InlineData("917-584-0243x4606"), InlineData("(704)585-7792")]
    public void LD2_a_number_whose_country_is_not_known_stays_as_typed(string typed) => Phones.Normalise(typed, null).ShouldBe(typed);

    [Theory, InlineData("call me"), InlineData("+999 12345678"), InlineData("+1 415 555"), InlineData("12"), InlineData("=1+1"), InlineData("a@b.example")]
    public void LD2_what_is_no_phone_number_is_refused(string typed) => Phones.Normalise(typed, null).ShouldBeNull();

    [Fact]
    public void LD2_example_numbers_of_every_region_become_their_E164()
    {
        var rows = Rows("example_numbers.csv");

        var wrong = rows.Where(r => Countries.Find(r["region"]) is { } country && Phones.Normalise(r["national_number_example"], country) != r["e164"])
            .Select(r => $"{r["region"]} {r["type"]} {r["national_number_example"]}: {Phones.Normalise(r["national_number_example"], Countries.Find(r["region"]))} instead of {r["e164"]}").ToList();

        rows.Count.ShouldBe(1_144);
        wrong.Count.ShouldBeLessThanOrEqualTo(rows.Count / 50, string.Join('\n', wrong));
    }

    [Fact]
    public void LD2_a_number_in_E164_stays_as_it_is()
    {
        // North American numbers have ten digits behind the 1; the file has one of seven, which cannot be called from elsewhere.
        var wrong = Rows("example_numbers.csv").Where(r => r["e164"].Length > 6 && !(r["country_code"] == "1" && r["e164"].Length != 12) && Phones.Normalise(r["e164"], null) != r["e164"])
            .Select(r => r["e164"]).ToList();

        wrong.ShouldBeEmpty();
    }

    private static List<Dictionary<string, string>> Rows(string file)
    {
        using var text = File.OpenText(RealData.Path("email_phone_formats", file));
        var reader = new CsvReader(text, ',');
        var cells = new List<string>();
        reader.Read(cells);
        var header = cells.ToArray();
        var rows = new List<Dictionary<string, string>>();
        while (reader.Read(cells)) rows.Add(header.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second));
        return rows;
    }
}
