using System.Text.RegularExpressions;
using MassTransit;
using Shouldly;
using Xunit;

namespace LeadCrm.Architecture.Tests;

/// <summary>What the documents say is there: their links, the messages of each service, who owns which folder.</summary>
public sealed partial class Documents
{
    private static readonly string[] NotOurs = ["node_modules", "bin", "obj", "artifacts", "TestResults"];

    [Fact]
    public void Every_link_and_image_of_a_document_leads_somewhere()
    {
        var documents = Files("*.md").ToList();
        documents.Count.ShouldBeGreaterThan(20);
        var dead = new List<string>();
        foreach (var document in documents)
        {
            foreach (Match link in Link().Matches(CodeBlock().Replace(File.ReadAllText(document), "")))
            {
                var target = link.Groups["to"].Value;
                if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal)) continue;
                var (path, anchor) = target.Split('#') is [var p, var a] ? (p, a) : (target, null);
                var file = path.Length == 0 ? document : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document)!, path));
                if (!Path.Exists(file)) dead.Add($"{Relative(document)}: {target}");
                else if (anchor is not null && !Headings(file).Contains(anchor)) dead.Add($"{Relative(document)}: {target} (no such heading)");
            }
        }
        dead.ShouldBeEmpty();
    }

    [Fact]
    public void Every_document_below_docs_can_be_reached_from_the_readme()
    {
        var root = Path.Combine(References.Root, "README.md");
        var (reached, open) = (new HashSet<string>(StringComparer.Ordinal) { root }, new Queue<string>([root]));
        while (open.TryDequeue(out var document))
            foreach (Match link in Link().Matches(File.ReadAllText(document)))
                if (Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document)!, link.Groups["to"].Value.Split('#')[0])) is var file && file.EndsWith(".md", StringComparison.Ordinal) && File.Exists(file) && reached.Add(file))
                    open.Enqueue(file);

        Files("*.md").Where(file => Relative(file).StartsWith("docs/", StringComparison.Ordinal) && !reached.Contains(file)).Select(Relative).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(References.Services), MemberType = typeof(References))]
    public void The_readme_of_a_service_names_every_message_that_it_takes_and_that_others_take_from_it(string service)
    {
        var readme = File.ReadAllText(Path.Combine(References.Root, "services", service, "README.md"));
        var missing = Queues.Assemblies
            .SelectMany(taker => Taken(taker.Value).Select(message => (Taker: taker.Key, Message: message)))
            .Where(x => string.Equals(x.Taker, service, StringComparison.OrdinalIgnoreCase) || x.Message.Assembly.GetName().Name == $"LeadCrm.{service}.Contracts")
            .Where(x => !readme.Contains($"`{x.Message.Name}`", StringComparison.Ordinal))
            .Select(x => $"{x.Message.Name} (taken by {x.Taker})");

        missing.Distinct().Order(StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(References.Services), MemberType = typeof(References))]
    public void Each_team_owns_its_service_its_tests_and_its_routes(string service)
    {
        var owned = Owned();
        foreach (var path in new[] { $"/services/{service}/", $"/tests/LeadCrm.{service}.Tests/", $"/gateway/LeadCrm.Gateway/routes/{service.ToLowerInvariant()}.json" })
            owned.ShouldContainKeyAndValue(path, $"@leadcrm/{service.ToLowerInvariant()}");
    }

    [Fact]
    public void What_the_list_of_owners_names_is_there() =>
        Owned().Keys.Where(path => path != "*" && !Path.Exists(References.Root + path)).ShouldBeEmpty();

    /// <summary>The messages of contracts that consumers and sagas of a service take; its notes to itself are its own affair.</summary>
    private static IEnumerable<Type> Taken(System.Reflection.Assembly service) => service.GetTypes()
        .SelectMany(type => type.GetInterfaces().Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IConsumer<>))
            .Concat(type.GetProperties().Select(p => p.PropertyType).Where(p => p.IsGenericType && p.GetGenericTypeDefinition() == typeof(Event<>))))
        .Select(generic => generic.GetGenericArguments()[0])
        .Where(message => message.Assembly.GetName().Name!.EndsWith(".Contracts", StringComparison.Ordinal))
        .Distinct();

    private static Dictionary<string, string> Owned() => File.ReadAllLines(Path.Combine(References.Root, "CODEOWNERS"))
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(words => words[0], words => words[1]);

    private static IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(References.Root, pattern, new EnumerationOptions { RecurseSubdirectories = true })
        .Where(file => !Relative(file).Split('/').Any(part => NotOurs.Contains(part) || part.StartsWith('.')));

    private static string Relative(string file) => Path.GetRelativePath(References.Root, file).Replace('\\', '/');

    /// <summary>Headings as they are linked to: lower case, hyphens for blanks, without punctuation.</summary>
    private static HashSet<string> Headings(string file) => [.. CodeBlock().Replace(File.ReadAllText(file), "").Split('\n').Where(line => line.StartsWith('#'))
        .Select(line => string.Concat(line.TrimStart('#').Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-'))];

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline, 5000)]
    private static partial Regex CodeBlock();
}
