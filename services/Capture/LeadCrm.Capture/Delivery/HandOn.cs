using LeadCrm.Capture.Data;
using LeadCrm.Capture.Forms;
using LeadCrm.Capture.Submissions;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Capture.Delivery;

/// <summary>
/// Sends what waits in a form's line to Leads, in order, a batch at a time: the next one when the one before was answered. Everything here
/// happens in a transaction that holds the line's row.
/// </summary>
internal sealed class HandOn(CaptureDb db, FormStore forms, IPublishEndpoint publish, IOptions<CaptureOptions> options)
{
    /// <summary>The form's line with its row locked until the transaction ends; null when there is no such form.</summary>
    public Task<FormLine?> Lock(Guid formId, CancellationToken ct) =>
        db.Lines.FromSql($"select * from form_lines where form_id = {formId} for update").FirstOrDefaultAsync(ct);

    /// <summary>The time of the database, which all replicas share, at this moment: a transaction that waited for the line began earlier.</summary>
    public Task<DateTimeOffset> Now(CancellationToken ct) => db.Database.SqlQuery<DateTimeOffset>($"select clock_timestamp() as \"Value\"").SingleAsync(ct);

    /// <summary>Sends the next batch if none is under way and something may go.</summary>
    public async Task Next(WebForm form, FormLine line, DateTimeOffset now, CancellationToken ct)
    {
        var today = forms.Today;
        if (line.Room(options.Value.Batch, form.DailyQuota, today) is var room && room == 0) return;
        var next = await db.Submissions.Where(s => s.FormId == form.Id && s.Status == SubmissionStatus.Waiting).OrderBy(s => s.Position).Take(room).ToListAsync(ct);
        if (next.Count == 0) return;

        var batch = Guid.CreateVersion7(now);
        line.HandOn(batch, next.Count, today, now);
        foreach (var submission in next) submission.GoesOn(batch);
        await Send(form, batch, next, ct);
    }

    /// <summary>Sends the batch under way once more, as it is: Leads repeats its answer for what it has taken already.</summary>
    public async Task Again(WebForm form, FormLine line, DateTimeOffset now, CancellationToken ct)
    {
        if (line.InFlight is not { } batch) return;
        var sent = await db.Submissions.Where(s => s.FormId == form.Id && s.BatchId == batch && s.Status == SubmissionStatus.HandedOn).OrderBy(s => s.Position).ToListAsync(ct);
        line.SentAgain(now);
        await Send(form, batch, sent, ct);
    }

    private async Task Send(WebForm form, Guid batch, List<Submission> submissions, CancellationToken ct)
    {
        // The lead is the system's doing, also when a person released the submission.
        using var acting = Actor.Use(Actor.System);
        await publish.CommandFor(form.Id, new CaptureLeads
        {
            BatchId = batch, FormId = form.Id, FormName = form.Name, OwnerId = form.OwnerId, QueueId = form.QueueId, CampaignId = form.CampaignId,
            MemberStatusId = form.MemberStatusId, FillKnown = form.KnownEmail == KnownEmail.FillEmpty, Leads = [.. submissions.Select(s => s.ToLead(form.Source))],
        }, ct);
    }
}
