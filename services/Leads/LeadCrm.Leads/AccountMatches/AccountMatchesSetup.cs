using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.ReadModels;

namespace LeadCrm.Leads.AccountMatches;

/// <summary>What the feature needs of the application.</summary>
internal static class AccountMatchesSetup
{
    public static void AddAccountMatches(this IHostApplicationBuilder builder)
    {
        foreach (var service in (string[])["accounts", "opportunities"])
        {
            builder.Services.AddHttpClient(KnownRecordsFeed.ClientOf(service), client =>
            {
                if (builder.Configuration[$"services:{service}:http:0"] is { } address) client.BaseAddress = new Uri(address);
                if (builder.Configuration[InternalKey.Setting] is { } key) client.DefaultRequestHeaders.Add(InternalKey.Header, key);
                client.Timeout = TimeSpan.FromSeconds(10);
            });
        }
        builder.Services.AddSingleton<KnownRecordsFeed>();
        builder.Services.AddSingleton<IReadModel>(services => services.GetRequiredService<KnownRecordsFeed>());
        builder.Services.AddHostedService(services => services.GetRequiredService<KnownRecordsFeed>());
    }
}
