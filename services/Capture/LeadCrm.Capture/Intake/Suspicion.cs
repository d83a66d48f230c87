using LeadCrm.Capture.Forms;

namespace LeadCrm.Capture.Intake;

/// <summary>What makes a submission look like a machine's (WL5). It is stored all the same and waits for somebody to decide; its sender is told nothing.</summary>
internal static class Suspicion
{
    /// <summary>Something is in the field that people do not see.</summary>
    public const string Honeypot = "honeypot";
    /// <summary>Sent sooner after the page was drawn than a person can fill it.</summary>
    public const string TooFast = "too-fast";
    /// <summary>The page's time stamp is not one of ours.</summary>
    public const string ForgedTime = "forged-time";
    /// <summary>Does not come from the hosted page, and the form takes nothing else.</summary>
    public const string NotFromThePage = "not-from-the-page";

    /// <summary>All that is suspicious; empty when nothing is.</summary>
    public static IReadOnlyList<string> Of(WebForm form, SubmissionBody body, RenderStamp stamps)
    {
        var found = new List<string>();
        if (body[OwnFields.Honeypot] is not null) found.Add(Honeypot);
        switch (body[OwnFields.Stamp])
        {
            case null when form.PageOnly:
                found.Add(NotFromThePage);
                break;
            case { } stamp when stamps.AgeOf(form, stamp) is not { } age || age < TimeSpan.Zero:
                found.Add(ForgedTime);
                break;
            case { } stamp when stamps.AgeOf(form, stamp) < TimeSpan.FromSeconds(form.MinimumSeconds):
                found.Add(TooFast);
                break;
        }
        return found;
    }
}
