using LeadCrm.Capture.Contracts;
using LeadCrm.Capture.Data;
using LeadCrm.Capture.Forms;
using LeadCrm.Capture.Submissions;
using LeadCrm.Leads.Contracts;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Capture.Delivery;

/// <summary>Notes what became of a batch, and sends the next one. A late answer of a batch that was sent twice changes nothing.</summary>
internal sealed class LeadsCapturedConsumer(CaptureDb db, FormStore forms, HandOn handOn, CaptureMetrics metrics) : IConsumer<LeadsCaptured>
{
    public async Task Consume(ConsumeContext<LeadsCaptured> context)
    {
        var (message, ct) = (context.Message, context.CancellationToken);
        if (await handOn.Lock(message.FormId, ct) is not { } line || await forms.FindDeletedToo(message.FormId, ct) is not { } form) return;

        var now = await handOn.Now(ct);
        var ids = message.Results.Select(r => r.SubmissionId).ToArray();
        var submissions = await db.Submissions.Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, ct);
        foreach (var result in message.Results)
        {
            if (!submissions.TryGetValue(result.SubmissionId, out var submission) || !submission.Settle(message.BatchId, result, now)) continue;
            metrics.Settled(submission.Status == SubmissionStatus.Captured ? "captured" : "refused");
            if (submission.LeadId is { } lead)
                await context.PublishFor(form.Id, new SubmissionCaptured { SubmissionId = submission.Id, FormId = form.Id, LeadId = lead, WasKnown = submission.WasKnown, ReceivedAt = submission.ReceivedAt, At = now }, ct);
        }
        if (line.Settle(message.BatchId)) await handOn.Next(form, line, now, ct);
    }
}
