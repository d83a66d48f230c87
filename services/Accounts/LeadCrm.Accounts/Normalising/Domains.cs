namespace LeadCrm.Accounts.Normalising;

/// <summary>Domains that tell which business somebody belongs to.</summary>
internal static class Domains
{
    private static readonly HashSet<string> FreeMail = new(StringComparer.Ordinal)
    {
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "yahoo.co.in", "yahoo.fr", "yahoo.de", "yahoo.es", "yahoo.it", "ymail.com", "rocketmail.com",
        "hotmail.com", "hotmail.co.uk", "hotmail.fr", "hotmail.de", "hotmail.es", "hotmail.it", "outlook.com", "outlook.de", "outlook.fr", "live.com", "live.co.uk",
        "msn.com", "aol.com", "icloud.com", "me.com", "mac.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "web.de", "t-online.de", "freenet.de", "mail.com",
        "mail.ru", "bk.ru", "inbox.ru", "list.ru", "yandex.ru", "yandex.com", "proton.me", "protonmail.com", "tutanota.com", "zoho.com", "fastmail.com", "hey.com",
        "qq.com", "163.com", "126.com", "sina.com", "naver.com", "daum.net", "rediffmail.com", "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "cox.net",
        "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "libero.it", "virgilio.it", "tiscali.it", "bigpond.com", "btinternet.com", "bluewin.ch",
        "seznam.cz", "wp.pl", "o2.pl", "onet.pl", "interia.pl", "uol.com.br", "bol.com.br", "terra.com.br", "ziggo.nl", "planet.nl", "telenet.be", "skynet.be",
    };

    /// <summary>The host of a website without <c>www.</c>.</summary>
    public static string? OfWebsite(string? website)
    {
        if (website is null || !Uri.TryCreate(website.Contains("://", StringComparison.Ordinal) ? website : "https://" + website, UriKind.Absolute, out var uri)) return null;
        var host = uri.Host.ToLowerInvariant();
        if (host.StartsWith("www.", StringComparison.Ordinal)) host = host[4..];
        return host.Contains('.', StringComparison.Ordinal) && host.Length <= 253 ? host : null;
    }

    /// <summary>The domain of an e-mail address, unless everybody may have one there.</summary>
    public static string? OfEmail(string? email)
    {
        var at = email?.LastIndexOf('@') ?? -1;
        if (at < 1 || at == email!.Length - 1) return null;
        var domain = email[(at + 1)..].ToLowerInvariant();
        return FreeMail.Contains(domain) ? null : domain;
    }
}
