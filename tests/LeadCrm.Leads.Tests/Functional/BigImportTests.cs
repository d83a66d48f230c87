using System.Globalization;
using System.Text;
using LeadCrm.Testing;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Functional;

/// <summary>Whole files of leads: the real ones where they are there, otherwise generated ones of the same shape.</summary>
public sealed class BigImportTests(LeadsApp app, ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private readonly HttpClient admin = app.As(TestUser.Admin);

    [Fact]
    public async Task IM10_ten_thousand_leads_with_messy_phones_come_in()
    {
        var done = await Import(Encoding.UTF8.GetBytes(Generated(10_000)), new { });

        done.ShouldSatisfyAllConditions(d => d["rowsCreated"].ShouldBe("10000"), d => d["rowsFailed"].ShouldBe("0"));
    }

    [Fact]
    public async Task The_ten_thousand_leads_of_datablist_come_in_as_they_are()
    {
        var done = await Import(await File.ReadAllBytesAsync(RealData.Path("datablist", "leads-10000.csv")), new { });

        done.ShouldSatisfyAllConditions(d => d["rowsCreated"].ShouldBe("10000"), d => d["rowsFailed"].ShouldBe("0"));
        var lead = (await admin.Get($"/api/leads?importId={done.Id}&email=fstephens@shepherd.info")).Body!["items"]![0]!;
        var whole = (await admin.Get($"/api/leads/{lead["id"]}")).Body!;
        whole["extra"]!["Deal Stage"]!.ToString().ShouldBe("On Hold");
        whole["website"]!.ToString().ShouldBe("https://black.com/");
        whole["source"]!.ToString().ShouldBe("LinkedIn Outreach");
    }

    [Fact]
    public async Task The_leads_of_xeducation_come_in_with_a_mapping_although_they_have_no_names()
    {
        var plan = new
        {
            mapping = new Dictionary<string, string>
            {
                ["Lead Number"] = "lastName", ["Lead Source"] = "source", ["Country"] = "country", ["City"] = "city", ["Do Not Email"] = "emailOptOut", ["Do Not Call"] = "doNotCall",
                ["Specialization"] = "productInterest",
            },
            defaults = new { company = "X Education" },
            emptyValues = new[] { "Select", "unknown", "Asia/Pacific Region" },
        };

        var done = await Import(await File.ReadAllBytesAsync(RealData.Path("xeducation", "leads.csv")), plan);

        done.ShouldSatisfyAllConditions(d => d["rowsCreated"].ShouldBe("6493"), d => d["rowsFailed"].ShouldBe("0"));
        var import = Guid.Parse(done.Id);
        (await app.Database.Scalar<long>("select count(*) from leads where import_id = $1 and country = 'IN'", import)).ShouldBe(4_539);
        (await app.Database.Scalar<long>("select count(*) from leads where import_id = $1 and city = 'Select'", import)).ShouldBe(0);
        (await app.Database.Scalar<long>("select count(*) from leads where import_id = $1 and extra ? 'TotalVisits'", import)).ShouldBeGreaterThan(6_000);
    }

    private async Task<Answer> Import(byte[] file, object plan)
    {
        var upload = await admin.Upload(file);
        var before = Environment.CpuUsage.TotalTime;
        var done = await admin.Run(upload, plan, Deadline);
        var processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        var seconds = (Time(done, "finishedAt") - Time(done, "startedAt")).TotalSeconds;
        output.WriteLine($"{done["rowsRead"]} rows, {done["size"]} bytes in {seconds:0.00} s, {processor:0.00} s of processor time");
        return done;
    }

    private static DateTimeOffset Time(Answer import, string name) => DateTimeOffset.Parse(import[name]!, CultureInfo.InvariantCulture);

    private static string Generated(int rows)
    {
        var random = new Random(42);
        string[] sources = ["Trade show", "Referral", "Google Ads", "Cold Call", "Webinars"];
        var text = new StringBuilder("Index,Account Id,Lead Owner,First Name,Last Name,Company,Phone 1,Phone 2,Email 1,Email 2,Website,Source,Deal Stage,Notes\n");
        for (var i = 1; i <= rows; i++)
        {
            string Phone() => random.Next(4) switch
            {
                0 => $"{random.Next(200, 999)}-{random.Next(200, 999)}-{random.Next(1000, 9999)}x{random.Next(100, 99999)}",
                1 => $"({random.Next(200, 999)}){random.Next(200, 999)}-{random.Next(1000, 9999)}",
                2 => $"001-{random.Next(200, 999)}-{random.Next(200, 999)}-{random.Next(1000, 9999)}",
                _ => $"{random.Next(200, 999)}.{random.Next(200, 999)}.{random.Next(1000, 9999)}",
            };
            text.Append(CultureInfo.InvariantCulture, $"{i},{random.NextInt64():X},Somebody Else,First{i},Last{i},\"Company {random.Next(2_000)}, Inc\",{Phone()},{Phone()},")
                .Append(CultureInfo.InvariantCulture, $"person{i}@company{random.Next(2_000)}.example,other{i}@mail.example,https://company{random.Next(2_000)}.example/,")
                .Append(CultureInfo.InvariantCulture, $"{sources[random.Next(sources.Length)]},On Hold,Something that was said about lead {i}.\n");
        }
        return text.ToString();
    }
}
