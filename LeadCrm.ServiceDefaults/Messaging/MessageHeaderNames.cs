using System.Globalization;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>Headers that our messages carry beside MassTransit's own.</summary>
internal static class MessageHeaderNames
{
    /// <summary>Id of the user on whose behalf the message was sent.</summary>
    public const string Actor = "leadcrm-actor";
    /// <summary>The conversion, import or job that the message belongs to.</summary>
    public const string Operation = "leadcrm-operation";
    /// <summary>How often the receiving queue has failed at this message so far.</summary>
    public const string Tries = "leadcrm-tries";

    /// <summary>Headers as text; what the broker adds for itself (<c>x-…</c>) and structured values are left out.</summary>
    public static Dictionary<string, string> Text(IEnumerable<KeyValuePair<string, object>> headers)
    {
        var text = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in headers)
        {
            if (name.StartsWith("x-", StringComparison.Ordinal)) continue;
            if (value is string or Guid or Uri or IFormattable) text[name] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }
        return text;
    }
}
