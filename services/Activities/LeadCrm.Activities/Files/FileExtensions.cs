namespace LeadCrm.Activities.Files;

internal static class FileExtensions
{
    internal static void AddFiles(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<FilesOptions>().BindConfiguration("Files").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<FileStore>().AddSingleton<Thumbnails>();
        builder.Services.AddScoped<FileActions>().AddScoped<AttachedFiles>();
    }
}
