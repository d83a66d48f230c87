using LeadCrm.Campaigns.Campaigns;
using LeadCrm.ServiceDefaults.Http;
using Shouldly;
using Xunit;

namespace LeadCrm.Campaigns.Tests.Unit;

public sealed class CampaignInputTests
{
    [Fact]
    public void CM8_texts_are_trimmed_and_codes_are_upper_case()
    {
        var input = new CampaignInput { Name = "  Fair ", Type = " ", Budget = 10, Currency = "eur" }.Normalised(new FieldErrors());

        input.ShouldBe(new CampaignInput { Name = "Fair", Budget = 10, Currency = "EUR" });
    }

    [Theory]
    [InlineData("name", null, null, null, null, null)]
    [InlineData("endsOn", "Fair", "2026-03-02", "2026-03-01", null, null)]
    [InlineData("expectedResponse", "Fair", null, null, 100.5, null)]
    [InlineData("currency", "Fair", null, null, null, 5.0)]
    [InlineData("budget", "Fair", null, null, null, -1.0)]
    public void CM8_what_cannot_be_right_is_told_by_field(string field, string? name, string? starts, string? ends, double? response, double? budget)
    {
        var errors = new FieldErrors();

        new CampaignInput
        {
            Name = name, StartsOn = starts is null ? null : DateOnly.Parse(starts, null), EndsOn = ends is null ? null : DateOnly.Parse(ends, null),
            ExpectedResponse = (decimal?)response, Budget = (decimal?)budget, Currency = budget < 0 ? "EUR" : null,
        }.Normalised(errors);

        errors.ToDictionary().Keys.ShouldBe([field]);
    }
}
