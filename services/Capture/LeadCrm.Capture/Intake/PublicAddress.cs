namespace LeadCrm.Capture.Intake;

/// <summary>Where the public reaches this installation.</summary>
internal static class PublicAddress
{
    /// <summary>Scheme, host and port: as configured, else as the gateway says that it was asked.</summary>
    public static string Of(HttpRequest request, CaptureOptions options)
    {
        if (options.PublicAddress is { } configured) return configured.GetLeftPart(UriPartial.Authority);
        var (scheme, host) = (request.Headers["X-Forwarded-Proto"].ToString(), request.Headers["X-Forwarded-Host"].ToString());
        return $"{(scheme is "http" or "https" ? scheme : request.Scheme)}://{(Uri.CheckHostName(host.Split(':')[0]) == UriHostNameType.Unknown ? request.Host.Value : host)}";
    }
}
