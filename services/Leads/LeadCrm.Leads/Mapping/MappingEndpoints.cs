using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Leads.Mapping;

/// <summary>The mapping of conversions: whoever may read leads sees it, who manages the setup changes it.</summary>
internal static class MappingEndpoints
{
    /// <summary>Adds what the mapping needs.</summary>
    internal static void AddConversionMapping(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MappingCache>().AddScoped<MappingUses>().AddSingleton<MappingUsesUpkeep>();
        builder.AddNews<MappingCache>("leads-db", MappingCache.News, cache => cache.Forget());
        builder.Services.AddHostedService(services => services.GetRequiredService<MappingUsesUpkeep>());
    }

    internal static void MapConversionMapping(this IEndpointRouteBuilder app)
    {
        var mapping = app.MapGroup("/api/leads/conversion-mapping").WithTags("Conversions").RequirePermission("leads.read");
        mapping.MapGet("", SetUpMapping.Get).WithSummary("Which lead fields become which fields of account, contact and opportunity");
        mapping.MapPut("", SetUpMapping.Change).RequirePermission("setup.manage").WithSummary("Change the mapping, its switches and exchange rates");
        mapping.MapGet("history", SetUpMapping.ReadHistory).RequirePermission("setup.manage").WithSummary("Every change of the mapping");
    }
}
