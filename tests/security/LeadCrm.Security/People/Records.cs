using System.Net.Http.Headers;
using System.Text;

namespace LeadCrm.Security.People;

/// <summary>One person's records, one of each kind, by what goes into addresses.</summary>
public sealed class Records
{
    /// <summary>The smallest picture: a PNG of one pixel, so that there is a thumbnail.</summary>
    private static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> places = new(StringComparer.Ordinal);

    private Records(Person owner, string word) => (Owner, Word) = (owner, word);

    public Person Owner { get; }

    /// <summary>A word that is in every one of them and nowhere else.</summary>
    public string Word { get; }

    /// <summary>The ids of all of them.</summary>
    public IEnumerable<(string Kind, string Id)> Ids => places.Where(p => p.Key is not ("member" or "follow" or "conversion" or "undo")).Select(p => (p.Key, p.Value["id"]));

    public IReadOnlyDictionary<string, string> Places(string kind) => places[kind];

    public string Id(string kind) => places[kind]["id"];

    /// <summary>Made by the administrator, given to the owner, with two conversions of which one is undone unless they are left out.</summary>
    public static async Task<Records> Make(ProbedSystem system, Person administrator, Person owner, bool withConversions = true, string? word = null)
    {
        word ??= Words.New();
        var records = new Records(owner, word);
        var (lower, ownerId) = (word.ToLowerInvariant(), owner.UserId);
        async Task<string> New(string service, string path, object body)
        {
            var answer = await administrator.Ask(service, "POST", path, body);
            // A service that has not heard of the owner yet says so; it will.
            for (var tries = 0; tries < 100 && answer.Status == 422 && answer.Json?["errors"]?["ownerId"] is not null; tries++)
            {
                await Task.Delay(200);
                answer = await administrator.Ask(service, "POST", path, body);
            }
            return answer.MustSucceed($"{path} for {owner.Label}").Id;
        }
        void Add(string kind, string id, params (string Name, string Value)[] more) => records.places[kind] = more.Append((Name: "id", Value: id)).ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);

        var lead = await New("leads", "/api/leads", new { firstName = "Probe", lastName = word, company = $"{word} Works", email = $"{lower}@{lower}.example", phone = "+49 30 " + Words.Digits(word), description = $"About {word}", externalId = "key-" + lower, ownerId });
        Add("lead", lead);
        Add("follow", lead, ("recordType", "lead"), ("recordId", lead));
        var account = await New("accounts", "/api/accounts", new { name = $"{word} Holding", website = $"https://{lower}.example", description = $"About {word}", externalId = "key-" + lower, ownerId });
        Add("account", account);
        var contact = await New("accounts", "/api/contacts", new { firstName = "Probe", lastName = word, email = $"contact@{lower}.example", accountId = account, externalId = "key-" + lower, ownerId });
        Add("contact", contact);
        Add("opportunity", await New("opportunities", "/api/opportunities", new { name = $"{word} deal", accountId = account, amount = 12_345, currency = "EUR", closeDate = "2027-03-31", externalId = "key-" + lower, ownerId }), ("contactId", contact));
        var campaign = await New("campaigns", "/api/campaigns", new { name = $"{word} fair", type = "Trade show", externalId = "key-" + lower, ownerId });
        Add("campaign", campaign);
        await Until.Is("Campaigns knows the lead", async () =>
        {
            var answer = await administrator.Ask("campaigns", "POST", $"/api/campaigns/{campaign}/members", new { leadId = lead });
            if (answer.Status is >= 200 and < 300) Add("member", campaign, ("memberId", answer.Id));
            return answer.Status is >= 200 and < 300;
        });
        Add("activity", await New("activities", "/api/activities", new { kind = "task", subject = $"Call {word}", dueOn = "2027-03-31", externalId = "key-" + lower, ownerId }));
        Add("note", await New("activities", "/api/notes", new { title = $"Note {word}", html = $"<p>{word}</p>" }));
        Add("file", (await administrator.Send(Way.Straight, "activities", "POST", $"/api/files?name={word}.png", null, null, request => request.Content = Bytes(Picture, "application/octet-stream"))).MustSucceed("file").Id);
        var csv = $"Last Name,Company,Email\n{word},{word} Import,import@{lower}.example\n";
        Add("import", (await administrator.Send(Way.Straight, "leads", "POST", $"/api/leads/imports?fileName={word}.csv", null, null, request => request.Content = Bytes(Encoding.UTF8.GetBytes(csv), "text/csv"))).MustSucceed("import").Id);
        // Whoever writes a note, uploads a file or a list owns it: given to somebody whose role might not even let him.
        await Give(system, "activities", "update items set owner_id = $1, created_by = $1 where id = any($2)", ownerId, records.Id("note"), records.Id("file"), records.Id("activity"));
        await Give(system, "leads", "update imports set created_by_id = $1 where id = any($2)", ownerId, records.Id("import"));
        if (withConversions)
        {
            Add("conversion", "", ("conversionId", await Converted(administrator, owner)));
            var undone = await Converted(administrator, owner);
            var undo = await administrator.Send(Way.Straight, "leads", "POST", $"/api/leads/conversions/{undone}/undo", "{}", prepare: request => request.Headers.Add("Prefer", "wait=30"));
            Add("undo", "", ("undoId", (string)undo.MustSucceed("undo").Json!["undoId"]!));
        }
        return records;
    }

    private static ByteArrayContent Bytes(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }

    private static async Task<string> Converted(Person administrator, Person owner)
    {
        var word = Words.New();
        var lead = (await administrator.Ask("leads", "POST", "/api/leads", new { lastName = word, company = $"{word} Works", email = $"{word}@{word}.example".ToLowerInvariant(), ownerId = owner.UserId })).MustSucceed("lead to convert").Id;
        var conversion = (await administrator.Send(Way.Straight, "leads", "POST", $"/api/leads/{lead}/conversions", "{}", prepare: request => request.Headers.Add("Prefer", "wait=30"))).MustSucceed("conversion").Json!;
        var id = (string)conversion["conversionId"]!;
        await Until.Is("the conversion is over", async () => (string?)(await administrator.Ask("leads", "GET", $"/api/leads/conversions/{id}")).Json?["state"] == "completed");
        return id;
    }

    /// <summary>Gives rows to an owner whom the API would not let have them.</summary>
    internal static async Task Give(ProbedSystem system, string service, string sql, Guid owner, params string[] ids)
    {
        await using var connection = await system.Database(service);
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = owner });
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = ids.Select(Guid.Parse).ToArray() });
        if (await command.ExecuteNonQueryAsync() != ids.Length) throw new InvalidOperationException($"Not given: {sql}");
    }
}
