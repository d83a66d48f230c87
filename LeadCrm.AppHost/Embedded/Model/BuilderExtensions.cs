using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>PostgreSQL in the model.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a PostgreSQL server. The embedded host generates the superuser's name and password.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        EmbeddedOnly.Refuse(userName, password);
        return builder.AddResource(new PostgresServerResource(name, port));
    }

    /// <summary>Keeps the data; the embedded host always does, in its data folder.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) => builder;

    /// <summary>Adds a database to the server.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.DatabaseResources.Add(database);
        return builder.ApplicationBuilder.AddResource(database);
    }
}

/// <summary>RabbitMQ in the model.</summary>
public static class RabbitMQBuilderExtensions
{
    /// <summary>Adds a RabbitMQ node. The embedded host generates its user's password.</summary>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        EmbeddedOnly.Refuse(userName, password);
        return builder.AddResource(new RabbitMQServerResource(name, port));
    }

    /// <summary>Keeps the data; the embedded host always does, in its data folder.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(
        this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) => builder;

    /// <summary>Adds the management plug-in: its page and its HTTP interface.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder, int? port)
    {
        builder.Resource.Management = true;
        builder.Resource.ManagementPort = port;
        return builder;
    }

    /// <summary>Adds the management plug-in on any free port.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder) =>
        builder.WithManagementPlugin(null);
}

/// <summary>Parameters in the model.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter: <c>Parameters__NAME</c> from the environment, otherwise a value made once and kept.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        if (!persist)
        {
            throw new NotSupportedException("The embedded host keeps every generated parameter: say persist: true.");
        }

        return builder.AddResource(new ParameterResource(name, value, secret));
    }
}

/// <summary>.NET projects in the model.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project by the path of its folder's project file, relative to the application host's folder.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        builder.AddResource(new ProjectResource(name, Path.GetFullPath(projectPath, builder.AppHostDirectory)));

    /// <summary>Runs it in so many copies behind its one address. With one copy there is nothing in between.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        builder.Resource.Replicas = replicas;
        return builder;
    }
}

/// <summary>What several kinds of resources share.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>Gives the connection string <c>ConnectionStrings__NAME</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        Project(builder).References.Add((connectionName ?? source.Resource.Name, source.Resource));
        return builder;
    }

    /// <summary>Gives the address <c>services__NAME__http__0</c>. It is known before the other one runs, so circles are allowed.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        Project(builder).References.Add((source.Resource.Name, source.Resource));
        return builder;
    }

    /// <summary>Sets an environment variable.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment
    {
        Project(builder).Environment.Add((name, value ?? ""));
        return builder;
    }

    /// <summary>Sets an environment variable to a parameter's value.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment
    {
        Project(builder).Environment.Add((name, parameter.Resource));
        return builder;
    }

    /// <summary>Starts only when the other resource is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport
    {
        ((Resource)(object)builder.Resource).WaitsFor.Add(dependency.Resource);
        return builder;
    }

    /// <summary>Listens for HTTP. On the embedded host on 127.0.0.1, on the given port when it is free.</summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null)
        where T : IResourceWithEndpoints
    {
        var project = Project(builder);
        project.HasHttpEndpoint = true;
        project.PreferredPort = port;
        return builder;
    }

    /// <summary>Is healthy when a GET of the path answers with the status.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var project = Project(builder);
        project.HealthPath = path ?? "/";
        project.HealthStatus = statusCode ?? 200;
        return builder;
    }

    /// <summary>Is meant for people: the embedded host prints its address.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        Project(builder).IsExternal = true;
        return builder;
    }

    private static ProjectResource Project<T>(IResourceBuilder<T> builder)
        where T : IResource =>
        builder.Resource as ProjectResource
        ?? throw new NotSupportedException($"The embedded host supports this for projects only, not for '{builder.Resource.Name}'.");
}

internal static class EmbeddedOnly
{
    /// <summary>Credentials of native servers are always generated, so a model that gives its own is refused rather than ignored.</summary>
    internal static void Refuse(params object?[] values)
    {
        if (values.Any(v => v is not null))
        {
            throw new NotSupportedException("The embedded host generates the credentials of its servers.");
        }
    }
}
