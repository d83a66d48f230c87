using LeadCrm.Leads.Tests;
using LeadCrm.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

[assembly: AssemblyFixture(typeof(LeadsApp))]

namespace LeadCrm.Leads.Tests;

/// <summary>The Leads service on a database and a virtual host of its own, shared by the tests that do not change its setup.</summary>
public class LeadsApp() : ServiceFixture("leads", typeof(Program))
{
    /// <summary>The service's clock: the real one until a test moves it.</summary>
    public MovableClock Clock { get; } = new();

    protected override void ConfigureHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Leads:ReopenEvery", "00:00:00.2");
        builder.UseSetting("RecycleBin:PurgeEvery", "00:00:00.3");
        builder.UseSetting("Leads:ImportPoll", "00:00:00.2");
        builder.UseSetting("Leads:ImportLease", "00:00:03");
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock));
    }
}

/// <summary>A Leads service for one test class that changes its setup or its clock.</summary>
public sealed class OwnLeadsApp : LeadsApp;

/// <summary>A clock that a test may put forward.</summary>
public sealed class MovableClock : TimeProvider
{
    private TimeSpan ahead;

    public void PutForward(TimeSpan time) => ahead += time;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
