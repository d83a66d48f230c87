using System.Diagnostics;
using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>What visibility costs a list: 12,000 leads of 100 users, of whom a manager sees ten.</summary>
public sealed class AccessCostTests(OwnLeadsApp app) : IClassFixture<OwnLeadsApp>
{
    private const int Owners = 100;

    [Fact]
    public async Task PM2_a_list_of_what_ten_owners_have_reads_through_an_index()
    {
        var manager = TestUser.NewRep("Mia Manager");
        var team = Enumerable.Range(0, 9).Select(i => TestUser.NewRep($"Rep {i}")).ToArray();
        await app.Team(null, manager, team);
        await app.Share("lead", "private");
        Guid[] visible = [manager.Id, .. team.Select(user => user.Id)];
        Guid[] owners = [.. visible, .. Enumerable.Range(0, Owners - visible.Length).Select(_ => Guid.CreateVersion7())];
        await app.Database.Execute(
            """
            with status as (select id from lead_statuses where is_default limit 1), made as (
                insert into leads (id, version, last_name, company, email, status_id, status_since, owner_id, assigned_at, created_at, updated_at, do_not_call, email_opt_out, conversion)
                select gen_random_uuid(), 1, 'Name ' || i, 'Company ' || i % 5000, 'p' || i || '@example.com', status.id, now(), ($1::uuid[])[1 + i % $2], now(),
                       now() - i * interval '1 second', now(), false, false, 'None'
                from generate_series(1, 12000) as i, status returning id)
            insert into lead_signals (lead_id, unread) select id, true from made
            """, owners, Owners);
        await app.Database.Execute("analyze leads");

        var client = app.As(manager);
        var figures = new List<string>();
        foreach (var query in new[] { "", "?sort=lastName", "?count=true", "?q=company 77", "?statusCategory=open&sort=-createdAt" })
        {
            await client.Get("/api/leads" + query);
            var times = new List<double>();
            for (var i = 0; i < 9; i++)
            {
                var watch = Stopwatch.StartNew();
                var page = (await client.Get("/api/leads" + query)).ShouldBe(HttpStatusCode.OK);
                times.Add(watch.Elapsed.TotalMilliseconds);
                page.Body!["items"]!.AsArray().ShouldAllBe(item => visible.Contains(item!["ownerId"]!.GetValue<Guid>()));
            }
            figures.Add($"{(query.Length == 0 ? "first page" : query)}: {times.Order().ElementAt(4):0.0} ms");
        }
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join("; ", figures));

        var plan = await Plan("select l.id from leads l join lead_statuses s on s.id = l.status_id where l.deleted_at is null and l.owner_id = any($1) and l.converted_at is null order by l.created_at desc, l.id desc limit 51", visible);
        TestContext.Current.TestOutputHelper?.WriteLine(plan);
        plan.ShouldContain("Index");
        plan.ShouldNotContain("Seq Scan on leads");
    }

    private async Task<string> Plan(string sql, Guid[] owners)
    {
        await using var command = app.Database.DataSource.CreateCommand("explain (analyze) " + sql);
        command.Parameters.Add(new() { Value = owners });
        List<string> lines = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }
}
