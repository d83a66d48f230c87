using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadCrm.ServiceDefaults.ReadModels;

/// <summary>What an operator does with copies of other services' data: look how they stand, have them rebuilt while the system runs.</summary>
internal static class ReadModelEndpoints
{
    /// <summary>The copies of a service.</summary>
    internal sealed record Response(IReadOnlyList<ReadModelState> Items);

    /// <summary>Maps the endpoints, if the service has messaging.</summary>
    public static void MapReadModels(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<MessagingService>() is not { } service) return;
        var operators = app.MapGroup($"/api/{service.Name}/read-models").RequirePermission("messages.manage").WithTags("Operations");
        operators.MapGet("/", List).WithSummary("Copies of other services' data and how they stand.");
        operators.MapPost("/{name}/rebuild", Rebuild).WithoutIdempotencyKey("rebuilding twice gives the same.").WithSummary("Rebuilds a copy from its owner's feed while the system runs: directory, record-access.");
        app.MapGroup("/internal/read-models").RequireInternal().WithTags("Internal")
            .MapPost("/{name}/rebuild", Rebuild).WithSummary("The same for other services and scripts.");
    }

    private static async Task<Ok<Response>> List(IEnumerable<IReadModel> models, ReadModelStates states, CancellationToken ct) =>
        TypedResults.Ok(new Response(await states.Read(models.SelectMany(model => model.Parts), ct)));

    private static async Task<Results<Accepted<Response>, ProblemHttpResult>> Rebuild(
        string name, IEnumerable<IReadModel> models, ReadModelStates states, MessagingService service, CancellationToken ct)
    {
        if (models.FirstOrDefault(m => m.Name == name) is not { } model) return Problems.NotFound($"This service has no read model '{name}'.");
        await states.Request(model.Parts, ct);
        model.Wake();
        return TypedResults.Accepted($"/api/{service.Name}/read-models", new Response(await states.Read(model.Parts, ct)));
    }
}
