using System.Globalization;
using System.Text.Json.Nodes;

namespace LeadCrm.Load.Traffic;

/// <summary>A kind of request, by a function that makes the next one.</summary>
internal sealed class Kind(string name, Func<int, byte[]> make, params int[] right) : ITraffic
{
    private int count;

    public string Name => name;

    public byte[] Next() => make(Interlocked.Increment(ref count));

    public bool IsRight(int status) => Array.IndexOf(right, status) >= 0;
}

/// <summary>The kinds of requests that a day consists of, over what a seeded system holds.</summary>
internal sealed class Kinds(Caller caller, Sample sample)
{
    private readonly string run = Guid.NewGuid().ToString("N")[..8];
    private readonly int numbers = Random.Shared.Next(9_000_000);   // other ones in each run: a number that a lead has already would be no change

    public Kind Read => new("read a lead", i => caller.Get($"/api/leads/{sample.Lead(i)}"), 200);
    public Kind List => new("list 50, filter and sort", i => caller.Get($"/api/leads?limit=50&country={sample.Country(i)}&sort=-score"), 200);
    public Kind ListMine => new("list 50 of mine", _ => caller.Get("/api/leads?limit=50&view=myOpen"), 200);
    public Kind ListWithCount => new("list 50 with count", i => caller.Get($"/api/leads?limit=50&country={sample.Country(i)}&count=true"), 200);
    public Kind ExactCount => new("exact count by country and source", i => caller.Get($"/api/leads?limit=1&country={sample.Country(i)}&source={Uri.EscapeDataString(sample.Source(i))}&count=exact"), 200);
    public Kind SearchLeads => new("search leads, a typo", i => caller.Get($"/api/leads/search?q={Uri.EscapeDataString(sample.NameWithTypo(i))}"), 200);
    public Kind SearchAll => new("search everything, a typo", i => caller.Get($"/api/search?q={Uri.EscapeDataString(sample.NameWithTypo(i))}"), 200);

    public Kind Create => new("create a lead", i => caller.Post("/api/leads", new JsonObject
    {
        ["firstName"] = "Load", ["lastName"] = $"Lead {run} {i}", ["company"] = $"Company {run} {i}", ["email"] = $"lead{i}@{run}.example", ["source"] = "Web", ["country"] = "DE",
    }, $"Idempotency-Key: {run}-{i}"), 201);

    /// <summary>Of a field that no other service keeps a copy of.</summary>
    public Kind ChangeTitle => Change("change a lead's title", 0, i => new JsonObject { ["title"] = $"Title {run} {i}" });

    /// <summary>Of a field that other services are told.</summary>
    public Kind ChangePhone => Change("change a lead's phone number", 1, i => new JsonObject { ["phone"] = string.Create(CultureInfo.InvariantCulture, $"+4930{1_000_000 + (numbers + i) % 9_000_000}") });

    public Kind Convert => new("convert a lead", i => caller.Post($"/api/leads/{sample.LeadToConvert(i)}/conversions",
        new JsonObject { ["account"] = new JsonObject { ["mode"] = "create" } }, "Prefer: wait=30", $"Idempotency-Key: {run}-c{i}"), 200);

    /// <summary>Converts leads that were made for it, each once.</summary>
    public Kind ConvertAnyOf(IReadOnlyList<Guid> leads) => new("convert a lead, waited for", i => caller.Post($"/api/leads/{leads[i % leads.Count]}/conversions",
        new JsonObject(), "Prefer: wait=30", $"Idempotency-Key: {leads[i % leads.Count]}"), 200);

    private Kind Change(string name, int half, Func<int, JsonObject> patch) => new(name, i =>
    {
        var (id, version) = sample.LeadToChange(half, i);
        return caller.Patch($"/api/leads/{id}", patch(i), $"If-Match: \"{version}\"");
    }, 200);
}
