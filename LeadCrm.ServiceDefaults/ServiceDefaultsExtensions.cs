using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Health;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using LeadCrm.ServiceDefaults.Memory;
using LeadCrm.ServiceDefaults.Messaging;
using LeadCrm.ServiceDefaults.OpenApi;
using LeadCrm.ServiceDefaults.ReadModels;
using LeadCrm.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace LeadCrm.ServiceDefaults;

/// <summary>What every service has in common.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Telemetry, health, problem details, JSON, authentication and authorization (deny by default), OpenAPI.</summary>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder, string serviceName)
    {
        builder.AddProcessDefaults(serviceName);
        builder.Services.AddTokenAuthentication();
        builder.Services.AddSingleton<IInterceptor, RetryOnFreshConnection.CommitWatch>();
        return builder;
    }

    /// <summary>The part of it that also fits a process that checks no tokens itself, such as the gateway.</summary>
    public static IHostApplicationBuilder AddProcessDefaults(this IHostApplicationBuilder builder, string serviceName)
    {
        // The builder's own, for debuggers and event tracing, would open a scope each for every request.
        builder.Logging.ClearProviders();
        builder.AddTelemetry(serviceName);
        builder.Logging.AddConsoleFormatter<OneLineConsole, ConsoleFormatterOptions>();
        builder.Logging.AddConsole(console => console.FormatterName = OneLineConsole.FormatterName);
        // The framework's own line per request would double the trace, and carries query strings, which no log may.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddFilter("MassTransit", LogLevel.Warning);
        // It writes an error for every probe while a process starts; whoever probes reads the answer.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpContextAccessor();
        BrokenConnections.AddToAll(services);
        services.AddHostedService<GiveBackWhenIdle>();
        services.AddSingleton<StartGate>();
        services.AddHealthChecks().AddCheck<StartGateHealth>("start", tags: [HealthTags.Ready]).AddCheck<DepartureHealth>("departure", tags: [HealthTags.Ready]);
        services.AddOptions<DepartureOptions>().BindConfiguration(DepartureOptions.Section)
            .Validate(DepartureOptions.AreValid, "Departure:Longest is from nothing to 15 seconds.").ValidateOnStart();
        services.AddSingleton<Departure>();
        services.AddHostedService(provider => provider.GetRequiredService<Departure>());
        services.AddProblemDetails(options => options.CustomizeProblemDetails = ExceptionMapping.AddTraceId);
        services.AddExceptionHandler<ExceptionMapping>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => Json.Apply(options.SerializerOptions));
        services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(options =>
        {
            options.Limits.MaxRequestBodySize = BodyLimits.Largest;   // uploads raise it for their own endpoint
            options.AddServerHeader = false;
        });
        services.AddApiDescriptions();
        return builder;
    }

    /// <summary>Middleware and the endpoints that every service has; call before mapping the service's own.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.UseDeparture();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.Use((http, next) => http.GetEndpoint() switch
        {
            null => Problems.NotFound("There is nothing at this address.").ExecuteAsync(http),
            RouteEndpoint => next(http),
            var refusal => refusal.RequestDelegate!(http),   // 405 and 415 are endpoints that routing makes up: nothing to authorize
        });
        app.UseSpanNames();
        app.UseMiddleware<StartGateMiddleware>();
        app.UseMiddleware<RetryOnFreshConnection>();
        app.UseAuthentication();
        app.UseActor();
        app.UseAuthorization();
        app.UseBodyLimits();
        app.UseCsvExport();

        app.MapHealth();
        app.MapParkedMessages();
        app.MapReadModels();
        app.MapOpenApi("/openapi/{documentName}.json").AllowPublic();
        return app;
    }

    /// <summary>While the process leaves, each answer is the last one on its connection. Comes before all other middleware.</summary>
    public static void UseDeparture(this WebApplication app) => app.Use(app.Services.GetRequiredService<Departure>().Pass);

    /// <summary>Whether the process runs (<c>/health/live</c>) and can do its work (<c>/health/ready</c>).</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowPublic();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(HealthTags.Ready),
            ResponseWriter = WriteHealth,
        }).AllowPublic();
    }

    private static Task WriteHealth(HttpContext http, HealthReport report) => http.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString().ToLowerInvariant(),
        checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { status = entry.Value.Status.ToString().ToLowerInvariant(), entry.Value.Description }),
    });
}
