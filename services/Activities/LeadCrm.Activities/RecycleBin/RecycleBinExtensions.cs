namespace LeadCrm.Activities.RecycleBin;

internal static class RecycleBinExtensions
{
    internal static void AddRecycleBin(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<RecycleBinOptions>(builder.Configuration.GetSection("RecycleBin"));
        builder.Services.AddHostedService<PurgeRecycleBin>();
    }
}
