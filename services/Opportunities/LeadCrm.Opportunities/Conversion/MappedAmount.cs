using System.Globalization;
using LeadCrm.Opportunities.Contracts;

namespace LeadCrm.Opportunities.Conversion;

/// <summary>An amount that a conversion offers, in the currency that it is wanted in (C13).</summary>
/// <param name="Amount">The amount; null when none is offered.</param>
/// <param name="Currency">Its currency; null: the organisation's.</param>
/// <param name="Original">What it was before it was converted, at which rate and of which day; null when it was not.</param>
internal sealed record MappedAmount(decimal? Amount, string? Currency, string? Original)
{
    /// <summary>
    /// What the command offers. An amount that the request gave is meant as it stands; one that was mapped from the lead is converted at the rate
    /// that was stamped when the conversion began, rounded to four decimal places (half away from zero). Without a rate that is a violation.
    /// </summary>
    public static MappedAmount In(CreateOrAttachOpportunity command, string? wanted, List<OpportunityViolation> violations)
    {
        var given = new MappedAmount(command.Amount, command.Currency, null);
        if (command is not { Amount: { } amount, Rates: { } rates, Currency: { } currency } || wanted is null || wanted == currency) return given;

        var direct = rates.FirstOrDefault(rate => rate.From == currency && rate.To == wanted);
        var inverse = direct is null ? rates.FirstOrDefault(rate => rate.From == wanted && rate.To == currency) : null;
        if ((direct ?? inverse) is not { } found)
        {
            violations.Add(new OpportunityViolation
            {
                Field = "amount", Message = $"The lead's amount is in {currency}, the opportunity's in {wanted}, and there is no exchange rate between them. Add one to the conversion mapping, or give the amount in the request.",
            });
            return given;
        }
        try
        {
            var converted = decimal.Round(direct is not null ? amount * found.Rate : amount / found.Rate, 4, MidpointRounding.AwayFromZero);
            var rate = direct is not null ? $"{Text(found.Rate)} {wanted} for 1 {currency}" : $"{Text(found.Rate)} {currency} for 1 {wanted}";
            return new MappedAmount(converted, wanted, $"{Text(amount)} {currency}, at {rate} of {found.AsOf:yyyy-MM-dd}");
        }
        catch (OverflowException)
        {
            violations.Add(new OpportunityViolation { Field = "amount", Message = $"{Text(amount)} {currency} are more {wanted} than an amount can hold." });
            return given;
        }
    }

    private static string Text(decimal number) => number.ToString("0.##########", CultureInfo.InvariantCulture);
}
