using System.Diagnostics;
using Npgsql;

namespace LeadCrm.Load.Seeding;

/// <summary>What records of different services have in common: who owns them, and whom they are about.</summary>
internal sealed class Organisation
{
    private static readonly TimeSpan MostWaited = TimeSpan.FromMinutes(2);

    internal readonly record struct Person(Guid Id, Guid Owner, DateTimeOffset CreatedAt, string Name, int Account)
    {
        /// <summary>Legal form of a company, which depends on where it is.</summary>
        public string? Form { get; init; }

        public string FullName => Form is null ? Name : $"{Name} {Form}";
    }

    public required Func<string, string> Database { get; init; }
    public required IReadOnlyList<Guid> Owners { get; init; }
    public required DateTimeOffset Now { get; init; }
    public Person[] Accounts { get; private set; } = [];
    public Person[] Contacts { get; private set; } = [];
    public Person[] Leads { get; private set; } = [];
    public Person[] Opportunities { get; private set; } = [];
    public Person[] Campaigns { get; private set; } = [];

    /// <summary>Leads that were turned down, and when they are to be looked at again: each has a task for that.</summary>
    public List<(Person Lead, DateOnly Day)> FollowUps { get; } = [];

    /// <summary>Ids, owners and names of everything; the same size gives the same records.</summary>
    public void Invent(Size size)
    {
        var people = new People(size.Leads);
        Person New(string name, int account)
        {
            var at = people.Within(Now, 700);
            return new Person(people.Id(at), people.Any(Owners), at, name, account);
        }
        Accounts = [.. Enumerable.Range(0, size.Accounts).Select(i => New(people.Company(i), i))];
        Contacts = [.. Enumerable.Range(0, size.Contacts).Select(i => New($"{people.FirstName()} {people.LastName()}", people.Next(size.Accounts)))];
        Leads = [.. Enumerable.Range(0, size.Leads).Select(i => New($"{people.FirstName()} {people.LastName()}", people.In(12) ? people.Next(size.Accounts) : size.Accounts + people.Next(size.Leads)))];
        Opportunities = [.. Enumerable.Range(0, size.Opportunities).Select(i => { var account = people.Next(size.Accounts); return New(Accounts[account].Name, account); })];
        Campaigns = [.. Enumerable.Range(0, size.Campaigns).Select(i => New($"{people.Any(People.Sources)} {people.Any(People.Industries)} {i + 1}", 0))];
    }

    /// <summary>Users who may own records, as the Leads service knows them: a system that has just started may still be telling it.</summary>
    public static async Task<IReadOnlyList<Guid>> ReadOwners(string leads)
    {
        await using var connection = new NpgsqlConnection(leads);
        await connection.OpenAsync();
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(TimeSpan.FromMilliseconds(500)))
        {
            await using var command = new NpgsqlCommand("select id from platform.directory_users where is_active and roles && array['Sales Rep', 'Sales Manager'] order by id", connection);
            await using var reader = await command.ExecuteReaderAsync();
            var owners = new List<Guid>();
            while (await reader.ReadAsync()) owners.Add(reader.GetGuid(0));
            if (owners.Count > 0) return owners;
            if (waited.Elapsed > MostWaited)
                throw new InvalidOperationException($"Within {MostWaited.TotalSeconds:0} seconds there were no sales people to own records: start the system with its sample users.");
        }
    }
}
