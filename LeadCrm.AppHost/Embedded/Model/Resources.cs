using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting
{
    /// <summary>Others reach it by name over HTTP.</summary>
    public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
}

namespace Aspire.Hosting.Publishing
{
    /// <summary>Context of a manifest; the embedded host publishes none.</summary>
    public sealed class ManifestPublishingContext
    {
        private ManifestPublishingContext()
        {
        }
    }
}

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>Something that the application consists of.</summary>
    public interface IResource
    {
        /// <summary>Unique within the model.</summary>
        string Name { get; }
    }

    /// <summary>Hands a resource through the fluent calls of the model.</summary>
    public interface IResourceBuilder<out T>
        where T : IResource
    {
        /// <summary>The model that the resource belongs to.</summary>
        IDistributedApplicationBuilder ApplicationBuilder { get; }

        /// <summary>The resource itself.</summary>
        T Resource { get; }
    }

    /// <summary>Can be given environment variables.</summary>
    public interface IResourceWithEnvironment : IResource;

    /// <summary>Listens on endpoints.</summary>
    public interface IResourceWithEndpoints : IResource;

    /// <summary>Can wait for others before it starts.</summary>
    public interface IResourceWithWaitSupport : IResource;

    /// <summary>Others reach it by a connection string.</summary>
    public interface IResourceWithConnectionString : IResource;

    /// <summary>A part of another resource.</summary>
    public interface IResourceWithParent<out T> : IResource
        where T : IResource
    {
        /// <summary>The resource that this one is a part of.</summary>
        T Parent { get; }
    }

    /// <summary>What every resource has: a name and what it waits for.</summary>
    public abstract class Resource(string name) : IResource
    {
        /// <inheritdoc />
        public virtual string Name { get; } = name;

        internal List<IResource> WaitsFor { get; } = [];
    }

    /// <summary>A value from outside the model; generated ones are kept in the data folder.</summary>
    public class ParameterResource : Resource
    {
        internal ParameterResource(string name, ParameterDefault? generated, bool secret)
            : base(name)
        {
            Default = generated;
            Secret = secret;
        }

        /// <summary>Never shown in a log.</summary>
        public bool Secret { get; }

        internal ParameterDefault? Default { get; }
    }

    /// <summary>Makes the first value of a parameter that nobody gave one.</summary>
    public abstract class ParameterDefault
    {
        /// <summary>Writes the default to a manifest; never called by the embedded host.</summary>
        public abstract void WriteToManifest(ManifestPublishingContext context);

        /// <summary>A new value.</summary>
        public abstract string GetDefaultValue();
    }

    /// <summary>Random letters and digits, and punctuation where it is asked for.</summary>
    public sealed class GenerateParameterDefault : ParameterDefault
    {
        /// <summary>How long the value is at least.</summary>
        public int MinLength { get; set; } = 22;

        /// <summary>Whether small letters are used.</summary>
        public bool Lower { get; set; } = true;

        /// <summary>Whether capital letters are used.</summary>
        public bool Upper { get; set; } = true;

        /// <summary>Whether digits are used.</summary>
        public bool Numeric { get; set; } = true;

        /// <summary>Whether punctuation is used.</summary>
        public bool Special { get; set; } = true;

        /// <inheritdoc />
        public override string GetDefaultValue()
        {
            // Letters that look alike are left out: these values are read from a terminal and typed.
            string[] classes =
            [
                Lower ? "abcdefghjkmnpqrstuvwxyz" : "", Upper ? "ABCDEFGHJKMNPQRSTUVWXYZ" : "",
                Numeric ? "23456789" : "", Special ? "-_.!*+" : "",
            ];
            var used = classes.Where(c => c.Length > 0).ToArray();
            var all = string.Concat(used);

            // One of each class, so that any password rule about classes is met; then shuffled.
            var value = used.Select(c => c[RandomNumberGenerator.GetInt32(c.Length)])
                .Concat(RandomNumberGenerator.GetItems<char>(all, Math.Max(0, MinLength - used.Length)))
                .ToArray();
            RandomNumberGenerator.Shuffle<char>(value);
            return new string(value);
        }

        /// <inheritdoc />
        public override void WriteToManifest(ManifestPublishingContext context) => throw new NotSupportedException();
    }

    /// <summary>A PostgreSQL server.</summary>
    public class PostgresServerResource : Resource, IResourceWithConnectionString, IResourceWithEndpoints, IResourceWithWaitSupport
    {
        internal PostgresServerResource(string name, int? port)
            : base(name) => PreferredPort = port;

        internal int? PreferredPort { get; }

        internal List<PostgresDatabaseResource> DatabaseResources { get; } = [];
    }

    /// <summary>A database; the embedded host gives each its own user, who may connect to no other.</summary>
    public class PostgresDatabaseResource : Resource, IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
    {
        internal PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent)
            : base(name)
        {
            DatabaseName = databaseName;
            Parent = parent;
        }

        /// <summary>The name that the server knows it by.</summary>
        public string DatabaseName { get; }

        /// <inheritdoc />
        public PostgresServerResource Parent { get; }
    }

    /// <summary>A RabbitMQ node.</summary>
    public class RabbitMQServerResource : Resource, IResourceWithConnectionString, IResourceWithEndpoints, IResourceWithWaitSupport
    {
        internal RabbitMQServerResource(string name, int? port)
            : base(name) => PreferredPort = port;

        internal int? PreferredPort { get; }

        internal bool Management { get; set; }

        internal int? ManagementPort { get; set; }
    }

    /// <summary>A .NET project, run as a process.</summary>
    public class ProjectResource : Resource, IResourceWithEnvironment, IResourceWithServiceDiscovery, IResourceWithWaitSupport
    {
        internal ProjectResource(string name, string projectPath)
            : base(name) => ProjectPath = projectPath;

        internal string ProjectPath { get; }

        internal bool HasHttpEndpoint { get; set; }

        internal int? PreferredPort { get; set; }

        internal int Replicas { get; set; } = 1;

        /// <summary>The names of its processes: its own, or one for each copy.</summary>
        internal IEnumerable<string> Processes => Replicas == 1 ? [Name] : Enumerable.Range(1, Replicas).Select(number => $"{Name}-{number}");

        /// <summary>Without an endpoint it is a job: run once per data folder.</summary>
        internal bool IsJob => !HasHttpEndpoint;

        internal bool IsExternal { get; set; }

        internal string? HealthPath { get; set; }

        internal int HealthStatus { get; set; } = 200;

        internal List<(string Name, object Value)> Environment { get; } = [];

        internal List<(string ConnectionName, IResource Resource)> References { get; } = [];
    }
}
