namespace LeadCrm.Activities.Upkeep;

/// <summary>How long what users were told is kept (section <c>RecycleBin</c>).</summary>
internal sealed class UpkeepOptions
{
    /// <summary>How long notifications are kept.</summary>
    public TimeSpan KeepNotifications { get; set; } = TimeSpan.FromDays(90);
}

internal static class UpkeepExtensions
{
    internal static void AddUpkeep(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<UpkeepOptions>(builder.Configuration.GetSection("RecycleBin"));
        builder.Services.AddHostedService<ForgetWhatIsOver>();
    }
}
