using System.Net;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Lists by score walk along an index of the signals, which says of a lead what most lists are narrowed by.</summary>
public sealed class ListByScoreTests(ListByScoreTests.FilledApp app) : IClassFixture<ListByScoreTests.FilledApp>
{
    private readonly HttpClient admin = app.As(TestUser.Admin);

    [Fact]
    public async Task A_list_by_score_is_narrowed_by_what_its_leads_are_now()
    {
        var company = $"Score {Guid.NewGuid():N}";
        var rep = app.As(TestUser.Rep);
        var lead = await rep.CreateLead(new { lastName = "Moves", company, country = "DE", source = "Web", score = 80 });
        await rep.CreateLead(new { lastName = "Stays", company, country = "FR", source = "Web", score = 90 });
        (await Names("country=DE")).ShouldBe(["Moves"]);
        (await Names("source=Web")).ShouldBe(["Stays", "Moves"]);

        var patched = (await rep.Patch($"/api/leads/{lead.Id}", new { country = "FR", source = "Referral" }, lead.ETag)).ShouldBe(HttpStatusCode.OK);
        (await Names("country=DE")).ShouldBeEmpty();
        (await Names("country[in]=FR,IT")).ShouldBe(["Stays", "Moves"]);
        (await Names("source=Referral")).ShouldBe(["Moves"]);

        var moved = (await rep.Post($"/api/leads/{lead.Id}/status", new { status = "Working" }, patched.ETag)).ShouldBe(HttpStatusCode.OK);
        (await Names($"statusId={moved["statusId"]}")).ShouldBe(["Moves"]);
        (await admin.Post($"/api/leads/{lead.Id}/owner", new { ownerId = TestUser.OtherRep.Id }, moved.ETag)).ShouldBe(HttpStatusCode.OK);
        (await Names($"ownerId={TestUser.OtherRep.Id}")).ShouldBe(["Moves"]);
        (await Names($"ownerId={TestUser.Rep.Id}")).ShouldBe(["Stays"]);

        async Task<string[]> Names(string filter) =>
            [.. (await admin.Get($"/api/leads?company={company}&sort=-score&{filter}")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().Select(item => item!["lastName"]!.ToString())];
    }

    [Fact]
    public async Task Imported_leads_are_in_lists_by_score()
    {
        var company = $"Score {Guid.NewGuid():N}";
        (await admin.Import($"lastName,company,country,score\nBest,{company},IS,90\nGood,{company},IS,70\nAbroad,{company},DE,80\n")).ShouldSatisfyAllConditions(done => done["rowsCreated"].ShouldBe("3"));

        var page = (await admin.Get($"/api/leads?company={company}&country=IS&sort=-score")).ShouldBe(HttpStatusCode.OK);

        page.Body!["items"]!.AsArray().Select(item => item!["lastName"]!.ToString()).ShouldBe(["Best", "Good"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("?country=IS&sort=-score")]
    [InlineData("?source=Rare&sort=-score")]
    [InlineData("?country=IS")]
    public async Task A_list_passes_by_what_it_does_not_show_within_its_index(string list)
    {
        const int Requests = 20;
        await admin.Get("/api/leads" + list);
        var before = await Read();

        for (var i = 0; i < Requests; i++)
            (await admin.Get("/api/leads" + list)).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().Count.ShouldBe(50);

        // The server counts what it read some time later.
        await Eventually.Is(async () => await Read() - before >= 51 * Requests, "the reads are counted");
        (await Read() - before).ShouldBeLessThan(3 * 51 * Requests, "a walk past all others would read a hundred for each");
    }

    /// <summary>Entries that were taken from indexes, as far as the server has counted; not by the leads' keys, along which others go as well.</summary>
    private Task<long> Read() => app.Database.Scalar<long>("select sum(idx_tup_read)::bigint from pg_stat_user_indexes where relname in ('leads', 'lead_signals') and indexrelname like 'ix_%'");

    /// <summary>A service with 12,000 leads, of which one in a hundred is from Iceland and of a rare source.</summary>
    public sealed class FilledApp : LeadsApp
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await Database.Execute(
                """
                insert into leads (id, version, last_name, company, country, source, status_id, status_since, owner_id, assigned_at, created_at, updated_at, do_not_call, email_opt_out, conversion)
                select gen_random_uuid(), 1, 'Name ' || i, 'Company ' || i % 5000, case when i % 100 = 0 then 'IS' else 'DE' end, case when i % 100 = 0 then 'Rare' else 'Web' end,
                       (select id from lead_statuses where is_default), now(), $1, now(), now() - i * interval '1 second', now(), false, false, 'None'
                from generate_series(1, 12000) as i
                """, TestUser.Rep.Id);
            await Database.Execute("insert into lead_signals (lead_id, unread, score) select id, true, 1 + (random() * 99)::int from leads");
            await Database.Execute("analyze leads");
            await Database.Execute("analyze lead_signals");
        }
    }
}
