using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Scenarios;

/// <summary>The first steps of the documentation, exactly as they stand there, against the running system.</summary>
[Collection(nameof(SharedSystem))]
public sealed partial class GettingStartedTests(RunningSystem system, ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_page_leads_from_sign_in_to_a_converted_lead()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(RunningSystem.Root(), "docs", "getting-started.md"), TestContext.Current.CancellationToken);
        var blocks = BashBlock().Matches(page).Select(match => match.Groups["commands"].Value).ToList();
        blocks.Count.ShouldBeGreaterThan(3);

        var (code, said, complaints) = await Bash(string.Join('\n', blocks));

        output.WriteLine(said);
        code.ShouldBe(0, $"{said}\n{complaints}");
        var answers = said.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!).ToList();
        answers.ShouldContain(answer => (bool?)answer["isConverted"] == true && (string?)answer["convertedAccountId"] != null && (string?)answer["convertedContactId"] != null && (string?)answer["convertedOpportunityId"] != null);
        answers.ShouldContain(answer => answer["items"] is JsonArray && answer["items"]!.AsArray().Any(item => (string?)item!["name"] == "An engine for Ada"));
    }

    /// <summary>Runs commands as one script that stops at the first that fails.</summary>
    private async Task<(int Code, string Said, string Complaints)> Bash(string commands)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", commands]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = RunningSystem.Root() };
        start.Environment["LEADCRM_DATA"] = system.DataFolder;
        using var bash = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var said = bash.StandardOutput.ReadToEndAsync(deadline.Token);
            var complaints = bash.StandardError.ReadToEndAsync(deadline.Token);
            await bash.WaitForExitAsync(deadline.Token);
            return (bash.ExitCode, await said, await complaints);
        }
        finally
        {
            if (!bash.HasExited) bash.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"^```bash\n(?<commands>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex BashBlock();
}
