using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LeadCrm.Leads.Conversion;

/// <summary>Everything around conversions: what the service needs, and a line per endpoint.</summary>
internal static class ConversionEndpoints
{
    /// <summary>Adds what conversions need. The consumer of the participants' answers is added with the messaging.</summary>
    internal static IHostApplicationBuilder AddConversion(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ConversionOptions>().BindConfiguration(ConversionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        // Checks have a deadline of their own, by how much is asked.
        builder.Services.AddServiceClient(ConversionChecks.Accounts).ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddServiceClient(ConversionChecks.Opportunities).ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddSingleton<ConversionNews>();
        builder.Services.AddSingleton<IInterceptor>(services => services.GetRequiredService<ConversionNews>());
        builder.Services.AddSingleton<ConversionCrowd>();
        builder.Services.AddSingleton<ConversionChecks>();
        builder.Services.AddSingleton<ConversionStateMachine>();
        builder.Services.AddSingleton<ConversionStarts>();
        builder.Services.AddScoped<ConversionMail>();
        builder.Services.AddScoped<ConversionChunk>();
        builder.Services.AddScoped<ConversionEnd>();
        builder.Services.AddScoped<IConversionEffects, ConversionEffects>();
        builder.Services.AddScoped<Following>();
        builder.Services.AddScoped<FollowedConversions>();
        builder.Services.AddScoped<StartConversion>();
        builder.Services.AddHostedService<ConversionSweep>();
        builder.Services.AddHostedService<ConversionWatch>();
        return builder;
    }

    internal static IEndpointRouteBuilder MapConversions(this IEndpointRouteBuilder app)
    {
        var conversions = app.MapGroup("/api/leads").WithTags("Conversions").RequirePermission("leads.read");
        conversions.MapPost("/{id:guid}/conversions", StartConversion.Handle)
            .RequirePermission("leads.convert").RequirePermission("leads.edit").WithMetadata(new OwnIdempotency()).WithVersion()
            .WithSummary("Convert a lead into account, contact and opportunity, or preview it");
        conversions.MapGet("/{id:guid}/conversions", ReadConversions.OfLead).WithSummary("List the conversions of a lead");
        conversions.MapGet("/conversions/{conversionId:guid}", ReadConversions.One).WithSummary("Read a conversion and how far it is");
        conversions.MapGet("/conversions/{conversionId:guid}/progress", ReadConversions.Progress).WithSummary("Follow a conversion as server-sent events");
        return app;
    }
}
