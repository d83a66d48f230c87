using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Health;
using LeadCrm.ServiceDefaults.Http;
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

namespace LeadCrm.ServiceDefaults;

/// <summary>What every service has in common.</summary>
public static class ServiceDefaultsExtensions
{
    private const long LargestBody = 4 * 1024 * 1024;

    /// <summary>Telemetry, health, problem details, JSON, authentication and authorization (deny by default), OpenAPI.</summary>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder, string serviceName)
    {
        builder.AddTelemetry(serviceName);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpContextAccessor();
        services.AddTokenAuthentication();
        services.AddSingleton<IInterceptor, RetryOnFreshConnection.CommitWatch>();
        services.AddHealthChecks();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = ExceptionMapping.AddTraceId);
        services.AddExceptionHandler<ExceptionMapping>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => Json.Apply(options.SerializerOptions));
        services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(options =>
        {
            options.Limits.MaxRequestBodySize = LargestBody;   // uploads raise it for their own endpoint
            options.AddServerHeader = false;
        });
        services.AddOpenApi("v1");
        return builder;
    }

    /// <summary>Middleware and the endpoints that every service has; call before mapping the service's own.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseMiddleware<RetryOnFreshConnection>();
        app.UseAuthentication();
        app.UseActor();
        app.UseAuthorization();

        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowPublic();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(HealthTags.Ready),
            ResponseWriter = WriteHealth,
        }).AllowPublic();
        app.MapOpenApi("/openapi/{documentName}.json").AllowPublic();
        app.MapFallback(() => Problems.NotFound("There is nothing at this address.")).AllowPublic().ExcludeFromDescription();
        return app;
    }

    private static Task WriteHealth(HttpContext http, HealthReport report) => http.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString().ToLowerInvariant(),
        checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { status = entry.Value.Status.ToString().ToLowerInvariant(), entry.Value.Description }),
    });
}
