using LeadCrm.Activities.Merges;

namespace LeadCrm.Activities.Touches;

internal static class TouchesExtensions
{
    internal static void AddTouches(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<TouchesOptions>(builder.Configuration.GetSection("Touches"));
        builder.Services.AddScoped<RecordTouches>().AddScoped<FollowMerges>();
        builder.Services.AddHostedService<TimePasses>();
    }
}
