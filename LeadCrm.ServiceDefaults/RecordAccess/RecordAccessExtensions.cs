using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.ReadModels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LeadCrm.ServiceDefaults.RecordAccess;

/// <summary>Adds the copy of who owns the records of other services.</summary>
public static class RecordAccessExtensions
{
    /// <summary>
    /// Fills and reconciles <c>platform.record_access</c> and <c>platform.queue_members</c> from the owners' feeds, and lets operators have
    /// them rebuilt. The service's own consumers bring what changes, through <see cref="RecordAccessStore.Apply"/> and <see cref="QueueStore.Apply"/>.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="recordTypes">Kinds of records to know of; all when none is named.</param>
    public static IHostApplicationBuilder AddRecordAccess(this IHostApplicationBuilder builder, params string[] recordTypes)
    {
        var services = builder.Services;
        services.Configure<RecordAccessOptions>(builder.Configuration.GetSection("RecordAccess"));
        var owners = RecordAccessOwner.All.Where(owner => recordTypes.Length == 0 || recordTypes.Contains(owner.RecordType) || owner.RecordType == RecordAccessOwner.Queues).ToArray();
        foreach (var owner in owners) services.AddSingleton(owner);
        foreach (var owner in owners.DistinctBy(owner => owner.Client)) services.AddInternalClient(owner.Client, owner.Service);
        services.AddSingleton<RecordAccessReader>();
        services.AddSingleton<IReadModel>(provider => provider.GetRequiredService<RecordAccessReader>());
        services.AddHostedService(provider => provider.GetRequiredService<RecordAccessReader>());
        return builder;
    }
}
