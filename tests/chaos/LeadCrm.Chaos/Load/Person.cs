using System.Text.Json.Nodes;

namespace LeadCrm.Chaos.Load;

/// <summary>Somebody who works with leads: creates one, edits it, logs a call, has it put into the campaign, converts every second one.</summary>
internal sealed class Person(CarefulClient client, CarefulClient marketing, Journal journal, Marks marks, Guid campaign)
{
    private const int EditsOfALead = 2;
    private static readonly TimeSpan BetweenLeads = TimeSpan.FromMilliseconds(400);

    /// <summary>Goes on until enough; what is under way then is brought to its end, unless <paramref name="ct"/> says that nobody waits any longer.</summary>
    public async Task Work(CancellationToken enough, CancellationToken ct)
    {
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            if (await Create(ct) is { } lead)
            {
                for (var edit = 1; edit <= EditsOfALead; edit++) await Edit(lead.Id, $"Head of {lead.Word} {edit}", ct);
                await OnceKnown(client, WriteKind.CallLogged, $"Call with {lead.Word}", lead.Id, mark => new { text = mark, recordType = "lead", recordId = lead.Id }, "/api/activities/calls", ct);
                await OnceKnown(marketing, WriteKind.MemberAdded, $"Member {lead.Word}", lead.Id, _ => new { leadId = lead.Id }, $"/api/campaigns/{campaign}/members", ct);
                if (number % 2 == 0) await Convert(lead.Id, lead.Word, withOpportunity: number % 4 == 0, ct);
            }
            await Task.Delay(BetweenLeads, ct);
        }
    }

    private async Task<(Guid Id, string Word)?> Create(CancellationToken ct)
    {
        var word = marks.Word();
        var write = journal.Begin(WriteKind.LeadCreated, Marks.Email(word));
        var answer = await client.Post(journal, "/api/leads", new { firstName = "Chaos", lastName = word, company = word + " Works", email = write.Mark, source = "Web" }, $"create {word}", ct);
        if (!answer.IsSuccess)
        {
            write.Refuse(answer.ToString());
            return null;
        }
        write.Acknowledge(answer.Body!["id"]!.GetValue<Guid>());
        return (write.Id!.Value, word);
    }

    /// <summary>Of a title, by which the auditor finds it, and of a company, so that every service hears of it. A change has no key: who gets no answer looks whether it is there, and sends it again with the version seen last when it is not.</summary>
    private async Task Edit(Guid lead, string title, CancellationToken ct)
    {
        var write = journal.Begin(WriteKind.LeadEdited, title, lead);
        while (true)
        {
            var now = await client.Get(journal, $"/api/leads/{lead}", ct);
            if (now.Body?["title"]?.GetValue<string>() == title)
            {
                write.Acknowledge();
                return;
            }
            var answer = await client.Try(journal, HttpMethod.Patch, $"/api/leads/{lead}", new { title, company = title }, new Dictionary<string, string> { ["If-Match"] = now.ETag ?? "" }, ct);
            switch (answer)
            {
                case { IsSuccess: true }:
                    write.Acknowledge();
                    return;
                case null:
                    await Task.Delay(300, ct);   // between the attempts of a client that waits for a server to come back
                    break;
                case { Status: 412 }:
                    break;   // an attempt that got no answer has come through meanwhile
                default:
                    write.Refuse(answer.ToString());
                    return;
            }
        }
    }

    /// <summary>Other services hear of a new lead a moment later and refuse what hangs on it until then: a definite no, after which a new key is a new attempt.</summary>
    private async Task OnceKnown(CarefulClient by, WriteKind kind, string mark, Guid lead, Func<string, object> body, string path, CancellationToken ct)
    {
        var write = journal.Begin(kind, mark, lead);
        for (var attempt = 0; ; attempt++)
        {
            var answer = await by.Post(journal, path, body(mark), $"{mark} {attempt}", ct);
            if (answer.IsSuccess)
            {
                write.Acknowledge(answer.Body!["id"]!.GetValue<Guid>());
                return;
            }
            if (answer.Status is not (404 or 422))
            {
                write.Refuse(answer.ToString());
                return;
            }
            await Task.Delay(300, ct);
        }
    }

    private async Task Convert(Guid lead, string word, bool withOpportunity, CancellationToken ct)
    {
        var write = journal.Begin(WriteKind.LeadConverted, (withOpportunity ? "with opportunity " : "without opportunity ") + word, lead);
        object[] decisions = [];
        for (var attempt = 0; ; attempt++)
        {
            var request = new { opportunity = new { mode = withOpportunity ? "create" : "none" }, duplicateDecision = decisions };
            var answer = await client.Post(journal, $"/api/leads/{lead}/conversions", request, $"convert {word} {attempt}", ct);
            if (answer.IsSuccess)
            {
                write.Acknowledge(answer.Body!["conversionId"]!.GetValue<Guid>());
                return;
            }
            if (answer.Body is not JsonObject body || body["candidates"] is not JsonArray { Count: > 0 } candidates)
            {
                write.Refuse(answer.ToString());
                return;
            }
            // Made-up names may be alike: it is somebody else all the same.
            decisions = [.. candidates.Select(c => new { type = c!["type"]!.GetValue<string>(), id = c["id"]!.GetValue<Guid>(), decision = "createAnyway" })];
        }
    }
}
