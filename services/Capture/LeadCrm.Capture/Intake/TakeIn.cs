using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadCrm.Capture.Data;
using LeadCrm.Capture.Delivery;
using LeadCrm.Capture.Forms;
using LeadCrm.Capture.Submissions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Capture.Intake;

/// <summary>What became of something that somebody sent.</summary>
internal abstract record TakenIn
{
    /// <summary>Stored, now or by the request before; the same receipt either way.</summary>
    internal sealed record Stored(Guid SubmissionId, string Outcome) : TakenIn;

    /// <summary>Too many: nothing was stored.</summary>
    internal sealed record TooMany(string Limit, TimeSpan Wait) : TakenIn;

    /// <summary>The sender's token stands for other values.</summary>
    internal sealed record TokenReused : TakenIn;
}

/// <summary>
/// Stores a submission: once (WL6), within the limits (WL5), with a place in its form's line, in one commit. Needs this service's database and
/// nothing else: no broker, no Leads, no Identity.
/// </summary>
internal sealed class TakeIn(CaptureDb db, HandOn handOn, CaptureKey key, IOptions<CaptureOptions> options, TimeProvider clock)
{
    public async Task<TakenIn> Store(WebForm form, SubmissionBody body, CheckedSubmission submission, IReadOnlyList<string> suspicions, IPAddress? address, CancellationToken ct)
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await Earlier(form, id, body[OwnFields.Token], PayloadOf(submission), ct) is { } earlier) return earlier;
        if (await OverAddressLimit(form, address, ct) is { } wait) return new TakenIn.TooMany("address-limit", wait);

        var line = await handOn.Lock(form.Id, ct) ?? throw new InvalidOperationException($"Form {form.Id} has no line.");
        var now = await handOn.Now(ct);
        if (line.Admit(form.PerFormLimit, now) is { } pause) return new TakenIn.TooMany("form-limit", pause);

        var arrival = new Arrival(body.Raw, Shortened(body.ContentType, 255), address?.ToString(), submission.Ignored, suspicions);
        var received = Submission.Receive(id, form.Id, submission.Values, submission.Consent, arrival, now);
        if (suspicions.Count == 0) received.Enter(line.Enter());
        db.Add(received);
        await db.SaveChangesAsync(ct);
        if (suspicions.Count == 0)
        {
            await handOn.Next(form, line, now, ct);
            await db.SaveChangesAsync(ct);
        }
        await transaction.CommitAsync(ct);
        return new TakenIn.Stored(id, suspicions.Count == 0 ? "waiting" : "quarantined");
    }

    /// <summary>Claims the key, or finds out whose it is. A twin that is at it at this moment is waited for, by the primary key.</summary>
    private async Task<TakenIn?> Earlier(WebForm form, Guid id, string? token, string payload, CancellationToken ct)
    {
        var (once, keep) = token is null ? ("v" + payload, options.Value.SameFor) : ("t" + Hash(token), options.Value.TokenFor);
        var claimed = await db.Database.ExecuteSqlAsync($"""
            insert into receipts as r (form_id, once_key, submission_id, payload, expires_at) values ({form.Id}, {once}, {id}, {payload}, now() + {keep})
            on conflict (form_id, once_key) do update set submission_id = excluded.submission_id, payload = excluded.payload, expires_at = excluded.expires_at
            where r.expires_at <= now()
            """, ct);
        if (claimed == 1) return null;
        var before = await db.Set<Receipt>().AsNoTracking().FirstAsync(r => r.FormId == form.Id && r.OnceKey == once, ct);
        return before.Payload == payload ? new TakenIn.Stored(before.SubmissionId, "repeated") : new TakenIn.TokenReused();
    }

    /// <summary>Counts by the clock, not by the beginning of the transaction: one that waited for another would find a minute that begins in its future.</summary>
    private async Task<TimeSpan?> OverAddressLimit(WebForm form, IPAddress? address, CancellationToken ct)
    {
        var slot = BitConverter.ToUInt16(key.Sign("address " + ClientAddress.Sender(address))) % AddressCount.Slots;
        var counts = await db.Database.SqlQuery<Counted>($"""
            insert into address_counts as c (form_id, slot, minute_from, count) values ({form.Id}, {slot}, clock_timestamp(), 1)
            on conflict (form_id, slot) do update set
                minute_from = case when c.minute_from <= clock_timestamp() - interval '1 minute' then clock_timestamp() else c.minute_from end,
                count = case when c.minute_from <= clock_timestamp() - interval '1 minute' then 1 else c.count + 1 end
            returning count, minute_from + interval '1 minute' - clock_timestamp() as wait
            """).ToListAsync(ct);
        return counts[0].Count > form.PerAddressLimit ? counts[0].Wait : null;   // the attempt above the limit is rolled back, and so not counted
    }

    /// <summary>What two submissions have in common that are the same: e-mail and values, whatever their order and spaces.</summary>
    private static string PayloadOf(CheckedSubmission submission)
    {
        var values = new SortedDictionary<string, string>(submission.Values, StringComparer.Ordinal);
        if (Submission.EmailOf(values) is { } email) values["email"] = email;
        return Hash(JsonSerializer.Serialize(new { values, submission.Consent?.Granted }));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string? Shortened(string? text, int longest) => text is null || text.Length <= longest ? text : text[..longest];

    private sealed record Counted(int Count, TimeSpan Wait);
}
