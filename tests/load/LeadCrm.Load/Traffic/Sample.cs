using Npgsql;

namespace LeadCrm.Load.Traffic;

/// <summary>Records that requests ask for, picked at random so that not all of them lie in one page.</summary>
internal sealed class Sample
{
    private readonly List<(Guid Id, string Name, string? Country, string? Source, long Version)> leads = [];

    public static async Task<Sample> Take(string leadsDatabase, int count)
    {
        var sample = new Sample();
        await using var connection = new NpgsqlConnection(leadsDatabase);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select id, last_name, country, source, version from leads where deleted_at is null and conversion = 'None' order by md5(id::text) limit $1", connection) { Parameters = { new() { Value = count } }, CommandTimeout = 300 };
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) sample.leads.Add((reader.GetGuid(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetInt64(4)));
        return sample.leads.Count > 0 ? sample : throw new InvalidOperationException("There are no leads: seed the system first.");
    }

    public Guid Lead(int i) => leads[i % leads.Count].Id;

    /// <summary>Each only once, from the far end: those read and changed are others.</summary>
    public Guid LeadToConvert(int i) => leads[^(1 + i % leads.Count)].Id;

    /// <summary>One of a half of the sample (0 or 1), and the version that it has when that half is changed in turn, once in each round: the two halves do not disturb each other.</summary>
    public (Guid Id, long Version) LeadToChange(int half, int i)
    {
        var many = Math.Max(1, leads.Count / 2);
        var (id, _, _, _, version) = leads[(2 * (i % many) + half) % leads.Count];
        return (id, version + i / many);
    }

    public string Source(int i) => leads[i % leads.Count].Source ?? "Web";

    public string Country(int i) => leads[i % leads.Count].Country ?? "US";

    /// <summary>A last name with two letters swapped.</summary>
    public string NameWithTypo(int i)
    {
        var name = leads[i % leads.Count].Name.ToCharArray();
        if (name.Length > 4) (name[2], name[3]) = (name[3], name[2]);
        return new string(name);
    }
}
