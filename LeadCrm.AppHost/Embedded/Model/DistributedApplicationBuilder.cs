using Aspire.Hosting.ApplicationModel;
using LeadCrm.AppHost.Embedded;

namespace Aspire.Hosting;

/// <summary>Collects the resources of the model.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Where the application host's project lies; project paths are relative to it.</summary>
    string AppHostDirectory { get; }

    /// <summary>Adds a resource; names are unique.</summary>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>Ends the model.</summary>
    DistributedApplication Build();
}

/// <summary>The embedded host's builder: a list of resources and the options of this run.</summary>
internal sealed class EmbeddedApplicationBuilder(HostOptions options) : IDistributedApplicationBuilder
{
    public List<IResource> Resources { get; } = [];

    public HostOptions Options => options;

    public string AppHostDirectory => options.AppHostDirectory;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.Any(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidOperationException($"There is already a resource named '{resource.Name}'.");
        }

        Resources.Add(resource);
        return new EmbeddedResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build()
    {
        if (Resources.OfType<ProjectResource>().FirstOrDefault(p => p is { HasHttpEndpoint: false, Replicas: > 1 }) is { } job)
        {
            throw new NotSupportedException($"The embedded host runs '{job.Name}', which has no endpoint, as a job: once, not in several copies.");
        }

        return new DistributedApplication(new EmbeddedHost(options, Resources));
    }
}

internal sealed class EmbeddedResourceBuilder<T>(IDistributedApplicationBuilder builder, T resource) : IResourceBuilder<T>
    where T : IResource
{
    public IDistributedApplicationBuilder ApplicationBuilder => builder;

    public T Resource => resource;
}
