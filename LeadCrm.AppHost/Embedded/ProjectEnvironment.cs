using Aspire.Hosting.ApplicationModel;

namespace LeadCrm.AppHost.Embedded;

/// <summary>The configuration that a service gets, in Aspire's own form and in nothing else.</summary>
internal static class ProjectEnvironment
{
    /// <summary>How long a copy that is to stop goes on answering: longer than it takes to be noticed, by a probe every two seconds, that it takes no new connections.</summary>
    private static readonly TimeSpan Departure = TimeSpan.FromSeconds(3);

    /// <summary>For a project of one copy, or for one of several: that one listens at an address of its own and is told apart by its name.</summary>
    public static Dictionary<string, string> For(
        ProjectResource project,
        Func<IResource, string> connectionString,
        Func<ProjectResource, string> url,
        Func<ParameterResource, string> parameter,
        IReadOnlyDictionary<string, string> telemetry,
        (string Name, string Url)? copy = null)
    {
        var environment = new Dictionary<string, string>(telemetry) { ["OTEL_SERVICE_NAME"] = project.Name };
        if (project.HasHttpEndpoint)
        {
            environment["ASPNETCORE_URLS"] = copy?.Url ?? url(project);
        }

        if (copy is { } one)
        {
            environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={one.Name}";
            environment["Departure__Longest"] = Departure.ToString("c");
        }

        foreach (var (name, resource) in project.References)
        {
            if (resource is ProjectResource other)
            {
                environment[$"services__{name}__http__0"] = url(other);
            }
            else
            {
                environment[$"ConnectionStrings__{name}"] = connectionString(resource);
            }
        }

        // Last, so that the model can override anything.
        foreach (var (name, value) in project.Environment)
        {
            environment[name] = value as string ?? parameter((ParameterResource)value);
        }

        return environment;
    }
}
