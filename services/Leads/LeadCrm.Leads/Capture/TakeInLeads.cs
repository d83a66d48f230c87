using System.Text.Json;
using LeadCrm.Leads.Contracts;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.Leads.PickLists;
using LeadCrm.Leads.Statuses;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Capture;

/// <summary>
/// Makes the submissions of one command leads, by the rules of all leads; what breaks one is answered by field and nothing is written of it. All are saved together:
/// a line that has grown long while this service was away is to be short again soon.
/// </summary>
internal sealed class TakeInLeads(LeadsDb db, LeadAccess access, StatusBook statuses, CaptureOwner owners, CustomValues custom, PickListCache pickLists, TimeProvider clock)
{
    /// <summary>What became of each, in the order of the command. The system acts; the history names the submission.</summary>
    public async Task<IReadOnlyList<CaptureResult>> Run(CaptureLeads command, CancellationToken ct)
    {
        var ids = command.Leads.Select(lead => lead.SubmissionId).ToArray();
        var before = await db.Set<CapturedLead>().AsNoTracking().Where(captured => ids.Contains(captured.SubmissionId)).ToDictionaryAsync(captured => captured.SubmissionId, ct);
        var batch = new Batch(command, await pickLists.Get(db, ct));
        var results = new List<CaptureResult>(ids.Length);
        foreach (var submission in command.Leads)
        {
            using var acting = Actor.Use(new Actor { Name = "Capture", OperationId = submission.SubmissionId });
            results.Add(before.TryGetValue(submission.SubmissionId, out var captured) ? Became(captured) : await TakeIn(batch, submission, ct));
        }
        await db.SaveChangesAsync(ct);
        return results;
    }

    /// <summary>A command, what is the same for all its submissions once it has been looked up, and what is not in the database yet.</summary>
    private sealed record Batch(CaptureLeads Command, PickListBook Lists)
    {
        public LeadOwner? Owner { get; set; }
        public LeadStatus? Status { get; set; }
        public HashSet<string> Emails { get; } = new(StringComparer.Ordinal);
        public HashSet<(string Field, string Value)> UniqueValues { get; } = [];
        public CampaignJoin? Joins { get; } = Command.CampaignId is { } campaign ? new CampaignJoin { CampaignId = campaign, MemberStatusId = Command.MemberStatusId } : null;
    }

    private async Task<CaptureResult> TakeIn(Batch batch, LeadToCapture submission, CancellationToken ct)
    {
        var (command, errors) = (batch.Command, new FieldErrors());
        var typed = LeadTexts.Read(submission.Fields.Where(field => CustomNames.KeyOf(field.Key) is null).ToDictionary(), errors) with { CampaignId = command.CampaignId, Consents = Consents(command, submission) };
        var details = batch.Lists.Spelled(LeadRules.Normalise(typed, errors));
        var known = !errors.Any && command.FillKnown && details.Email is { } email ? await Known(batch, email, ct) : null;
        details = details with { Custom = await CustomOf(batch, submission, known, errors, ct) };
        if (errors.Any) return Refused(submission, errors);

        var lead = known is null ? await Create(batch, batch.Lists.ForNew(details), ct) : await Fill(known, details, batch.Joins, ct);
        lead.ChangedBy(Actor.Current);
        if (lead.Email is { } address) batch.Emails.Add(address);
        var captured = new CapturedLead { SubmissionId = submission.SubmissionId, LeadId = lead.Id, FormId = command.FormId, WasKnown = known is not null, At = clock.GetUtcNow() };
        db.Add(captured);
        return Became(captured);
    }

    private async Task<Lead> Create(Batch batch, LeadDetails details, CancellationToken ct)
    {
        var owner = batch.Owner ??= await owners.Of(batch.Command, ct);
        var status = batch.Status ??= await statuses.Default(ct);
        var now = clock.GetUtcNow();
        var lead = Lead.Create(Guid.CreateVersion7(now), details, status, owner, createdBy: null, now);
        db.Add(lead);
        await access.Announce(lead, ChangeKind.Created, ct, batch.Joins);
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
    private async Task<IReadOnlyDictionary<string, JsonElement>?> CustomOf(Batch batch, LeadToCapture submission, Lead? known, FieldErrors errors, CancellationToken ct)
    {
        var texts = submission.Fields.Where(field => CustomNames.KeyOf(field.Key) is not null).ToDictionary(field => CustomNames.KeyOf(field.Key)!, field => field.Value);
        var typed = CustomRules.FromTexts(custom.Of("lead"), texts, errors);
        var before = CustomJson.Read(known?.Custom);
        var asked = new Dictionary<string, JsonElement>(before);
        foreach (var (key, value) in typed ?? []) asked.TryAdd(key, value);
        var values = known is null ? await custom.ForNew("lead", typed, errors, ct) : asked.Count == before.Count ? before : await custom.ForEdit("lead", asked, known.Custom, errors, ct);

        var mine = new List<(string, string)>();
        // A value that another lead has spoils this submission, and not the batch that it came in.
        foreach (var claim in await custom.Claims("lead", [CustomJson.Write(values?.Where(value => !before.ContainsKey(value.Key)).ToDictionary())], ct))
        {
            if (claim.IsTaken || batch.UniqueValues.Contains((claim.Key, claim.Value))) errors.Add(CustomNames.Prefix + claim.Key, "Another lead has this value. It may be in the recycle bin.");
            mine.Add((claim.Key, claim.Value));
        }
        if (!errors.Any) batch.UniqueValues.UnionWith(mine);
        return values;
    }

    /// <summary>The newest lead with the address that is open to changes, with its row locked; a conversion that begins meanwhile waits or is seen.</summary>
    private async Task<Lead?> Known(Batch batch, string email, CancellationToken ct)
    {
        if (batch.Emails.Contains(email)) await db.SaveChangesAsync(ct);   // it may be one that came just before
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
