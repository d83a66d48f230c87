using LeadCrm.Security;
using Shouldly;
using Xunit;

namespace LeadCrm.EndToEnd.Tests.Scenarios;

/// <summary>
/// The short version of <c>tests/security/probe</c>, which tries every operation as everybody and with everything that is no valid token, against
/// <c>tests/security/expected.md</c>. The parts that take minutes run only there.
/// </summary>
[Collection(nameof(SharedSystem))]
public sealed class AccessScenarioTests(RunningSystem system, ITestOutputHelper output)
{
    [Fact]
    public async Task PM5_everybody_may_do_what_is_declared_and_nothing_else()
    {
        using var page = new StringWriter();
        var report = new Report(file: null, page);

        await new Probe(new ProbedSystem(system.DataFolder), report).Run(["credentials", "access", "sessions", "doors"], isShort: true);

        output.WriteLine(page.ToString());
        string.Join('\n', report.Findings).ShouldBeEmpty();
    }
}
