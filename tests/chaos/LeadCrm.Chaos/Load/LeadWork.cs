using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace LeadCrm.Chaos.Load;

/// <summary>
/// Work on leads, one piece at a time for whoever asks for one: a lead is created, edited four times, one edit after the other's answer, and may then be converted. Nothing is
/// sent twice: what gets no answer, or is refused, was not accepted.
/// </summary>
internal sealed class LeadWork(CarefulClient client, Journal journal, Marks marks, CancellationToken ct)
{
    private const int EditsOfALead = 4;
    private readonly ConcurrentQueue<Lead> idle = [];
    private readonly ConcurrentQueue<Lead> edited = [];
    private readonly ConcurrentQueue<Guid> all = [];
    private readonly ConcurrentQueue<string> refusals = [];

    /// <summary>What was answered to what was not accepted.</summary>
    public IReadOnlyCollection<string> Refusals => refusals;

    /// <summary>Edits the lead that has waited the longest, or creates one.</summary>
    public Task<bool> Write() => idle.TryDequeue(out var lead) ? Edit(lead) : Create();

    /// <summary>Converts a lead that is edited for good, or writes until there is one.</summary>
    public Task<bool> ConvertOrWrite() => edited.IsEmpty ? Write() : Convert();

    /// <summary>Asks for the conversion of a lead that is edited for good.</summary>
    public async Task<bool> Convert()
    {
        if (!edited.TryDequeue(out var lead)) return Refused("nothing to convert", null);
        var write = journal.Begin(WriteKind.LeadConverted, $"without opportunity {lead.Word}", lead.Id);
        object[] decisions = [];
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var answer = await Send(HttpMethod.Post, $"/api/leads/{lead.Id}/conversions", new { opportunity = new { mode = "none" }, duplicateDecision = decisions },
                new Dictionary<string, string> { ["Idempotency-Key"] = $"convert {lead.Word} {attempt}" });
            if (answer is { IsSuccess: true })
            {
                write.Acknowledge(answer.Body!["conversionId"]!.GetValue<Guid>());
                return true;
            }
            if (answer?.Body is not JsonObject body || body["candidates"] is not JsonArray { Count: > 0 } candidates) return Refused("conversion", answer, write);
            decisions = [.. candidates.Select(c => new { type = c!["type"]!.GetValue<string>(), id = c["id"]!.GetValue<Guid>(), decision = "createAnyway" })];   // made-up names may be alike
        }
        return Refused("conversion", null, write);
    }

    /// <summary>Reads a lead, or a page of them.</summary>
    public async Task<bool> Read(bool list)
    {
        var one = all.TryDequeue(out var id);
        if (one) all.Enqueue(id);
        var answer = await Send(HttpMethod.Get, list || !one ? "/api/leads?limit=20&sort=-createdAt" : $"/api/leads/{id}", null, new Dictionary<string, string>());
        return answer is { IsSuccess: true } || Refused(list ? "list" : "read", answer);
    }

    private async Task<bool> Create()
    {
        var word = marks.Word();
        var write = journal.Begin(WriteKind.LeadCreated, Marks.Email(word));
        var answer = await Send(HttpMethod.Post, "/api/leads", new { firstName = "Chaos", lastName = word, company = word + " Works", email = write.Mark, source = "Web" },
            new Dictionary<string, string> { ["Idempotency-Key"] = $"create {word}" });
        if (answer is not { IsSuccess: true }) return Refused("create", answer, write);
        write.Acknowledge(answer.Body!["id"]!.GetValue<Guid>());
        all.Enqueue(write.Id!.Value);
        idle.Enqueue(new Lead(write.Id!.Value, word, answer.ETag!, 0));
        return true;
    }

    private async Task<bool> Edit(Lead lead)
    {
        var write = journal.Begin(WriteKind.LeadEdited, $"Head of {lead.Word} {lead.Edits + 1}", lead.Id);
        var answer = await Send(HttpMethod.Patch, $"/api/leads/{lead.Id}", new { title = write.Mark, company = write.Mark }, new Dictionary<string, string> { ["If-Match"] = lead.ETag });
        if (answer is not { IsSuccess: true }) return Refused("edit", answer, write);
        write.Acknowledge();
        var now = lead with { ETag = answer.ETag!, Edits = lead.Edits + 1 };
        (now.Edits < EditsOfALead ? idle : edited).Enqueue(now);
        return true;
    }

    private bool Refused(string what, Answer? answer, Write? write = null)
    {
        refusals.Enqueue($"{what}: {answer?.ToString() ?? "no answer"}");
        if (answer is { Status: >= 400 and < 500 }) write?.Refuse(answer.ToString());   // after anything else it may have happened
        return false;
    }

    /// <summary>The answer, or why there was none, with status 0.</summary>
    private async Task<Answer> Send(HttpMethod method, string path, object? body, Dictionary<string, string> headers)
    {
        try
        {
            return await client.Once(method, path, body, headers, ct);
        }
        catch (Exception broken) when (CarefulClient.IsBroken(broken, ct))
        {
            return new Answer(0, broken.GetBaseException().Message, null);
        }
    }

    private sealed record Lead(Guid Id, string Word, string ETag, int Edits);
}
