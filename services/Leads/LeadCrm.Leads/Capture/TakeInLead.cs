using System.Text.Json;
using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.PickLists;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Capture;

/// <summary>Makes one submission a lead, by the rules of all leads; what breaks one is answered by field and nothing is written.</summary>
internal sealed class TakeInLead(LeadsDb db, LeadAccess access, StatusBook statuses, CaptureOwner owners, CustomValues custom, PickListCache pickLists, TimeProvider clock)
{
    public async Task<CaptureResult> Run(CaptureLeads command, LeadToCapture submission, CancellationToken ct)
    {
        if (await db.Set<CapturedLead>().FindAsync([submission.SubmissionId], ct) is { } before) return Became(before);

        var errors = new FieldErrors();
        var typed = LeadTexts.Read(submission.Fields.Where(field => CustomNames.KeyOf(field.Key) is null).ToDictionary(), errors) with { CampaignId = command.CampaignId, Consents = Consents(command, submission) };
        var lists = await pickLists.Get(db, ct);
        var details = lists.Spelled(LeadRules.Normalise(typed, errors));
        var known = !errors.Any && command.FillKnown && details.Email is { } email ? await Known(email, ct) : null;
        details = details with { Custom = await CustomOf(submission, known, errors, ct) };
        if (errors.Any) return Refused(submission, errors);

        var joins = command.CampaignId is { } campaign ? new CampaignJoin { CampaignId = campaign, MemberStatusId = command.MemberStatusId } : null;
        var lead = known is null ? await Create(command, lists.ForNew(details), joins, ct) : await Fill(known, details, joins, ct);
        var captured = new CapturedLead { SubmissionId = submission.SubmissionId, LeadId = lead.Id, FormId = command.FormId, WasKnown = known is not null, At = clock.GetUtcNow() };
        db.Add(captured);
        await db.SaveChangesAsync(ct);
        return Became(captured);
    }

    private async Task<Lead> Create(CaptureLeads command, LeadDetails details, CampaignJoin? joins, CancellationToken ct)
    {
        var (owner, now) = (await owners.Of(command, ct), clock.GetUtcNow());
        var lead = Lead.Create(Guid.CreateVersion7(now), details, await statuses.Default(ct), owner, createdBy: null, now);
        db.Add(lead);
        await access.Announce(lead, ChangeKind.Created, ct, joins);
        return lead;
    }

    private async Task<Lead> Fill(Lead known, LeadDetails details, CampaignJoin? joins, CancellationToken ct)
    {
        var there = known.ToDetails();
        var filled = there.FilledFrom(details) with { Custom = details.Custom };
        // Records compare lists by instance, so these by themselves.
        var isNews = filled with { Consents = null, Custom = null } != there with { Consents = null, Custom = null } || !(filled.Consents ?? []).SequenceEqual(there.Consents ?? [])
            || !CustomJson.Holds(known.Custom, details.Custom);
        if (isNews) known.Edit(filled, default, clock.GetUtcNow());
        await access.Announce(known, ChangeKind.Updated, ct, joins);
        return known;
    }

    /// <summary>Custom values as they are stored: of a new lead with defaults, numbers and all that is required, of a known one with its empty fields filled.</summary>
    private async Task<IReadOnlyDictionary<string, JsonElement>?> CustomOf(LeadToCapture submission, Lead? known, FieldErrors errors, CancellationToken ct)
    {
        var texts = submission.Fields.Where(field => CustomNames.KeyOf(field.Key) is not null).ToDictionary(field => CustomNames.KeyOf(field.Key)!, field => field.Value);
        var typed = CustomRules.FromTexts(custom.Of("lead"), texts, errors);
        var before = CustomJson.Read(known?.Custom);
        var asked = new Dictionary<string, JsonElement>(before);
        foreach (var (key, value) in typed ?? []) asked.TryAdd(key, value);
        var values = known is null ? await custom.ForNew("lead", typed, errors, ct) : asked.Count == before.Count ? before : await custom.ForEdit("lead", asked, known.Custom, errors, ct);

        // A value that another lead has spoils this submission, and not the batch that it came in.
        foreach (var claim in await custom.Claims("lead", [CustomJson.Write(values?.Where(value => !before.ContainsKey(value.Key)).ToDictionary())], ct))
            if (claim.IsTaken) errors.Add(CustomNames.Prefix + claim.Key, "Another lead has this value. It may be in the recycle bin.");
        return values;
    }

    /// <summary>The newest lead with the address that is open to changes, with its row locked; a conversion that begins meanwhile waits or is seen.</summary>
    private async Task<Lead?> Known(string email, CancellationToken ct)
    {
        var id = await db.Leads.Where(l => l.Email == email && l.Conversion == LeadConversion.None).OrderByDescending(l => l.CreatedAt).Select(l => (Guid?)l.Id).FirstOrDefaultAsync(ct);
        if (id is null || await access.Lock(id.Value, ct) is not { DeletedAt: null, Conversion: LeadConversion.None } lead) return null;
        return lead;
    }

    private static IReadOnlyList<Consent>? Consents(CaptureLeads command, LeadToCapture submission) => submission.Consent is not { } given ? null :
    [
        new Consent
        {
            Purpose = given.Purpose, Granted = given.Granted, At = given.At, Source = command.FormName, Text = given.Text, Version = given.Version, IpAddress = given.IpAddress,
        },
    ];

    private static CaptureResult Became(CapturedLead captured) =>
        new() { SubmissionId = captured.SubmissionId, LeadId = captured.LeadId, WasKnown = captured.WasKnown };

    private static CaptureResult Refused(LeadToCapture submission, FieldErrors errors) => new()
    {
        SubmissionId = submission.SubmissionId, Violations = errors.ToDictionary().ToDictionary(e => e.Key, e => (IReadOnlyList<string>)e.Value),
    };
}
