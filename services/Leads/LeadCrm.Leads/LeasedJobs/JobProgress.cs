using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using LeadCrm.Leads.Data;

namespace LeadCrm.Leads.LeasedJobs;

/// <summary>The progress of a job as server-sent events.</summary>
internal static class JobProgress
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);

    /// <summary>The job whenever it has moved, until it is over.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="seen">What of it is watched: it has moved when this is another one.</param>
    /// <param name="toAnswer">How it is shown.</param>
    /// <param name="scopes">A scope for each look, so that a watcher holds no connection.</param>
    /// <param name="clock">Time.</param>
    /// <param name="ct">The watcher leaves.</param>
    public static async IAsyncEnumerable<SseItem<TAnswer>> Follow<TJob, TAnswer>(
        Guid id, Func<TJob, object> seen, Func<TJob, TAnswer> toAnswer, IServiceScopeFactory scopes, TimeProvider clock, [EnumeratorCancellation] CancellationToken ct)
        where TJob : class, ILeasedJob
    {
        using var timer = new PeriodicTimer(Every, clock);
        object? shown = null;
        do
        {
            TJob? job;
            await using (var scope = scopes.CreateAsyncScope()) job = await scope.ServiceProvider.GetRequiredService<LeadsDb>().Set<TJob>().FindAsync([id], ct);
            if (job is null) yield break;
            var now = seen(job);
            if (now.Equals(shown)) continue;
            shown = now;
            yield return new SseItem<TAnswer>(toAnswer(job), "progress");
            if (job.IsFinished) yield break;
        }
        while (await timer.WaitForNextTickAsync(ct));
    }
}
