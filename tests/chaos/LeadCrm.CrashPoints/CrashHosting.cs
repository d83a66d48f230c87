using System.Diagnostics.Metrics;
using LeadCrm.Chaos.Faults;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

[assembly: HostingStartup(typeof(LeadCrm.CrashPoints.CrashHosting))]

namespace LeadCrm.CrashPoints;

/// <summary>Watches a service reach its points: its commits by an interceptor, and the moment between the broker's confirmation and the outbox by what is counted there.</summary>
public sealed class CrashHosting : IHostingStartup
{
    private static readonly MeterListener Sent = new()
    {
        InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "leadcrm.outbox.sent") listener.EnableMeasurementEvents(instrument);
        },
    };

    public void Configure(IWebHostBuilder builder)
    {
        builder.ConfigureServices(services => services.AddSingleton<IInterceptor, CrashInterceptor>());
        Sent.SetMeasurementEventCallback<long>((_, confirmed, _, _) =>
        {
            if (confirmed > 0) Crash.IfOrdered(CrashPoint.AfterPublishBeforeMarkedSent);
        });
        Sent.Start();
    }
}
