using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LeadCrm.Leads.Contracts;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Imports over HTTP, from the upload to the error file.</summary>
public sealed class ImportTests(LeadsApp app)
{
    private readonly HttpClient admin = app.As(TestUser.Admin);

    [Fact]
    public async Task IM1_encoding_and_delimiter_are_detected_and_shown()
    {
        var bytes = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("Last name;Company\r\nMüller;Öl AG\r\n")).ToArray();

        var upload = (await admin.Upload(bytes)).ShouldBe(HttpStatusCode.Created);

        upload.ShouldSatisfyAllConditions(u => u["encoding"].ShouldBe("utf-16le"), u => u["delimiter"].ShouldBe(";"), u => u["state"].ShouldBe("ready"));
    }

    [Theory, InlineData("utf-8"), InlineData("windows-1252"), InlineData("utf-16be")]
    public async Task IM1_umlauts_arrive_in_every_encoding(string encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var company = $"Öl & Söhne {Guid.NewGuid():N}";
        var coder = Encoding.GetEncoding(encoding);
        var bytes = (encoding == "utf-16be" ? coder.GetPreamble() : []).Concat(coder.GetBytes($"Last name,Company\nMüller,{company}\n")).ToArray();

        var done = await admin.Import(bytes);

        done["encoding"].ShouldBe(encoding);
        (await app.Database.Scalar<string>("select last_name from leads where company = $1", company)).ShouldBe("Müller");
    }

    [Fact]
    public async Task IM1_quotes_and_embedded_newlines_arrive_as_they_stand()
    {
        var company = $"Acme {Guid.NewGuid():N}";

        await admin.Import($"Last name,Company,Street\r\nDoe,{company},\"1, Main \"\"St\"\"\r\nBack door\"\r\n");

        (await app.Database.Scalar<string>("select street from leads where company = $1", company)).ShouldBe("1, Main \"St\"\r\nBack door");
    }

    [Fact]
    public async Task IM1_a_line_may_be_of_any_length()
    {
        var company = $"Acme {Guid.NewGuid():N}";
        var text = new string('x', 5_000_000);

        await admin.Import($"Last name,Company,Essay\nDoe,{company},{text}\n");

        (await app.Database.Scalar<int>("select length(extra ->> 'Essay') from leads where company = $1", company)).ShouldBe(5_000_000);
    }

    [Fact]
    public async Task IM2_a_mapping_is_proposed_by_label_api_name_and_alias_with_samples()
    {
        var upload = await admin.Upload("surname,Company,email,Shoe size\nDoe,Acme,doe@acme.example,44\n");

        var proposal = (await admin.Get($"/api/leads/imports/{upload.Id}/mapping")).ShouldBe(HttpStatusCode.OK).Body!["columns"]!.AsArray();

        proposal.Select(c => c!["field"]?.ToString()).ShouldBe(["lastName", "company", "email", null]);
        proposal[3]!["samples"]![0]!.ToString().ShouldBe("44");
    }

    [Fact]
    public async Task IM2_a_saved_mapping_is_used_again()
    {
        var company = $"Acme {Guid.NewGuid():N}";
        var saved = (await admin.Post("/api/leads/imports/mappings", new
        {
            name = $"Fair {Guid.NewGuid():N}", mapping = new Dictionary<string, string> { ["Who"] = "lastName", ["Where"] = "company" }, defaults = new { source = "Trade show" },
        })).ShouldBe(HttpStatusCode.Created);

        (await admin.Get("/api/leads/imports/mappings")).Body!.AsArray().ShouldContain(m => m!["id"]!.ToString() == saved.Id);
        await admin.Import($"Who,Where\nDoe,{company}\n", new { mappingId = saved.Id });

        (await app.Database.Scalar<string>("select source from leads where company = $1", company)).ShouldBe("Trade show");
    }

    [Fact]
    public async Task IM2_a_column_that_the_file_does_not_have_is_refused_by_name()
    {
        var upload = await admin.Upload("Last name,Company\nDoe,Acme\n");

        var refused = await admin.Post($"/api/leads/imports/{upload.Id}/start", new { mapping = new Dictionary<string, string> { ["Surname"] = "lastName", ["Company"] = "company" } });

        refused.ShouldBe(HttpStatusCode.UnprocessableEntity).Errors("mapping").ShouldContain("Surname");
    }

    [Fact]
    public async Task IM3_a_trial_counts_and_writes_nothing_and_the_real_run_may_follow()
    {
        var company = $"Acme {Guid.NewGuid():N}";
        var upload = await admin.Upload($"Last name,Company,Email\nDoe,{company},\nRoe,{company},nonsense\n");

        var trial = await admin.Run(upload, new { dryRun = true });
        trial.ShouldSatisfyAllConditions(t => t["rowsCreated"].ShouldBe("1"), t => t["rowsFailed"].ShouldBe("1"));
        (await Count(company)).ShouldBe(0);

        var real = await admin.Run(upload, new { });
        real.ShouldSatisfyAllConditions(t => t["rowsCreated"].ShouldBe("1"), t => t["rowsFailed"].ShouldBe("1"));
        (await Count(company)).ShouldBe(1);
    }

    [Fact]
    public async Task IM5_good_rows_come_in_although_others_are_bad()
    {
        var company = $"Acme {Guid.NewGuid():N}";

        var done = await admin.Import($"Last name,Company\nDoe,{company}\n,{company}\nRoe,{company}\n");

        done.ShouldSatisfyAllConditions(d => d["state"].ShouldBe("completed"), d => d["rowsCreated"].ShouldBe("2"), d => d["rowsFailed"].ShouldBe("1"));
        (await Count(company)).ShouldBe(2);
    }

    [Fact]
    public async Task IM5_all_or_nothing_imports_nothing_when_one_row_is_bad()
    {
        var company = $"Acme {Guid.NewGuid():N}";
        var rows = string.Concat(Enumerable.Range(0, 1_200).Select(i => $"Doe {i},{company}\n"));

        var done = await admin.Import($"Last name,Company\n{rows},{company}\n", new { allOrNothing = true });

        done.ShouldSatisfyAllConditions(d => d["state"].ShouldBe("refused"), d => d["rowsFailed"].ShouldBe("1"));
        (await Count(company)).ShouldBe(0);
    }

    [Fact]
    public async Task IM5_all_or_nothing_imports_everything_when_every_row_is_good()
    {
        var company = $"Acme {Guid.NewGuid():N}";
        var rows = string.Concat(Enumerable.Range(0, 1_200).Select(i => $"Doe {i},{company}\n"));

        var done = await admin.Import($"Last name,Company\n{rows}", new { allOrNothing = true });

        done.ShouldSatisfyAllConditions(d => d["state"].ShouldBe("completed"), d => d["rowsCreated"].ShouldBe("1200"));
        (await Count(company)).ShouldBe(1_200);
    }

    [Fact]
    public async Task IM6_the_error_file_has_the_original_columns_the_row_a_code_and_a_message()
    {
        var done = await admin.Import("Last name,Company,Email,Shoe size\nDoe,Acme,,44\nRoe,Acme,nonsense,45\n");

        var lines = (await admin.Get(done["errorFile"]!)).ShouldBe(HttpStatusCode.OK).Text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        lines[0].ShouldBe("Last name,Company,Email,Shoe size,Import row,Import error code,Import error");
        lines[1].ShouldStartWith("Roe,Acme,nonsense,45,3,invalid:email,");
        lines.Length.ShouldBe(2);
    }

    [Fact]
    public async Task IM6_the_error_file_can_be_imported_after_fixing()
    {
        var company = $"Acme {Guid.NewGuid():N}";
        var done = await admin.Import($"Last name,Company,Email,Note to self\nRoe,{company},nonsense,\"=1+1, really\"\n");
        var file = (await admin.Get(done["errorFile"]!)).Text;

        var again = await admin.Import(file.Replace("nonsense", "roe@acme.example", StringComparison.Ordinal));

        again.ShouldSatisfyAllConditions(a => a["rowsCreated"].ShouldBe("1"), a => a["rowsFailed"].ShouldBe("0"));
        (await app.Database.Scalar<string>("select extra::text from leads where company = $1", company)).ShouldBe("""{"Note to self": "=1+1, really"}""");
    }

    [Fact]
    public async Task IM6_a_malformed_row_is_reported_with_its_line_and_the_others_come_in()
    {
        var company = $"Acme {Guid.NewGuid():N}";

        var done = await admin.Import($"Last name,Company\nDoe,\"{company}\"\nBad \"quote\",{company}\nRoe,{company}\nToo,many,cells\n");

        done.ShouldSatisfyAllConditions(d => d["rowsCreated"].ShouldBe("2"), d => d["rowsFailed"].ShouldBe("2"));
        var errors = (await admin.Get(done["errorFile"]!)).Text;
        errors.ShouldSatisfyAllConditions(e => e.ShouldContain("malformed-row,Line 3:"), e => e.ShouldContain("wrong-column-count,\"Line 5:"));
    }

    [Fact]
    public async Task IM9_formula_cells_stay_text()
    {
        var company = $"Acme {Guid.NewGuid():N}";

        await admin.Import($"Last name,Company,Title\nDoe,{company},=HYPERLINK(\"\"x\"\")\n".Replace("=HYPERLINK(\"\"x\"\")", "\"=HYPERLINK(\"\"x\"\")\"", StringComparison.Ordinal));

        (await app.Database.Scalar<string>("select title from leads where company = $1", company)).ShouldBe("=HYPERLINK(\"x\")");
    }

    [Fact]
    public async Task IM9_the_error_file_is_safe_to_open_in_a_spreadsheet()
    {
        var done = await admin.Import("Last name,Company,Email\n=cmd|' /C calc'!A0,@SUM(1),nonsense\n");

        (await admin.Get(done["errorFile"]!)).Text.ShouldContain("\r\n'=cmd|' /C calc'!A0,'@SUM(1),nonsense,");
    }

    [Fact]
    public async Task IM10_progress_is_streamed_until_the_end()
    {
        var rows = string.Concat(Enumerable.Range(0, 1_500).Select(i => $"Doe {i},Acme\n"));
        var upload = await admin.Upload($"Last name,Company\n{rows}");
        (await admin.Post($"/api/leads/imports/{upload.Id}/start")).ShouldBe(HttpStatusCode.Accepted);

        var events = (await admin.Get($"/api/leads/imports/{upload.Id}/progress")).ShouldBe(HttpStatusCode.OK).Text;

        var last = JsonNode.Parse(events.Split('\n').Last(l => l.StartsWith("data:", StringComparison.Ordinal))[5..])!;
        last["state"]!.ToString().ShouldBe("completed");
        last["rowsCreated"]!.GetValue<long>().ShouldBe(1_500);
    }

    [Fact]
    public async Task IM10_an_import_that_nobody_has_begun_can_be_cancelled()
    {
        var upload = await admin.Upload("Last name,Company\nDoe,Acme\n");

        (await admin.Post($"/api/leads/imports/{upload.Id}/cancel")).ShouldBe(HttpStatusCode.Accepted)["state"].ShouldBe("cancelled");
        (await admin.Post($"/api/leads/imports/{upload.Id}/start")).ShouldBe(HttpStatusCode.Conflict, "import-started");
    }

    [Fact]
    public async Task IM13_a_value_that_is_too_long_fails_its_row_and_is_not_cut()
    {
        var company = $"Acme {Guid.NewGuid():N}";

        var done = await admin.Import($"Last name,Company\n{new string('x', 101)},{company}\n");

        done["rowsFailed"].ShouldBe("1");
        (await admin.Get(done["errorFile"]!)).Text.ShouldContain("invalid:lastName");
        (await Count(company)).ShouldBe(0);
    }

    [Fact]
    public async Task Unmapped_columns_are_kept_with_the_lead()
    {
        var company = $"Acme {Guid.NewGuid():N}";
        await admin.Import($"Last name,Company,Shoe size,Nothing\nDoe,{company},44,\n");

        var lead = (await admin.Get($"/api/leads?company={company}")).Body!["items"]![0]!["id"]!.ToString();
        (await admin.Get($"/api/leads/{lead}")).Body!["extra"]!.ToJsonString().ShouldBe("""{"Shoe size":"44"}""");
    }

    [Fact]
    public async Task Words_that_mean_nothing_are_nothing_and_defaults_fill_empty_cells()
    {
        var last = $"Doe {Guid.NewGuid():N}";

        await admin.Import($"Last name,Company,City\n{last},Select,select\n", new { emptyValues = new[] { "Select" }, defaults = new { company = "Unknown" } });

        (await app.Database.Scalar<string>("select company || coalesce(city, ' without city') from leads where last_name = $1", last)).ShouldBe("Unknown without city");
    }

    [Fact]
    public async Task An_imported_lead_is_what_the_api_would_have_made_of_it()
    {
        var company = $"Acme {Guid.NewGuid():N}";
        await admin.Import($"Last name,Company,Email,Country,Phone,Do not call,Annual revenue,LinkedIn\nDoe,{company},DOE@acme.example,Germany,030 901820,yes,\"1,500.25\",linkedin.com/in/doe\n");
        await admin.CreateLead(new
        {
            lastName = "Doe", company, email = "DOE@acme.example", country = "Germany", phone = "030 901820", doNotCall = true, annualRevenue = 1500.25,
            personalProfiles = new { linkedIn = "linkedin.com/in/doe" },
        });

        var ids = (await admin.Get($"/api/leads?company={company}&sort=createdAt")).Body!["items"]!.AsArray().Select(l => l!["id"]!.ToString()).ToArray();
        var (imported, created) = (await Lead(ids[0]), await Lead(ids[1]));
        foreach (var (name, value) in created.Body!.AsObject().Where(m => m.Key is not ("id" or "createdAt" or "updatedAt" or "assignedAt" or "statusSince" or "importId")))
            JsonNode.DeepEquals(imported.Body![name], value).ShouldBeTrue($"{name}: {imported.Body![name]?.ToJsonString()} and {value?.ToJsonString()}");

        var (historyOfImported, historyOfCreated) = (await Created(ids[0]), await Created(ids[1]));
        JsonNode.DeepEquals(historyOfImported["changes"], historyOfCreated["changes"]).ShouldBeTrue(historyOfImported.ToJsonString() + historyOfCreated.ToJsonString());
        historyOfImported["operationId"]!.ToString().ShouldBe(imported["importId"]);
        (await admin.Get($"/api/leads/{ids[0]}/status-log")).Body!.AsArray().Count.ShouldBe(1);

        async Task<Answer> Lead(string id) => await admin.Get($"/api/leads/{id}");
        async Task<JsonNode> Created(string id) => (await admin.Get($"/api/leads/{id}/history")).Body!["items"]!.AsArray().Single()!;
    }

    [Fact]
    public async Task Imported_leads_are_announced_in_chunks()
    {
        await using var bus = await TestBus.Connect(app.Broker, typeof(LeadsChanged));
        var company = $"Acme {Guid.NewGuid():N}";

        await admin.Import("Last name,Company\n" + string.Concat(Enumerable.Range(0, 700).Select(i => $"Doe {i},{company}\n")));

        await Eventually.Is(() => Task.FromResult(bus.All<LeadsChanged>().SelectMany(m => m.Leads).Count(l => l.Company == company) == 700), "700 leads are announced");
        bus.All<LeadsChanged>().Where(m => m.Leads[0].Company == company).ShouldAllBe(m => m.Leads.Count <= 500 && m.Kind == ChangeKind.Created);
    }

    [Fact]
    public async Task A_form_may_carry_the_file()
    {
        var company = $"Acme {Guid.NewGuid():N}";
        using var form = new MultipartFormDataContent { { new StringContent("ignored"), "comment" }, { new ByteArrayContent(Encoding.UTF8.GetBytes($"Last name,Company\nDoe,{company}\n")), "file", "fair.csv" } };

        var upload = (await admin.Send(HttpMethod.Post, "/api/leads/imports", form)).ShouldBe(HttpStatusCode.Created);
        upload["fileName"].ShouldBe("fair.csv");
        (await admin.Run(upload, new { }))["rowsCreated"].ShouldBe("1");
    }

    [Fact]
    public async Task An_empty_file_is_refused_with_its_line() =>
        (await admin.Upload("")).ShouldBe(HttpStatusCode.UnprocessableEntity, "unreadable-file")["detail"]!.ShouldStartWith("Line 1:");

    [Fact]
    public async Task Importing_needs_its_permission() =>
        (await app.As(TestUser.Rep).Upload("Last name,Company\nDoe,Acme\n")).ShouldBe(HttpStatusCode.Forbidden);

    [Fact]
    public async Task IM1_bad_files_of_csv_test_data_are_refused_with_a_line_number()
    {
        var files = Directory.GetFiles(RealData.Path("csv_test_data", "csv"), "bad-*.csv");
        files.Length.ShouldBe(7);
        foreach (var file in files) (await Complaint(await File.ReadAllBytesAsync(file))).ShouldMatch("Line [12]:", file);
    }

    /// <summary>What the service says about a file that should have the columns foo, bar and baz.</summary>
    private async Task<string> Complaint(byte[] file)
    {
        var upload = await admin.Upload(file);
        if (upload.Status != HttpStatusCode.Created) return upload.ShouldBe(HttpStatusCode.UnprocessableEntity).Text;
        var plan = new { mapping = new Dictionary<string, string> { ["foo"] = "lastName", ["bar"] = "company", ["baz"] = "title" } };
        var start = await admin.Post($"/api/leads/imports/{upload.Id}/start", plan);
        if (start.Status != HttpStatusCode.Accepted) return start.ShouldBe(HttpStatusCode.UnprocessableEntity).Text;
        var done = await admin.Finished(upload.Id);
        done["rowsCreated"].ShouldBe("0");
        return (await admin.Get(done["errorFile"]!)).Text;
    }

    private Task<long> Count(string company) => app.Database.Scalar<long>("select count(*) from leads where company = $1", company);
}

/// <summary>Imports as a client does them.</summary>
public static class Importing
{
    public static Task<Answer> Upload(this HttpClient client, string file) => client.Upload(Encoding.UTF8.GetBytes(file));

    public static Task<Answer> Upload(this HttpClient client, byte[] file, string query = "")
    {
        var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        return client.Send(HttpMethod.Post, "/api/leads/imports" + query, content);
    }

    public static Task<Answer> Import(this HttpClient client, string file, object? plan = null) => client.Import(Encoding.UTF8.GetBytes(file), plan);

    /// <summary>Uploads, starts and waits for the end.</summary>
    public static async Task<Answer> Import(this HttpClient client, byte[] file, object? plan = null) =>
        await client.Run((await client.Upload(file)).ShouldBe(HttpStatusCode.Created), plan ?? new { });

    public static async Task<Answer> Run(this HttpClient client, Answer upload, object plan, TimeSpan? deadline = null)
    {
        (await client.Post($"/api/leads/imports/{upload.Id}/start", plan)).ShouldBe(HttpStatusCode.Accepted);
        return await client.Finished(upload.Id, deadline);
    }

    public static Task<Answer> Finished(this HttpClient client, string id, TimeSpan? deadline = null) => Eventually.Get(async () =>
    {
        var import = (await client.Get($"/api/leads/imports/{id}")).ShouldBe(HttpStatusCode.OK);
        return import["state"] is "queued" or "running" ? null : import;
    }, $"import {id} ends", deadline ?? TimeSpan.FromSeconds(60));
}
