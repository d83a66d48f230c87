using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Campaigns.Campaigns;

/// <summary>What people may write of a campaign (CM8).</summary>
internal sealed record CampaignInput
{
    private const decimal TooMuch = 1_000_000_000_000_000m;

    /// <summary>Name of the campaign.</summary>
    public string? Name { get; init; }
    /// <summary>Kind of marketing, such as e-mail or trade show.</summary>
    public string? Type { get; init; }
    /// <summary>How far it is; planned when left out.</summary>
    public CampaignStatus? Status { get; init; }
    /// <summary>The campaign above in the hierarchy.</summary>
    public Guid? ParentCampaignId { get; init; }
    /// <summary>First day.</summary>
    public DateOnly? StartsOn { get; init; }
    /// <summary>Last day.</summary>
    public DateOnly? EndsOn { get; init; }
    /// <summary>Expected response in percent, 0 to 100.</summary>
    public decimal? ExpectedResponse { get; init; }
    /// <summary>Budget, in <see cref="Currency"/>.</summary>
    public decimal? Budget { get; init; }
    /// <summary>What it really cost, in <see cref="Currency"/>.</summary>
    public decimal? ActualCost { get; init; }
    /// <summary>ISO 4217 code of budget and cost.</summary>
    public string? Currency { get; init; }
    /// <summary>Owner (an active user); who creates the campaign when left out.</summary>
    public Guid? OwnerId { get; init; }
    /// <summary>Description.</summary>
    public string? Description { get; init; }
    /// <summary>Id of the campaign in another system, unique.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Every value normalised; what breaks a rule is reported by field.</summary>
    public CampaignInput Normalised(FieldErrors errors)
    {
        var input = this with
        {
            Name = Text(Name, "name", 255, errors),
            Type = Text(Type, "type", 100, errors),
            Currency = Text(Currency, "currency", 3, errors)?.ToUpperInvariant(),
            Description = Text(Description, "description", 32_000, errors),
            ExternalId = Text(ExternalId, "externalId", 255, errors),
        };

        if (input.Name is null) errors.Add("name", "A campaign needs a name.");
        if (EndsOn < StartsOn) errors.Add("endsOn", "The last day must not be before the first.");
        if (ExpectedResponse is < 0 or > 100) errors.Add("expectedResponse", "Takes a percentage from 0 to 100.");
        else if (ExpectedResponse is { } response && decimal.Round(response, 2) != response) errors.Add("expectedResponse", "Takes at most two decimal places.");
        CheckMoney(Budget, "budget", errors);
        CheckMoney(ActualCost, "actualCost", errors);
        if (input.Currency is { } code && (code.Length != 3 || !code.All(char.IsAsciiLetterUpper))) errors.Add("currency", $"'{code}' is not an ISO 4217 code such as EUR.");
        if (input.Currency is null && (Budget ?? ActualCost) is not null) errors.Add("currency", "Say in which currency budget and cost are (ISO 4217, such as EUR).");
        return input;
    }

    private static string? Text(string? value, string field, int longest, FieldErrors errors)
    {
        var text = value?.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Length > longest) errors.Add(field, $"Takes at most {longest} characters; this has {text.Length}.");
        return text;
    }

    private static void CheckMoney(decimal? amount, string field, FieldErrors errors)
    {
        if (amount is < 0) errors.Add(field, "Must not be negative.");
        if (amount is >= TooMuch) errors.Add(field, "Must be less than 1,000,000,000,000,000.");
        if (amount is { } money && decimal.Round(money, 4) != money) errors.Add(field, "Takes at most four decimal places.");
    }
}
