using System.Net;
using System.Text.Json.Nodes;
using LeadCrm.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>The search of leads (LD8) among 20,000 others.</summary>
public sealed class SearchTests(SearchTests.FilledApp app, ITestOutputHelper output) : IClassFixture<SearchTests.FilledApp>
{
    private readonly HttpClient rep = app.As(TestUser.Rep);

    [Theory]
    [InlineData("Katzenstein", "last name")]
    [InlineData("katzen", "the beginning of a name")]
    [InlineData("Katzenstien", "a typing error in a name")]
    [InlineData("Philomena Katzenstein", "first and last name")]
    [InlineData("Quillfeather", "a word of the company")]
    [InlineData("Quilfeather", "a typing error in the company")]
    [InlineData("philomena@quill", "the beginning of the e-mail")]
    [InlineData("(020) 7946-0987", "the phone as people write it")]
    [InlineData("7946 0987", "the end of the phone")]
    [InlineData("Nockerl", "a word of the description")]
    public async Task LD8_a_lead_is_found_by(string text, string why) =>
        (await Search(text)).First()["title"]!.ToString().ShouldBe("Philomena Katzenstein", why);

    [Fact]
    public async Task LD8_what_is_exact_comes_before_what_begins_so_and_that_before_what_only_looks_like_it()
    {
        var hits = await Search("Brandt", 3);
        hits.Select(h => h["title"]!.ToString()).ShouldBe(["Otto Brandt", "Eva Brandtner", "Max Bradt"]);
        hits.Select(h => h["score"]!.GetValue<double>()).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task LD8_a_hit_says_what_it_is_and_whose()
    {
        var hit = (await Search("Katzenstein")).First();
        hit.ShouldSatisfyAllConditions(
            h => h["type"]!.ToString().ShouldBe("lead"), h => h["subtitle"]!.ToString().ShouldBe("Quillfeather Ltd · philomena@quillfeather.example"),
            h => h["ownerId"]!.ToString().ShouldBe(TestUser.Rep.Id.ToString()), h => h["id"].ShouldNotBeNull());
    }

    [Fact]
    public async Task C25_converted_leads_are_found_only_by_who_may_see_them()
    {
        (await Search("Converta")).ShouldBeEmpty();
        (await Search("Converta", client: app.As(TestUser.Admin))).Single()["title"]!.ToString().ShouldBe("Converta Gone");
    }

    [Fact]
    public async Task LD8_a_typing_error_finds_names_that_were_written_changed_or_imported_since()
    {
        var lead = await rep.CreateLead(new { firstName = "Ned", lastName = "Quzzlewick", company = "Since" });
        (await Search("Quzzlewikc")).Single()["title"]!.ToString().ShouldBe("Ned Quzzlewick");
        (await Search("Ned Quzzlewikc")).Single()["title"]!.ToString().ShouldBe("Ned Quzzlewick");

        (await rep.Patch($"/api/leads/{lead.Id}", new { lastName = "Zimbrowsky", company = "O'Hollarann & Söhne" }, lead.ETag)).ShouldBe(HttpStatusCode.OK);
        (await Search("Zimbrwosky")).Single()["title"]!.ToString().ShouldBe("Ned Zimbrowsky");
        (await Search("O'Holarann")).First()["title"]!.ToString().ShouldBe("Ned Zimbrowsky");

        await app.As(TestUser.Admin).Import("lastName,company\nPloverhagen,Since\nPloverhagen,Since too\n");
        (await Search("Ploverhagne")).Count.ShouldBe(2);
        (await app.Database.Scalar<long>("select count(*) from lead_words where word = 'ploverhagen'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("Vxeiy", "two letters swapped"), InlineData("Vexy", "one left out"), InlineData("Vexxiy", "one twice"), InlineData("Vekiy", "one wrong"), InlineData("exiy", "the first left out")]
    public async Task LD8_a_short_name_is_found_though_a_slip_spoils_most_of_its_trigrams(string typed, string why) =>
        (await Search(typed)).ShouldContain(hit => hit["title"]!.ToString() == "Ilse Vexiy", why);

    [Fact]
    public async Task LD8_a_typing_error_in_an_e_mail_address_is_found_where_no_name_looks_like_it() =>
        (await Search("philomena@quilfeather.exmaple")).First()["title"]!.ToString().ShouldBe("Philomena Katzenstein");

    [Fact]
    public async Task LD8_deleted_leads_are_not_found() => (await Search("Recyclina")).ShouldBeEmpty();

    [Theory, InlineData("%_\\ & | ! :* \"'"), InlineData("' or 1=1 --"), InlineData("((("), InlineData("a")]
    public async Task LD8_search_survives(string text) => (await rep.Get($"/api/leads/search?q={Uri.EscapeDataString(text)}")).ShouldBe(HttpStatusCode.OK);

    [Theory, InlineData("q="), InlineData("limit=5"), InlineData("q=a&limit=0"), InlineData("q=a&limit=51")]
    public async Task LD8_a_search_for_nothing_or_too_much_is_400(string query) => (await rep.Get($"/api/leads/search?{query}")).ShouldBe(HttpStatusCode.BadRequest, "bad-search");

    [Fact]
    public async Task LD8_each_new_word_costs_one_look_into_the_index_though_there_were_no_words_when_that_was_planned()
    {
        await using var connection = await app.Database.DataSource.OpenConnectionAsync();
        await using var neverCommitted = await connection.BeginTransactionAsync();
        async Task<object?> Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync();
        }
        Task Learn(int from, int to) => Run($"""
            insert into leads (id, version, created_at, updated_at, assigned_at, status_since, conversion, status_id, owner_id, do_not_call, email_opt_out, last_name, company)
            select gen_random_uuid(), 1, now(), now(), now(), now(), 'None', (select id from lead_statuses where is_default), '{TestUser.Rep.Id}', false, false,
                   translate(md5(n::text), '0123456789', 'ghijklmnop'), 'Elsewhere' from generate_series({from}, {to}) n
            """);

        await Run("truncate lead_words");
        await Run("analyze lead_words");
        await Learn(1, 1);
        await Learn(2, 2_000);
        ((long)(await Run("select count(*) from lead_words"))!).ShouldBe(2_001);
        ((long)(await Run("select pg_stat_get_xact_tuples_returned('ix_lead_words_word'::regclass)"))!).ShouldBeLessThan(10_000, "read from the index");
    }

    [Fact]
    public async Task LD8_texts_with_digits_are_no_names_to_be_mistyped()
    {
        (await rep.CreateLead(new { lastName = "Quordling", company = "Unit4 2026" })).ShouldNotBeNull();
        (await app.Database.Scalar<string>("select string_agg(word, ' ' order by word) from lead_words where word in ('quordling', 'unit4', '2026')")).ShouldBe("quordling");
        (await Search("Unit4 Quordlnig")).Single()["title"]!.ToString().ShouldBe("Quordling");
    }

    [Fact]
    public async Task LD8_answers_whatever_is_typed_among_20_000_leads()
    {
        string[] texts = ["Müller", "mül", "Schmidt", "Schmitd", "a", "Harbor Solar", "Kestrel", "Kestrl", "ada.muller@", "+49 40", "Nonexistent Person", "Yılmaz", "Head of Purchasing"];
        foreach (var text in texts) await Search(text);
        var times = new List<double>();
        for (var i = 0; i < 39; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            await Search(texts[i % texts.Length]);
            times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }
        times.Sort();
        output.WriteLine($"20,000 leads: p50 {times[times.Count / 2]:0.0} ms, p95 {times[times.Count * 95 / 100]:0.0} ms, slowest {times[^1]:0.0} ms");
    }

    private async Task<List<JsonObject>> Search(string text, int limit = 5, HttpClient? client = null) =>
        [.. (await (client ?? rep).Get($"/api/leads/search?q={Uri.EscapeDataString(text)}&limit={limit}")).ShouldBe(HttpStatusCode.OK).Body!["items"]!.AsArray().Select(h => h!.AsObject())];

    /// <summary>A service with 20,000 leads that look like a trade fair's list, and some that the tests look for.</summary>
    public sealed class FilledApp : LeadsApp
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            var rep = As(TestUser.Rep);
            await rep.CreateLead(new { firstName = "Philomena", lastName = "Katzenstein", company = "Quillfeather Ltd", email = "philomena@quillfeather.example", phone = "+442079460987", description = "Likes Nockerl." });
            await rep.CreateLead(new { firstName = "Ilse", lastName = "Vexiy", company = "Elsewhere" });
            await rep.CreateLead(new { firstName = "Max", lastName = "Bradt", company = "Elsewhere" });
            await rep.CreateLead(new { firstName = "Eva", lastName = "Brandtner", company = "Elsewhere" });
            await rep.CreateLead(new { firstName = "Otto", lastName = "Brandt", company = "Elsewhere" });
            await rep.CreateLead(new { firstName = "Converta", lastName = "Gone", company = "Elsewhere" });
            await rep.CreateLead(new { firstName = "Recyclina", lastName = "Binned", company = "Elsewhere" });
            await Database.Execute("update leads set conversion = 'Converted' where first_name = 'Converta'");
            await Database.Execute("update leads set deleted_at = now() where first_name = 'Recyclina'");
            for (var from = 1; from < 20_000; from += 2_000) await Database.Execute("""
                insert into leads (id, version, created_at, updated_at, assigned_at, status_since, conversion, status_id, owner_id, do_not_call, email_opt_out, first_name, last_name, company, title, email, phone, description)
                select gen_random_uuid(), 1, now(), now(), now(), now(), 'None', (select id from lead_statuses where is_default), $1, false, false,
                       (array['Ada','Amir','Anneke','Björn','Carlos','Chiara','Dilnoza','Elif','Emeka','Fatima','Grace','Hana','Henrik','Inés','Jakub','Jia','Kofi','Lakshmi'])[1 + n % 18],
                       (array['Abiola','Andersson','Bakker','Bauer','Becker','Castro','Chen','Costa','Dubois','Eriksen','Ferrari','Fischer','García','Haddad','Horvat','Ito','Jansen','Kaya','Kowalska','Laurent','Lindqvist','Meyer','Müller','Nakamura','Novák','Okafor','Petrov','Rossi','Sato','Schmidt','Silva','Singh','Tanaka','Virtanen','Walsh','Yılmaz','Zhang'])[1 + n % 37],
                       (array['Alder','Beacon','Cobalt','Delta','Ember','Falcon','Granite','Harbor','Iris','Juniper','Kestrel','Lumen','Meridian','Northwind','Orchid','Pioneer'])[1 + n % 16] || ' ' ||
                       (array['Analytics','Bakeries','Cycling','Dental','Engineering','Foods','Interiors','Logistics','Optics','Packaging','Robotics','Solar','Textiles'])[1 + n % 13] || ' ' || n,
                       'Head of Purchasing', 'person' || n || '@trade' || n % 500 || '.example', '+4940' || (1000000 + n), 'Asked for a quote ' || n
                from generate_series($2, $2 + 1999) n
                """, TestUser.Rep.Id, from);
            await Database.Execute("insert into lead_signals (lead_id, unread) select id, true from leads on conflict do nothing");
            await Database.Execute("analyze leads");
        }
    }
}
