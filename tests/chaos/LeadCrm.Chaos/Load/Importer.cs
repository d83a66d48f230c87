using System.Text;

namespace LeadCrm.Chaos.Load;

/// <summary>Somebody who imports one small file after the other. A file whose upload got no answer is uploaded again: it imports nothing until it is started.</summary>
internal sealed class Importer(CarefulClient client, Journal journal, Marks marks)
{
    private const int Rows = 60;
    private static readonly TimeSpan BetweenFiles = TimeSpan.FromSeconds(3);

    public async Task Work(CancellationToken enough, CancellationToken ct)
    {
        while (!enough.IsCancellationRequested)
        {
            await Import(ct);
            await Task.Delay(BetweenFiles, ct);
        }
    }

    private async Task Import(CancellationToken ct)
    {
        var file = new StringBuilder("First Name,Last Name,Company,Email\r\n");
        List<Write> rows = [];
        for (var i = 0; i < Rows; i++)
        {
            var word = marks.Word();
            rows.Add(journal.Begin(WriteKind.RowImported, Marks.Email(word)));
            file.Append($"Imported,{word},{word} Works,{rows[i].Mark}\r\n");
        }

        var upload = await client.Insist(journal, HttpMethod.Post, "/api/leads/imports?fileName=chaos.csv", Encoding.UTF8.GetBytes(file.ToString()), new Dictionary<string, string>(), ct);
        var id = upload.IsSuccess ? upload.Body!["id"]!.GetValue<Guid>() : Guid.Empty;
        var started = upload.IsSuccess ? await client.Post(journal, $"/api/leads/imports/{id}/start", new { }, $"start {id}", ct) : upload;
        foreach (var row in rows)
        {
            if (started.IsSuccess) row.Acknowledge(id);
            else row.Refuse(started.ToString());
        }
    }
}
