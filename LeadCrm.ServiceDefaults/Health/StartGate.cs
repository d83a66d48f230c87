using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LeadCrm.ServiceDefaults.Health;

/// <summary>Something that must be so before the first request is answered and the first message consumed, such as a cache that is filled.</summary>
public interface IStartCondition
{
    /// <summary>What is waited for, as a person would say it.</summary>
    string Name { get; }

    /// <summary>Completes when it is so.</summary>
    Task Met { get; }
}

/// <summary>
/// Closed until every <see cref="IStartCondition"/> is met. A process that comes back after a crash listens before it knows its users;
/// what it answered then would be wrong ("there is no such user"), not just late.
/// </summary>
public sealed class StartGate(IEnumerable<IStartCondition> conditions)
{
    private readonly IStartCondition[] conditions = [.. conditions];
    private Task? open;

    /// <summary>Completes when all conditions are met.</summary>
    public Task Open => open ??= Task.WhenAll(conditions.Select(c => c.Met));

    /// <summary>What is still waited for.</summary>
    public IEnumerable<string> Missing => conditions.Where(c => !c.Met.IsCompletedSuccessfully).Select(c => c.Name);
}

/// <summary>Holds a request back while the gate is closed, for a few seconds: then 503, which says that it may be sent again.</summary>
internal sealed class StartGateMiddleware(RequestDelegate next, StartGate gate)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public Task Invoke(HttpContext http) =>
        gate.Open.IsCompletedSuccessfully || http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) ? next(http) : Wait(http);

    private async Task Wait(HttpContext http)
    {
        try
        {
            await gate.Open.WaitAsync(Patience, http.RequestAborted);
        }
        catch (TimeoutException)
        {
            http.Response.Headers.RetryAfter = "2";
            await Problems.Unavailable("The service is starting. Send the request again in a moment.").ExecuteAsync(http);
            return;
        }
        await next(http);
    }
}

/// <summary>Not ready while the gate is closed.</summary>
internal sealed class StartGateHealth(StartGate gate) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(gate.Open.IsCompletedSuccessfully ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Waiting for " + string.Join(", ", gate.Missing) + "."));
}
