using LeadCrm.SampleData;
using Shouldly;
using Xunit;

namespace LeadCrm.AppHost.Tests.Unit;

public sealed class SampleDataTests
{
    private static readonly string[] Lines = GeneratedLeads.Csv(300).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void The_file_has_300_leads_and_is_the_same_every_time()
    {
        Lines.Length.ShouldBe(301);
        GeneratedLeads.Csv(300).ShouldBe(GeneratedLeads.Csv(300));
    }

    [Fact]
    public void No_company_and_no_address_appears_twice_so_that_nothing_is_a_duplicate_by_accident()
    {
        var rows = Lines.Skip(1).Select(l => l.Split(',')).ToArray();

        rows.Select(r => r[2]).Distinct().Count().ShouldBe(300);
        rows.Select(r => r[4]).Distinct().Count().ShouldBe(300);
        rows.ShouldAllBe(r => r[4].EndsWith(".example", StringComparison.Ordinal));
    }
}
