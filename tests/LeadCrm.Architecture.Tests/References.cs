using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace LeadCrm.Architecture.Tests;

/// <summary>Who may reference whom: a team must be able to move its folders to a repository of its own.</summary>
public sealed class References
{
    internal static readonly string Root = FindRoot();

    public static TheoryData<string> Services => [.. Directory.GetDirectories(Path.Combine(Root, "services")).Select(d => Path.GetFileName(d)!)];

    [Theory, MemberData(nameof(Services))]
    public void A_service_references_only_contracts_and_ServiceDefaults(string service)
    {
        var references = ProjectReferences($"services/{service}/LeadCrm.{service}/LeadCrm.{service}.csproj");

        references.ShouldNotBeEmpty();
        references.ShouldAllBe(name => name == "LeadCrm.ServiceDefaults" || name.EndsWith(".Contracts", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Services))]
    public void Contracts_depend_on_nothing(string service)
    {
        var project = $"services/{service}/LeadCrm.{service}.Contracts/LeadCrm.{service}.Contracts.csproj";

        ProjectReferences(project).ShouldBeEmpty();
        PackageReferences(project).ShouldBeEmpty();
    }

    [Fact]
    public void ServiceDefaults_knows_no_service_but_the_directory_messages_of_Identity() =>
        ProjectReferences("LeadCrm.ServiceDefaults/LeadCrm.ServiceDefaults.csproj").ShouldBe(["LeadCrm.Identity.Contracts"]);

    [Fact]
    public void The_gateway_references_no_service() =>
        ProjectReferences("gateway/LeadCrm.Gateway/LeadCrm.Gateway.csproj")
            .ShouldAllBe(name => name == "LeadCrm.ServiceDefaults" || name == "LeadCrm.Identity.Contracts");

    [Fact]
    public void The_application_host_references_no_service() =>
        ProjectReferences("LeadCrm.AppHost/LeadCrm.AppHost.csproj").ShouldBeEmpty();

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Root, "LeadCrm.sln")).Replace('\\', '/');
        var missing = Directory.GetFiles(Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/") && !path.StartsWith('.') && !path.Contains("node_modules"))
            .Where(path => !path.StartsWith("tools/LeadCrm.App/", StringComparison.Ordinal))   // only publishes the others, for ./run.sh
            .Where(path => !solution.Contains(path))
            .ToList();

        missing.ShouldBeEmpty();
    }

    private static List<string> ProjectReferences(string project) =>
        [.. Items(project, "ProjectReference").Select(include => Path.GetFileNameWithoutExtension(include)!)];

    private static List<string> PackageReferences(string project) => Items(project, "PackageReference");

    private static List<string> Items(string project, string kind) =>
        [.. XDocument.Load(Path.Combine(Root, project)).Descendants(kind).Select(item => item.Attribute("Include")!.Value)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "LeadCrm.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}
