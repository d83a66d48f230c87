using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace LeadCrm.ServiceDefaults.Http;

/// <summary>Endpoint metadata: the change raises no version, so <c>If-Match</c> is not asked for.</summary>
/// <param name="Why">The reason, for who reads the API's description.</param>
public sealed record WithoutVersionMetadata(string Why);

/// <summary>Endpoint metadata: this POST looks at <c>If-Match</c>.</summary>
/// <param name="Required">Whether it must be there.</param>
public sealed record VersionMetadata(bool Required);

/// <summary>Endpoint metadata: this POST keeps no <c>Idempotency-Key</c>.</summary>
/// <param name="Why">The reason, for who reads the API's description.</param>
public sealed record WithoutIdempotencyKeyMetadata(string Why);

/// <summary>Endpoint metadata: a body as a client would send it.</summary>
public sealed record ExampleMetadata(JsonNode Body);

/// <summary>Where an endpoint departs from the house's conventions it says so, and why; a test walks all others.</summary>
public static class ConventionExtensions
{
    /// <summary>Says why a PUT, PATCH or DELETE asks for no <c>If-Match</c>.</summary>
    public static TBuilder WithoutVersion<TBuilder>(this TBuilder builder, string why) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new WithoutVersionMetadata(why));

    /// <summary>Says that a POST looks at <c>If-Match</c>, as every PUT, PATCH and DELETE does: when it is sent, or always.</summary>
    public static TBuilder WithVersion<TBuilder>(this TBuilder builder, bool required = false) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new VersionMetadata(required));

    /// <summary>Says why a POST keeps no <c>Idempotency-Key</c>, such as that it writes nothing.</summary>
    public static TBuilder WithoutIdempotencyKey<TBuilder>(this TBuilder builder, string why) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new WithoutIdempotencyKeyMetadata(why));

    /// <summary>
    /// A body as a client would send it: shown in the API's description, and what the walk through all services creates its records
    /// from. An id of zeros stands for the id of a record that the field's name tells, such as <c>accountId</c>.
    /// </summary>
    public static TBuilder WithExample<TBuilder>(this TBuilder builder, object body) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new ExampleMetadata(JsonSerializer.SerializeToNode(body, Json.Options)!));
}
