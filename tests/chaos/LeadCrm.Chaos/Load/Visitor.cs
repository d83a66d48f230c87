namespace LeadCrm.Chaos.Load;

/// <summary>A page that sends what the public types into a form, each with a token of its own, until it is taken.</summary>
internal sealed class Visitor(CarefulClient client, Journal journal, Marks marks, string formKey)
{
    private static readonly TimeSpan BetweenForms = TimeSpan.FromMilliseconds(700);

    public async Task Send(CancellationToken enough, CancellationToken ct)
    {
        while (!enough.IsCancellationRequested)
        {
            var word = marks.Word();
            var write = journal.Begin(WriteKind.FormSent, Marks.Email(word));
            var values = new Dictionary<string, string> { ["lastName"] = word, ["company"] = word + " Works", ["email"] = write.Mark, ["_once"] = word };
            var answer = await client.Insist(journal, HttpMethod.Post, $"/forms/{formKey}", values, new Dictionary<string, string> { ["Accept"] = "application/json" }, ct);
            if (answer.Status == 202) write.Acknowledge(answer.Body!["receiptId"]!.GetValue<Guid>());
            else write.Refuse(answer.ToString());
            await Task.Delay(BetweenForms, ct);
        }
    }
}
