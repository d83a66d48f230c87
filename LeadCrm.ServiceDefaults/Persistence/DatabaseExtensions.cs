using System.Diagnostics;
using LeadCrm.ServiceDefaults.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>Adds a service's one database.</summary>
public static class DatabaseExtensions
{
    /// <summary>
    /// What a GIN index has not sorted in yet lies on a list, which every search reads to its end: milliseconds for the 4 MB that PostgreSQL lets it grow to. A
    /// sixteenth of that still sorts in many rows at once.
    /// </summary>
    private const string ShortPendingLists = "-c gin_pending_list_limit=256kB";

    /// <summary>
    /// Registers the <see cref="NpgsqlDataSource"/> of the connection string <paramref name="name"/>, a pooled <typeparamref name="TDb"/>
    /// over it, migrations at start and the readiness check.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name of the connection string.</param>
    /// <param name="planOnce">
    /// One plan for a prepared statement, whatever its values, instead of one for each execution that promises to be cheaper: planning a list costs
    /// three times what reading it does. For a service whose statements each have an index for what they look for, and patterns only on trigrams.
    /// </param>
    public static IHostApplicationBuilder AddDatabase<TDb>(this IHostApplicationBuilder builder, string name, bool planOnce = false) where TDb : DbContext
    {
        builder.Services.AddSingleton(_ => DataSource(builder.Configuration, name, planOnce));
        builder.Services.AddSingleton<DatabaseReady>();
        builder.Services.AddSingleton<IStartCondition>(services => services.GetRequiredService<DatabaseReady>());
        builder.Services.AddSingleton<ChangeInterceptor>();
        builder.Services.AddSingleton<LostTransactions>();
        builder.Services.AddSingleton<Idempotency.IdempotencyCleanup>();
        builder.Services.AddDbContextPool<TDb>((services, options) => Configure<TDb>(options, services.GetRequiredService<NpgsqlDataSource>())
            .AddInterceptors(services.GetRequiredService<ChangeInterceptor>(), services.GetRequiredService<LostTransactions>())
            .AddInterceptors(services.GetServices<IInterceptor>()), poolSize: 64);
        builder.Services.AddScoped<DbContext>(services => services.GetRequiredService<TDb>());
        builder.Services.AddHostedService<DatabaseStartup<TDb>>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Idempotency.IdempotencyCleanup>());
        builder.Services.Configure<RecycleBinOptions>(builder.Configuration.GetSection("RecycleBin"));
        builder.Services.AddHostedService<RecycleBinPurge<TDb>>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: [HealthTags.Ready]).AddCheck<SpaceHealth>("space", HealthStatus.Degraded, tags: [HealthTags.Ready]);
        builder.Services.AddSingleton<SpaceHealth>();
        return builder;
    }

    /// <summary>The options that the running service and design-time tools share.</summary>
    public static DbContextOptionsBuilder Configure<TDb>(DbContextOptionsBuilder options, NpgsqlDataSource dataSource) where TDb : DbContext =>
        options
            // Npgsql's own strategy tries nothing again either, but hides a failure that may pass in another exception, in which nobody here looks for it.
            .UseNpgsql(dataSource, npgsql => npgsql.MigrationsAssembly(typeof(TDb).Assembly.GetName().Name).ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies)))
            .UseSnakeCaseNamingConvention()
            .ReplaceService<IModificationCommandBatchFactory, SetBatchFactory>()
            .ConfigureWarnings(warnings => warnings.Ignore(
                RelationalEventId.PendingModelChangesWarning, CoreEventId.PossibleIncorrectRequiredNavigationWithQueryFilterInteractionWarning));

    private static NpgsqlDataSource DataSource(IConfiguration configuration, string name, bool planOnce)
    {
        var text = configuration.GetConnectionString(name)
            ?? throw new InvalidOperationException($"The connection string '{name}' is missing: set ConnectionStrings__{name}.");
        var settings = new NpgsqlConnectionStringBuilder(text);
        // Statements that repeat are prepared by the driver; the few that differ each time do not evict them.
        if (!text.Contains("Max Auto Prepare", StringComparison.OrdinalIgnoreCase)) settings.MaxAutoPrepare = 100;
        // Nothing here leaves settings or locks behind on a connection; resetting it would be a statement more for each time one is opened.
        if (!text.Contains("No Reset On Close", StringComparison.OrdinalIgnoreCase)) settings.NoResetOnClose = true;
        // Nobody here has tickets of Kerberos. By default the driver takes each failure to connect for a refusal of encryption by them, and tries again.
        if (!text.Contains("GSS Encryption Mode", StringComparison.OrdinalIgnoreCase)) settings.GssEncryptionMode = GssEncryptionMode.Disable;
        settings.Options ??= ShortPendingLists + (planOnce ? " -c plan_cache_mode=force_generic_plan" : "");
        // Few: each connection is a server process with its own caches and plans, and a service at work keeps all of them warm. With ten instead
        // of 28, seven services' PostgreSQL needed 780 MB instead of 2,160, and 35 ms of CPU for a conversion instead of 60.
        if (!text.Contains("Maximum Pool Size", StringComparison.OrdinalIgnoreCase)) settings.MaxPoolSize = 10;
        if (!text.Contains("Timeout", StringComparison.OrdinalIgnoreCase)) settings.Timeout = 10;
        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        // SQL belongs to a request or a message. The polls of background work would each be a trace of their own, several a second.
        source.ConfigureTracing(tracing => tracing
            .ConfigureCommandFilter(_ => Activity.Current is not null)
            .ConfigureBatchFilter(_ => Activity.Current is not null));
        return source.Build();
    }
}
