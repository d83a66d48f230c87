using System.Text.Json.Nodes;

namespace LeadCrm.Chaos.Load;

/// <summary>Everybody who writes while processes die: people who work with leads, visitors of a form, somebody who imports.</summary>
internal sealed class Crowd : IDisposable
{
    private readonly List<CarefulClient> clients = [];
    private readonly CancellationTokenSource enough = new();
    private readonly CancellationTokenSource giveUp = new();
    private Task[] work = [];

    public Journal Journal { get; } = new();

    /// <summary>The campaign that the form and the people put leads into.</summary>
    public Guid Campaign { get; private set; }

    public async Task Start(DisturbedSystem system, CrowdSize size, CancellationToken ct)
    {
        var marks = new Marks();
        var admin = await SignIn(system, "admin@leadcrm.local");
        var campaign = await MustPost(admin, "/api/campaigns", new { name = "Chaos" }, ct);
        Campaign = campaign["id"]!.GetValue<Guid>();
        var form = await MustPost(admin, "/api/capture/forms", new
        {
            name = "Chaos", source = "Web", minimumSeconds = 0, perAddressLimit = 100_000, campaignId = Campaign, memberStatusId = campaign["memberStatuses"]!.AsArray()[0]!["id"]!.GetValue<Guid>(),
            fields = new object[] { new { name = "lastName", required = true }, new { name = "company" }, new { name = "email" } },
        }, ct);

        var visitor = CarefulClient.Anonymous(system.Gateway);
        clients.Add(visitor);
        var rep = await SignIn(system, "rita.rep@example.com");
        work =
        [
            .. Enumerable.Range(0, size.People).Select(i => Start(() => new Person(i % 2 == 0 ? rep : admin, admin, Journal, marks, Campaign).Work(enough.Token, giveUp.Token))),
            .. Enumerable.Range(0, size.Visitors).Select(_ => Start(() => new Visitor(visitor, Journal, marks, form["key"]!.GetValue<string>()).Send(enough.Token, giveUp.Token))),
            .. Enumerable.Range(0, size.Importers).Select(_ => Start(() => new Importer(admin, Journal, marks).Work(enough.Token, giveUp.Token))),
        ];
    }

    /// <summary>Lets everybody finish what they are at; who is not done after <paramref name="patience"/> gives up and has been told nothing.</summary>
    public async Task Stop(TimeSpan patience)
    {
        await enough.CancelAsync();
        giveUp.CancelAfter(patience);
        await Task.WhenAll(work);
    }

    public void Dispose()
    {
        foreach (var client in clients) client.Dispose();
        enough.Dispose();
        giveUp.Dispose();
    }

    private async Task Start(Func<Task> person)
    {
        try
        {
            await Task.Run(person);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            // Its last write got no answer; the journal says so.
        }
    }

    private async Task<CarefulClient> SignIn(DisturbedSystem system, string email)
    {
        var client = await system.SignIn(email);
        clients.Add(client);
        return client;
    }

    private async Task<JsonNode> MustPost(CarefulClient client, string path, object body, CancellationToken ct)
    {
        var answer = await client.Post(Journal, path, body, $"set up {path}", ct);
        return answer.IsSuccess ? answer.Body! : throw new InvalidOperationException($"POST {path}: {answer}");
    }
}

/// <summary>How many write at the same time.</summary>
internal sealed record CrowdSize(int People, int Visitors, int Importers);
