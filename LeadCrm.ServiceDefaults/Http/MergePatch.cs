using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace LeadCrm.ServiceDefaults.Http;

/// <summary>
/// A JSON Merge Patch (RFC 7396) of an editable shape: members that are absent stay, null clears, the rest replaces. Unknown members are
/// refused by name, as in any body.
/// </summary>
public sealed class MergePatch<T> : IEndpointParameterMetadataProvider where T : class
{
    private readonly JsonObject patch;

    /// <summary>A patch from its JSON object.</summary>
    public MergePatch(JsonObject patch) => this.patch = patch;

    /// <summary>Names of the members that the patch speaks of.</summary>
    public IEnumerable<string> Members => patch.Select(member => member.Key);

    /// <summary>What <paramref name="current"/> becomes.</summary>
    public T ApplyTo(T current)
    {
        var target = JsonSerializer.SerializeToNode(current, Json.Options)!.AsObject();
        Merge(target, patch);
        return target.Deserialize<T>(Json.Options)!;
    }

    /// <summary>Reads the body; called by minimal APIs.</summary>
    public static async ValueTask<MergePatch<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var type = context.Request.ContentType ?? "";
        if (!type.StartsWith("application/merge-patch+json", StringComparison.OrdinalIgnoreCase) && !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
            throw new DomainRuleException("unsupported-media-type", "Send the change as application/merge-patch+json.", 415);

        var node = await JsonNode.ParseAsync(context.Request.Body, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }, cancellationToken: context.RequestAborted);
        if (node is not JsonObject members) throw new DomainRuleException("malformed-body", "A merge patch is a JSON object with the fields to change.", 400);
        RefuseUnknown(members, typeof(T));
        return new MergePatch<T>(members);
    }

    /// <summary>Refused before the record is looked for, as in any other body.</summary>
    private static void RefuseUnknown(JsonObject members, Type shape)
    {
        var known = Json.Options.GetTypeInfo(shape);
        if (known.Kind != JsonTypeInfoKind.Object) return;
        foreach (var (name, value) in members)
        {
            var property = known.Properties.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.Ordinal))
                ?? throw new UnknownMemberException(name);
            if (value is JsonObject inner) RefuseUnknown(inner, property.PropertyType);
        }
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/merge-patch+json"], typeof(T)));

    private static void Merge(JsonObject target, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is JsonObject inner)
            {
                var nested = target[name] as JsonObject ?? [];
                Merge(nested, inner);
                target[name] = nested.DeepClone();
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }
}
