namespace LeadCrm.Leads.AccountMatches;

/// <summary>
/// How a company and a domain are compared: as keys that the database computes itself, on both sides by the same expression, so that a match
/// is two index look-ups and nothing has to be kept up to date when an account changes.
/// </summary>
internal static class MatchKeys
{
    /// <summary>Legal forms that a name is compared without.</summary>
    private const string LegalForms =
        "inc|incorporated|llc|ltd|limited|corp|corporation|co|company|gmbh|mbh|ag|kg|ohg|ug|se|sa|sas|sarl|srl|spa|bv|nv|ab|as|asa|oy|aps|plc|pty|kft|sro|kk";

    /// <summary>Addresses there say nothing about the company.</summary>
    private const string PublicMail =
        "'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'yahoo.com', 'icloud.com', 'me.com', 'aol.com', 'gmx.de', 'gmx.net', 'web.de', "
        + "'t-online.de', 'mail.ru', 'yandex.ru', 'qq.com', '163.com', 'proton.me', 'protonmail.com'";

    /// <summary>"Nordwind Textil GmbH &amp; Co. KG" and "NORDWIND TEXTIL" have the same key.</summary>
    public static string Company(string column) =>
        $"nullif(regexp_replace(trim(regexp_replace(lower({column}), '[^[:alnum:]]+', ' ', 'g')), '( ({LegalForms}))+$', ''), '')";

    /// <summary>What stands behind the @, unless everybody may have an address there.</summary>
    public static string EmailDomain(string column) =>
        $"case when lower(split_part({column}, '@', 2)) in ({PublicMail}) then null else nullif(lower(split_part({column}, '@', 2)), '') end";

    /// <summary>The host of a website, without www.</summary>
    public static string WebDomain(string column) =>
        $"nullif(regexp_replace(regexp_replace(lower({column}), '^([a-z]+://)?(www\\.)?', ''), '[/:?#].*$', ''), '')";
}
