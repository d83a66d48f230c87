using System.Text.Json.Nodes;

namespace LeadCrm.Security.People;

/// <summary>
/// Who tries: two teams of their own with people of every role, made by the administrator, and two API clients. Names are new with each run,
/// so that a system can be probed again.
/// </summary>
public sealed class Cast : IDisposable
{
    private const string Password = "purple-kettle-91-boat";
    public const string North = "North";
    public const string South = "South";

    private readonly ProbedSystem system;
    private readonly IReadOnlyDictionary<string, IReadOnlySet<string>> roles;
    private readonly Dictionary<string, Guid> teams = new(StringComparer.Ordinal);
    private readonly List<Person> made = [];

    private Cast(ProbedSystem system, IReadOnlyDictionary<string, IReadOnlySet<string>> roles, Person administrator) => (this.system, this.roles, Administrator) = (system, roles, administrator);

    /// <summary>The first administrator, who sets things up; not one of those who try.</summary>
    public Person Administrator { get; }

    /// <summary>Those who try, in the order of the tables.</summary>
    public IReadOnlyList<Person> All { get; private set; } = [];

    /// <summary>Owns a record that counts as a colleague's for whoever is in the North.</summary>
    public Person Colleague { get; private set; } = null!;

    /// <summary>Owns a record of another team for whoever is in the North, a colleague's for whoever is in the South.</summary>
    public Person OfOtherTeam { get; private set; } = null!;

    public Person this[string label] => All.Single(person => person.Label == label);

    public static async Task<Cast> Make(ProbedSystem system, IReadOnlyDictionary<string, IReadOnlySet<string>> roles)
    {
        var administrator = await Person.SignIn(system, "first administrator", await IdOf(system, "admin@leadcrm.local"), "admin@leadcrm.local", system.AdministratorPassword, "Administrator", roles["Administrator"]);
        var cast = new Cast(system, roles, administrator);
        var run = Guid.NewGuid().ToString("N")[..6];
        foreach (var team in (string[])[North, South]) cast.teams[team] = Guid.Parse((await administrator.Ask("identity", "POST", "/api/teams", new { name = $"{team} {run}" })).MustSucceed("team").Id);

        cast.Colleague = await cast.New("colleague", "Sales Rep", North);
        cast.OfOtherTeam = await cast.New("of the other team", "Sales Rep", South);
        var manager = await cast.New("manager", "Sales Manager", North, leads: [North]);
        var north = await administrator.Ask("identity", "GET", $"/api/teams/{cast.teams[North]}");
        (await administrator.Ask("identity", "PATCH", $"/api/teams/{cast.teams[North]}", new { managerId = manager.UserId }, north.Header("ETag"))).MustSucceed("manager");
        var robot = await cast.New("import user", "Integration", null);
        var narrow = await cast.New("import user of the client without scope", "Integration", null);
        cast.All =
        [
            await cast.New("read only", "Read Only", North),
            await cast.New("rep", "Sales Rep", North),
            await cast.New("other rep", "Sales Rep", South),
            manager,
            await cast.New("marketing", "Marketing", null),
            await cast.New("administrator", "Administrator", null),
            await cast.NewClient("client with scope", robot, roles["Integration"]),
            await cast.NewClient("client without scope", narrow, new HashSet<string>(["leads.read"], StringComparer.Ordinal)),
        ];
        return cast;
    }

    /// <summary>Somebody new with a role, signed in.</summary>
    public async Task<Person> New(string label, string role, string? team, IReadOnlyList<string>? leads = null)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var user = (await Administrator.Ask("identity", "POST", "/api/users", new { name = $"Probe {label}", email, roles = new[] { role }, teamId = team is null ? (Guid?)null : teams[team] })).MustSucceed(label);
        (await Administrator.Ask("identity", "POST", $"/api/users/{user.Id}/password", new { password = Password })).MustSucceed(label);
        var person = await Person.SignIn(system, label, Guid.Parse(user.Id), email, Password, role, roles[role], team, leads);
        lock (made) made.Add(person);
        return person;
    }

    /// <summary>Somebody else in the same place, for what ends all of one's sessions.</summary>
    public Task<Person> Twin(Person person) => New(person.Label, person.Role, person.Team);

    public async Task<Person> NewClient(string label, Person actsAs, IReadOnlySet<string> scopes)
    {
        var answer = (await Administrator.Ask("identity", "POST", "/api/clients", new { name = $"Probe {label}", userId = actsAs.UserId, scopes })).MustSucceed(label).Json!;
        var client = await Person.Client(system, label, actsAs.UserId, (string)answer["clientId"]!, (string)answer["clientSecret"]!, scopes);
        lock (made) made.Add(client);
        return client;
    }

    /// <summary>What everybody may do with everybody's records of every kind; done when every service goes by it (<paramref name="isSo"/>).</summary>
    public async Task Share(string step, Func<Task<bool>> isSo)
    {
        for (var attempt = 0; ; attempt++)
        {
            var now = await Administrator.Ask("identity", "GET", "/api/organisation");
            var settings = now.Json!.AsObject();
            var body = new JsonObject();
            foreach (var name in (string[])["name", "timeZone", "currency", "firstFiscalMonth"]) body[name] = settings[name]!.DeepClone();
            body["sharing"] = new JsonObject(settings["sharing"]!.AsObject().Select(kind => KeyValuePair.Create(kind.Key, (JsonNode?)step)));
            var answer = await Administrator.Ask("identity", "PUT", "/api/organisation", body, now.Header("ETag"));
            if (answer.Status == 412 && attempt < 3) continue;
            answer.MustSucceed("sharing");
            break;
        }
        await Until.Is($"everybody goes by the sharing '{step}'", isSo);
    }

    /// <summary>The sharing as it was, to be put back.</summary>
    public async Task<JsonObject> Sharing() => (await Administrator.Ask("identity", "GET", "/api/organisation")).Json!.AsObject();

    public async Task PutBack(JsonObject before)
    {
        var now = await Administrator.Ask("identity", "GET", "/api/organisation");
        var body = new JsonObject();
        foreach (var name in (string[])["name", "timeZone", "currency", "firstFiscalMonth", "sharing"]) body[name] = before[name]!.DeepClone();
        (await Administrator.Ask("identity", "PUT", "/api/organisation", body, now.Header("ETag"))).MustSucceed("sharing as it was");
    }

    public void Dispose()
    {
        foreach (var person in made) person.Dispose();
        Administrator.Dispose();
    }

    private static async Task<Guid> IdOf(ProbedSystem system, string email)
    {
        await using var connection = await system.Database("identity");
        await using var command = new Npgsql.NpgsqlCommand("select id from users where email = $1", connection);
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = email });
        return (Guid)(await command.ExecuteScalarAsync())!;
    }
}
