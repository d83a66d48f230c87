using System.Text;
using System.Text.Json.Nodes;
using LeadCrm.Leads.Import;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Lists;
using Shouldly;
using Xunit;

namespace LeadCrm.Leads.Tests.Unit;

public sealed class CsvTests
{
    [Theory]
    [InlineData("a,b\n1,2", "a|b/1|2")]
    [InlineData("a,b\r\n1,2\r\n", "a|b/1|2")]
    [InlineData("a,b\r1,2\r", "a|b/1|2")]
    [InlineData("\"a,1\",\"b \"\"q\"\"\"\n,", "a,1|b \"q\"/|")]
    [InlineData("\"x\r\ny\",z\n", "x\r\ny|z")]
    [InlineData("\n\n", "/")]
    [InlineData("a\n\nb", "a//b")]
    [InlineData("\"\",\"\"", "|")]
    [InlineData("", "")]
    public void IM1_records_are_read_as_RFC_4180_says(string text, string expected)
    {
        var records = Read(new StringReader(text));
        string.Join('/', records.Select(r => string.Join('|', r))).ShouldBe(expected);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(7)]
    public void IM1_it_does_not_matter_how_the_file_arrives(int portion)
    {
        const string text = "name,note\r\n\"Ada \"\"B\"\"\",\"line\r\nbreak\"\r\nBob,\r\n";

        Read(new Dripping(text, portion)).ShouldBe([["name", "note"], ["Ada \"B\"", "line\r\nbreak"], ["Bob", ""]]);
    }

    [Fact]
    public void IM1_fields_may_be_longer_than_any_buffer()
    {
        var (plain, quoted) = (new string('p', 300_000), new string('q', 200_000) + "\"\"" + new string('q', 200_000));

        var record = Read(new StringReader($"{plain},\"{quoted}\"\n")).Single();

        record[0].Length.ShouldBe(300_000);
        record[1].Length.ShouldBe(400_001);
    }

    [Theory, InlineData("a,b\n1,\"open,2\n3,4", 2), InlineData("a,b\n1,2\nx,\"y\" z\n", 3), InlineData("a,b\nx,y \"z\"\n", 2), InlineData("\"a\nb\",c\n1,x\"y\n", 3)]
    public void IM1_a_malformed_record_is_reported_with_its_line(string text, int line) =>
        Should.Throw<CsvFormatException>(() => Read(new StringReader(text))).Line.ShouldBe(line);

    [Fact]
    public void IM1_reading_goes_on_behind_a_malformed_record()
    {
        var reader = new CsvReader(new StringReader("a,b\r\nbad \"x\",1\r\nc,d\r\n"), ',');
        var cells = new List<string>();
        reader.Read(cells);
        Should.Throw<CsvFormatException>(() => reader.Read(cells));

        reader.Read(cells).ShouldBeTrue();
        cells.ShouldBe(["c", "d"]);
        reader.RecordLine.ShouldBe(3);
    }

    [Theory, InlineData(','), InlineData(';'), InlineData('\t'), InlineData('|')]
    public void IM1_the_delimiter_is_detected(char delimiter)
    {
        var text = $"last name{delimiter}company{delimiter}note\nDoe{delimiter}Acme{delimiter}\"Yes, no; maybe\"\nRoe{delimiter}Foo{delimiter}one, two\n";

        TextFormat.DetectDelimiter(text).ShouldBe(delimiter);
    }

    [Fact]
    public void IM1_a_file_with_one_column_takes_the_comma() => TextFormat.DetectDelimiter("name\nDoe\nRoe\n").ShouldBe(',');

    [Fact]
    public void IM1_the_encoding_is_detected()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        const string text = "name,company\nMüller,Öl AG\n";

        Detect(Encoding.UTF8.GetBytes(text)).ShouldBe("utf-8");
        Detect([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)]).ShouldBe("utf-8");
        Detect(Encoding.GetEncoding(1252).GetBytes(text)).ShouldBe("windows-1252");
        Detect([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)]).ShouldBe("utf-16le");
        Detect([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)]).ShouldBe("utf-16be");
        Detect(Encoding.Unicode.GetBytes(text)).ShouldBe("utf-16le");
        Detect(Encoding.BigEndianUnicode.GetBytes(text)).ShouldBe("utf-16be");
    }

    [Fact]
    public void IM1_one_umlaut_at_the_very_end_decides()
    {
        byte[] plain = [.. Encoding.ASCII.GetBytes(new string('x', 200_000)), 0xFC];

        Detect(plain).ShouldBe("windows-1252");
    }

    [Fact]
    public void IM1_a_character_may_fall_between_two_pieces()
    {
        var detector = new EncodingDetector();
        var bytes = Encoding.UTF8.GetBytes("Müller");
        detector.See(bytes.AsSpan(0, 2));
        detector.See(bytes.AsSpan(2));

        detector.Result().ShouldBe("utf-8");
    }

    [Theory, InlineData("=1+1"), InlineData("+49"), InlineData("-5"), InlineData("@x"), InlineData("\tx"), InlineData("'=1"), InlineData("plain"), InlineData("'plain"), InlineData("")]
    public void IM9_a_cell_is_harmless_in_a_spreadsheet_and_comes_back_as_it_was(string cell)
    {
        var guarded = Csv.Guard(cell);

        guarded.ShouldSatisfyAllConditions(
            g => (g.Length > 0 && "=+-@\t\r".Contains(g[0], StringComparison.Ordinal)).ShouldBeFalse(), g => Csv.Unguard(g).ShouldBe(cell));
    }

    [Fact]
    public void IM6_what_is_written_is_read_back()
    {
        string[] record = ["plain", "", "with, comma", "with \"quotes\"", "two\r\nlines", " blank ", "=formula"];

        var read = Read(new StringReader(new CsvWriter(',').Record(record))).Single();

        read.Select(Csv.Unguard).ShouldBe(record);
    }

    [Fact]
    public void IM2_a_mapping_is_proposed_by_name_label_and_alias()
    {
        var proposed = MappingProposal.For(["First Name", "surname", "Company Name", "Email 1", "Phone 1", "zip", "utm_source", "Index"], CustomFieldSet.None("lead"));

        proposed.ShouldBe(new Dictionary<string, string>
        {
            ["First Name"] = "firstName", ["surname"] = "lastName", ["Company Name"] = "company", ["Email 1"] = "email", ["Phone 1"] = "phone", ["zip"] = "postalCode",
            ["utm_source"] = "utm.source",
        }, ignoreOrder: true);
    }

    [Fact]
    public void IM1_csv_spectrum_reads_as_its_json_says()
    {
        var files = Directory.GetFiles(RealData.Path("csv_spectrum", "csvs"));
        files.Length.ShouldBe(11);
        foreach (var file in files)
        {
            var records = ReadFile(file);
            var expected = JsonNode.Parse(File.ReadAllText(RealData.Path("csv_spectrum", "json", Path.GetFileNameWithoutExtension(file) + ".json")));
            JsonNode.DeepEquals(AsObjects(records), expected).ShouldBeTrue(file);
        }
    }

    [Fact]
    public void IM1_csv_test_data_reads_as_its_json_says()
    {
        var files = Directory.GetFiles(RealData.Path("csv_test_data", "json"));
        files.Length.ShouldBe(18);
        foreach (var file in files)
        {
            var records = ReadFile(RealData.Path("csv_test_data", "csv", Path.GetFileNameWithoutExtension(file) + ".csv"));
            var expected = JsonNode.Parse(File.ReadAllText(file))!;
            var asObjects = Path.GetFileName(file).StartsWith("header", StringComparison.Ordinal);
            JsonNode.DeepEquals(asObjects ? AsObjects(records) : AsArrays(records), expected).ShouldBeTrue(file);
        }
    }

    private static JsonArray AsObjects(List<List<string>> records) =>
        new([.. records.Skip(1).Select(r => new JsonObject(records[0].Zip(r).Select(p => KeyValuePair.Create(p.First, (JsonNode?)p.Second))))]);

    private static JsonArray AsArrays(List<List<string>> records) => new([.. records.Select(r => new JsonArray([.. r.Select(c => (JsonNode)c)]))]);

    private static List<List<string>> ReadFile(string path)
    {
        using var text = new StreamReader(path);
        return Read(text);
    }

    private static List<List<string>> Read(TextReader source)
    {
        var reader = new CsvReader(source, ',');
        var records = new List<List<string>>();
        for (var cells = new List<string>(); reader.Read(cells); cells = []) records.Add(cells);
        return records;
    }

    private static string Detect(byte[] bytes)
    {
        var detector = new EncodingDetector();
        detector.See(bytes);
        return detector.Result();
    }

    /// <summary>Gives a few characters at a time, as a network does.</summary>
    private sealed class Dripping(string text, int portion) : TextReader
    {
        private int position;

        public override int Read(char[] buffer, int index, int count)
        {
            var taken = Math.Min(Math.Min(portion, count), text.Length - position);
            text.CopyTo(position, buffer, index, taken);
            position += taken;
            return taken;
        }
    }
}
