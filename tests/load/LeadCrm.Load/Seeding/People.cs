using System.Buffers.Binary;

namespace LeadCrm.Load.Seeding;

/// <summary>
/// Invented people and companies in the proportions of a real list: few countries hold most of them, some fields are often empty, names
/// repeat, companies have several people. The same seed gives the same people. Addresses are reserved for examples (RFC 2606).
/// </summary>
internal sealed class People(int seed)
{
    private static readonly string[] First =
    [
        "Aaliyah", "Adam", "Agnes", "Akira", "Alba", "Amina", "Anders", "Andrea", "Aoife", "Arjun", "Astrid", "Beatriz", "Ben", "Camille", "Carmen", "Chen", "Clara", "Daniel", "Dario", "Deepa",
        "Diego", "Elena", "Emil", "Emma", "Eva", "Farid", "Felix", "Freya", "George", "Greta", "Hannah", "Hugo", "Ibrahim", "Ingrid", "Isabel", "Ivan", "James", "Jana", "Jonas", "Julia",
        "Kai", "Karin", "Kenji", "Lars", "Laura", "Leo", "Lina", "Louis", "Lucia", "Magnus", "Maria", "Marta", "Matteo", "Maya", "Mehmet", "Mila", "Nadia", "Nils", "Nina", "Noah",
        "Olivia", "Omar", "Oskar", "Pablo", "Petra", "Priya", "Rosa", "Ruben", "Samir", "Sara", "Sofia", "Stefan", "Tara", "Theo", "Tomas", "Vera", "Viktor", "Yara", "Yusuf", "Zeynep",
    ];

    private static readonly string[] Onset = ["b", "br", "d", "dr", "f", "g", "gr", "h", "k", "kl", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v", "w", "z", "sch"];
    private static readonly string[] Nucleus = ["a", "e", "i", "o", "u", "ai", "ei", "ou", "ie"];
    private static readonly string[] Coda = ["", "n", "r", "s", "l", "m", "t", "nd", "rg", "ck", "ng"];
    /// <summary>What such syllables make by chance and nobody wants to read on a screen that is shown to others.</summary>
    private static readonly string[] Rude =
    [
        "fuck", "fick", "fag", "dick", "kock", "kack", "piss", "porn", "rape", "nazi", "nig", "tit", "penis", "vagi", "schei", "schit", "sex", "slut", "hur", "fot", "wank", "kunt", "prick", "arsch",
    ];

    private static readonly string[] Trades = ["Analytics", "Bakery", "Cargo", "Dental", "Energy", "Foods", "Glass", "Health", "Interiors", "Labs", "Mobility", "Networks", "Optics", "Partners", "Robotics", "Software", "Textiles", "Works"];
    private static readonly string[] Titles = ["Buyer", "CEO", "CFO", "CTO", "Head of IT", "Head of Marketing", "Managing Director", "Office Manager", "Operations Manager", "Project Manager", "Purchasing Manager", "Sales Director"];

    /// <summary>ISO country, city, legal form, phone prefix in E.164, weight in per cent.</summary>
    private static readonly (string Country, string City, string Form, string Phone, int Weight)[] Places =
    [
        ("US", "Denver", "Inc", "+1303555", 34), ("DE", "Hamburg", "GmbH", "+4940309", 16), ("GB", "Leeds", "Ltd", "+44113496", 12), ("FR", "Lyon", "SAS", "+33472700", 8),
        ("IN", "Pune", "Pvt Ltd", "+91202555", 7), ("NL", "Utrecht", "BV", "+31303100", 5), ("ES", "Valencia", "SL", "+34960550", 5), ("IT", "Bologna", "SpA", "+39051555", 4),
        ("SE", "Malmö", "AB", "+46403900", 3), ("JP", "Osaka", "KK", "+81665500", 3), ("BR", "Recife", "Ltda", "+55813555", 2), ("AU", "Perth", "Pty Ltd", "+61855500", 1),
    ];

    public static readonly string[] Industries = ["Software", "Manufacturing", "Retail", "Healthcare", "Financial Services", "Logistics", "Education", "Energy", "Hospitality", "Construction"];
    public static readonly string[] Sources = ["Web", "Customer referral", "Partner", "Trade show", "Event", "Content download", "LinkedIn", "E-mail", "Phone", "Other"];
    private static readonly int[] SourceWeights = [31, 9, 8, 11, 6, 12, 10, 6, 4, 3];

    private readonly Random random = new(seed);

    public string Company(int number)
    {
        // Numbers that are close together get names that are far apart: similar ones would all be duplicates of each other.
        var word = new Random(unchecked(number * 7919 + 17));
        return Word(word, 3) + " " + Trades[word.Next(Trades.Length)];
    }

    public (string Country, string City, string Form, string Phone, int Weight) Place() => Places[Weighted(Places.Select(p => p.Weight))];

    public string FirstName() => First[(int)(First.Length * Math.Pow(random.NextDouble(), 1.5))];

    public string LastName() => Word(new Random(random.Next(40_000)), 2);

    public string Title() => Titles[random.Next(Titles.Length)];

    public string Industry() => Industries[(int)(Industries.Length * Math.Pow(random.NextDouble(), 1.4))];

    public string Source() => Sources[Weighted(SourceWeights)];

    public string Phone(string prefix) => prefix + random.Next(10_000).ToString("0000", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>True in so many of a hundred cases.</summary>
    public bool In(int percent) => random.Next(100) < percent;

    public int Next(int below) => random.Next(below);

    public T Any<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    /// <summary>A moment within the last so many days, later ones a little more often.</summary>
    public DateTimeOffset Within(DateTimeOffset now, int days) => new DateTimeOffset((now - TimeSpan.FromDays(days * Math.Pow(random.NextDouble(), 1.2))).Ticks / 10 * 10, TimeSpan.Zero);

    /// <summary>A version 7 id of that moment.</summary>
    public Guid Id(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes, (at.ToUnixTimeMilliseconds() << 16) | (BinaryPrimitives.ReadInt64BigEndian(bytes) & 0x0FFF) | 0x7000);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    public static string Domain(string company) => company.Replace(' ', '-').ToLowerInvariant() + ".example";

    private int Weighted(IEnumerable<int> weights)
    {
        var (at, i) = (random.Next(100), 0);
        foreach (var weight in weights)
        {
            if ((at -= weight) < 0) return i;
            i++;
        }
        return i - 1;
    }

    private static string Word(Random random, int syllables)
    {
        string word;
        do word = string.Concat(Enumerable.Range(0, syllables).Select(_ => Onset[random.Next(Onset.Length)] + Nucleus[random.Next(Nucleus.Length)] + Coda[random.Next(Coda.Length)]));
        while (Array.Exists(Rude, part => word.Contains(part, StringComparison.Ordinal)));
        return char.ToUpperInvariant(word[0]) + word[1..];
    }
}
