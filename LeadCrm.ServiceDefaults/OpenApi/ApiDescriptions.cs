using System.Text.Json.Nodes;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Bulk;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Idempotency;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace LeadCrm.ServiceDefaults.OpenApi;

/// <summary>
/// Writes the house's conventions into each service's OpenAPI document, from what its endpoints say of themselves: permissions, problems,
/// If-Match, Idempotency-Key, lists and their files.
/// </summary>
internal static class ApiDescriptions
{
    private const string Problem = "Problem";
    private const string Bearer = "bearer";

    public static void AddApiDescriptions(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = json => OpenApiOptions.CreateDefaultSchemaReferenceId(json) is null ? null : SchemaName(json.Type);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Components ??= new OpenApiComponents();
            document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
            document.Components.Schemas[Problem] = ProblemSchema();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
            document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "An access token; browsers have a session at the gateway instead." };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context);
            return Task.CompletedTask;
        });
    });

    /// <summary>Every action has a Request and every list an Item: the name of what they belong to tells them apart.</summary>
    private static string SchemaName(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return SchemaName(inner);
        if (type.IsArray) return SchemaName(type.GetElementType()!) + "Array";
        var name = type.Name;
        if (name.IndexOf('`', StringComparison.Ordinal) is var tick and > 0) name = name[..tick] + "Of" + string.Concat(type.GetGenericArguments().Select(SchemaName));
        return type.DeclaringType is { } owner && !type.IsGenericParameter ? SchemaName(owner) + name : name;
    }

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var method = context.Description.HttpMethod ?? "GET";
        var permissions = metadata.OfType<EndpointAccess>().Select(a => a.Permission).Distinct(StringComparer.Ordinal).ToArray();
        Permissions(operation, context.Document, permissions);
        if (permissions.Contains(EndpointAccess.Public)) return;

        var problems = new SortedSet<int> { 401, 403 };
        if (operation.Parameters?.Any(p => p.In == ParameterLocation.Path) == true) problems.Add(404);
        if (operation.RequestBody is not null) problems.UnionWith([400, 413, 415, 422]);
        if (method is "PUT" or "PATCH" or "DELETE") Version(operation, problems, metadata.OfType<WithoutVersionMetadata>().LastOrDefault());
        else if (metadata.OfType<VersionMetadata>().LastOrDefault() is { } version) Version(operation, problems, null, version.Required);
        if (method == "POST") Idempotency(operation, problems, metadata);
        if (metadata.OfType<IProducesResponseTypeMetadata>().Any(m => m.Type is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ListPage<>))) List(operation, problems);
        if (metadata.OfType<ExampleMetadata>().LastOrDefault() is { } example && operation.RequestBody?.Content?.Values.FirstOrDefault() is OpenApiMediaType body) body.Example = example.Body.DeepClone();

        operation.Responses ??= [];
        foreach (var status in problems)
        {
            operation.Responses[status.ToString()] = new OpenApiResponse
            {
                Description = Meaning(status),
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(Problem, context.Document) } },
            };
        }
    }

    private static void Permissions(OpenApiOperation operation, OpenApiDocument? document, string[] permissions)
    {
        var named = permissions.Where(p => p is not (EndpointAccess.Public or EndpointAccess.SignedIn or EndpointAccess.Internal)).ToArray();
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal);
        operation.Extensions["x-permissions"] = new JsonNodeExtension(new JsonArray([.. (named.Length > 0 ? named : permissions).Select(p => (JsonNode)p)]));
        var says = named.Length > 0 ? $"Needs the permission {string.Join(" and ", named)}." : permissions.Contains(EndpointAccess.Public) ? "Open to everybody."
            : permissions.Contains(EndpointAccess.Internal) ? "For other services only." : "For whoever is signed in.";
        operation.Description = string.IsNullOrEmpty(operation.Description) ? says : $"{operation.Description} {says}";
        if (!permissions.Contains(EndpointAccess.Public)) operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
    }

    private static void Version(OpenApiOperation operation, SortedSet<int> problems, WithoutVersionMetadata? exception, bool required = true)
    {
        if (exception is not null)
        {
            operation.Description += $" No If-Match: {exception.Why}";
            return;
        }
        Header(operation, "If-Match", required ? "The ETag of the record that you read." : "The ETag of the record that you read, if it matters that nobody has changed it since.", required);
        problems.UnionWith(required ? [400, 409, 412, 428] : [400, 409, 412]);
    }

    private static void Idempotency(OpenApiOperation operation, SortedSet<int> problems, IList<object> metadata)
    {
        if (metadata.OfType<WithoutIdempotencyKeyMetadata>().LastOrDefault() is { } exception) operation.Description += $" No Idempotency-Key: {exception.Why}";
        else if (metadata.Any(m => m is KeepsIdempotencyKey or OwnIdempotency))
        {
            Header(operation, IdempotencyStore.Header, "Makes the request safe to repeat: the same key and body get the same answer for 24 hours, another body is a 422.", required: false);
            problems.UnionWith([400, 422]);
        }
        problems.Add(409);
    }

    private static void List(OpenApiOperation operation, SortedSet<int> problems)
    {
        operation.Description += " Filters: field=value, field[gte]=, [gt], [lte], [lt], [in]=a,b, [contains]=; an unknown field is a 400 that names those there are.";
        Query(operation, "limit", "Rows of a page, 1 to 200; 50 when left out.", JsonSchemaType.Integer);
        Query(operation, "after", "Cursor of the next page, from next of the one before.");
        Query(operation, "sort", "Fields to sort by, - in front for descending: -createdAt,lastName.");
        Query(operation, "q", "Words to look for; typing errors are forgiven. Not every list has it.");
        Query(operation, "count", "true counts up to 10,001, exact counts all.");
        Query(operation, "format", "csv gives the whole filtered list as a file; that needs the permission data.export. The same as Accept: text/csv.");
        problems.Add(400);
        if (operation.Responses?.GetValueOrDefault("200") is OpenApiResponse { Content: { } content })
            content[CsvExport.ContentType] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
    }

    private static void Header(OpenApiOperation operation, string name, string description, bool required) => (operation.Parameters ??= []).Add(new OpenApiParameter
    {
        Name = name, In = ParameterLocation.Header, Required = required, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    });

    private static void Query(OpenApiOperation operation, string name, string description, JsonSchemaType type = JsonSchemaType.String)
    {
        operation.Parameters ??= [];
        if (!operation.Parameters.Any(p => p.Name == name))
            operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Query, Description = description, Schema = new OpenApiSchema { Type = type } });
    }

    private static OpenApiSchema ProblemSchema()
    {
        static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "What went wrong (RFC 9457).",
            Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "traceId" },
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["type"] = Text("Stable name of the problem, such as urn:leadcrm:stale-version."),
                ["title"] = Text("The kind of problem."),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "HTTP status." },
                ["detail"] = Text("What happened and what to do."),
                ["traceId"] = Text("Finds the request in traces and logs."),
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object, Description = "Messages per field.",
                    AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
                },
            },
        };
    }

    private static string Meaning(int status) => status switch
    {
        400 => "The request cannot be read: malformed JSON, an unknown member, an unknown filter.",
        401 => "Not signed in.",
        403 => "Not allowed.",
        404 => "No such record, or you may not see it.",
        409 => "The record's state does not allow it now.",
        412 => "Changed by somebody else since you read it.",
        413 => "The body is too large.",
        415 => "The body has another content type.",
        422 => "Fields or rules are broken; see errors.",
        _ => "If-Match is missing.",
    };
}
