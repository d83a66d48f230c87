using System.Globalization;
using System.Text;

namespace LeadCrm.SampleData;

/// <summary>Leads that look like a trade fair's list: the same ones every time, at addresses that are reserved for examples.</summary>
internal static class GeneratedLeads
{
    private const int Seed = 20260105;

    private static readonly string[] FirstNames =
    [
        "Ada", "Amir", "Anneke", "Björn", "Carlos", "Chiara", "Dilnoza", "Elif", "Emeka", "Fatima", "Grace", "Hana", "Henrik", "Inés", "Jakub", "Jia", "Kofi", "Lakshmi",
        "Leila", "Liam", "Luca", "Maja", "Mateus", "Noor", "Olga", "Paula", "Quentin", "Rafael", "Sanna", "Siobhán", "Tariq", "Thandiwe", "Uwe", "Valentina", "Wei", "Yuki", "Zoë",
    ];

    private static readonly string[] LastNames =
    [
        "Abiola", "Andersson", "Bakker", "Bauer", "Becker", "Castro", "Chen", "Costa", "Dubois", "Eriksen", "Ferrari", "Fischer", "García", "Haddad", "Horvat", "Ito", "Jansen",
        "Kaya", "Kowalska", "Laurent", "Lindqvist", "Mbeki", "Meyer", "Moreau", "Müller", "Nakamura", "Novák", "O'Brien", "Okafor", "Petrov", "Rossi", "Sato", "Schmidt", "Silva",
        "Singh", "Suárez", "Tanaka", "Virtanen", "Walsh", "Yılmaz", "Zhang",
    ];

    private static readonly string[] CompanyWords =
    [
        "Alder", "Beacon", "Cobalt", "Delta", "Ember", "Falcon", "Granite", "Harbor", "Iris", "Juniper", "Kestrel", "Lumen", "Meridian", "Northwind", "Orchid", "Pioneer",
        "Quarry", "Ridge", "Summit", "Tidal", "Umber", "Vertex", "Willow", "Zephyr",
    ];

    private static readonly string[] Trades =
        ["Analytics", "Bakeries", "Cycling", "Dental", "Engineering", "Foods", "Interiors", "Logistics", "Optics", "Packaging", "Robotics", "Solar", "Textiles", "Travel"];

    private static readonly string[] Titles =
        ["Head of Purchasing", "Managing Director", "Operations Manager", "IT Lead", "Marketing Manager", "Sales Director", "Office Manager", "CTO", "Buyer", "Founder"];

    private static readonly (string Country, string City, string PostalCode, string Form, string Phone)[] Places =
    [
        ("Germany", "Hamburg", "20095", "GmbH", "+49 40 30990{0:0000}"), ("Netherlands", "Utrecht", "3511 AB", "BV", "+31 30 310{0:0000}"),
        ("France", "Lyon", "69002", "SAS", "+33 4 61 70 {0:00 00}"), ("Spain", "Valencia", "46002", "SL", "+34 960 55 {0:00 00}"),
        ("Italy", "Bologna", "40121", "SpA", "+39 051 555{0:0000}"), ("Poland", "Gdańsk", "80-831", "Sp. z o.o.", "+48 58 555 {0:00 00}"),
        ("Sweden", "Gothenburg", "411 06", "AB", "+46 31 390 {0:00 00}"), ("Ireland", "Cork", "T12 W8KP", "Ltd", "+353 21 555 {0:0000}"),
        ("United States", "Denver", "80202", "Inc", "+1 303 555 {0:0000}"), ("Japan", "Osaka", "530-0001", "KK", "+81 6 5550 {0:0000}"),
    ];

    private static readonly string[] Industries = ["Manufacturing", "Retail", "Healthcare", "Logistics", "Hospitality", "Software", "Energy", "Education"];
    private static readonly string[] Sources = ["Trade fair", "Website", "Referral", "LinkedIn", "Partner", "Phone"];
    private static readonly string[] Ratings = ["Hot", "Warm", "Cold"];
    private static readonly string[] Timeframes = ["This quarter", "Next quarter", "This year", "No date yet"];
    private static readonly string[] Owners = ["rita.rep@example.com", "rolf.rep@example.com", "mona.manager@example.com"];

    /// <summary>The file. "Stand visited" is no field of a lead and is kept with it as it is.</summary>
    public static string Csv(int rows)
    {
        var random = new Random(Seed);
        T Any<T>(T[] of) => of[random.Next(of.Length)];
        var csv = new StringBuilder("First Name,Last Name,Company,Job Title,Email,Phone,Website,City,Postal Code,Country,Industry,Employees,Annual Revenue,Lead Source,Rating,Timeframe,Budget,Owner,Stand visited,Notes\r\n");
        for (var i = 0; i < rows; i++)
        {
            var (first, last, place) = (Any(FirstNames), Any(LastNames), Any(Places));
            var (word, trade) = (CompanyWords[i % CompanyWords.Length], Trades[i / CompanyWords.Length % Trades.Length]);   // no company twice
            var domain = $"{word}-{trade}.example".ToLowerInvariant();
            var employees = Any([8, 15, 40, 75, 120, 260, 600, 1_800]);
            string[] cells =
            [
                first, last, $"{word} {trade} {place.Form}", Any(Titles), $"{Ascii(first)}.{Ascii(last)}@{domain}",
                string.Format(CultureInfo.InvariantCulture, place.Phone, 1_000 + i), $"https://www.{domain}", place.City, place.PostalCode, place.Country, Any(Industries),
                $"{employees}", $"{employees * 145_000L}", Any(Sources), Any(Ratings), Any(Timeframes), $"{random.Next(2, 60) * 1_000}", Owners[i % Owners.Length],
                $"Hall {random.Next(1, 6)}, stand {(char)('A' + random.Next(6))}{random.Next(1, 40)}", $"Asked for a quote, \"{Any(Timeframes).ToLowerInvariant()}\"",
            ];
            csv.AppendJoin(',', cells.Select(Quoted)).Append("\r\n");
        }

        return csv.ToString();
    }

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"")}\"" : cell;

    /// <summary>The letters of a name that an e-mail address may have everywhere.</summary>
    private static string Ascii(string name) =>
        new([.. name.Normalize(NormalizationForm.FormD).ToLowerInvariant().Select(c => c == 'ı' ? 'i' : c == 'ł' ? 'l' : c).Where(char.IsAsciiLetter)]);
}
