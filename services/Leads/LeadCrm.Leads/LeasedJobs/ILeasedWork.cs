namespace LeadCrm.Leads.LeasedJobs;

/// <summary>
/// A kind of work on many leads that takes long, of which one job after the other lies in the database: a table of jobs (id, state, problem, created_at, started_at,
/// finished_at, attempts, lease_owner, lease_until) and one of the leads of each (state). <see cref="LeasedJobWorker{TWork}"/> hands the jobs out.
/// </summary>
internal interface ILeasedWork
{
    /// <summary>What a job of it is called in the log and to who looks at it, such as "bulk conversion".</summary>
    static abstract string Name { get; }

    /// <summary>The tables of jobs and of their leads, and the column that names the job there. Names of ours, never of a user.</summary>
    static abstract (string Jobs, string Leads, string JobOfLead) Tables { get; }

    /// <summary>Where its jobs are over HTTP.</summary>
    static abstract string Address { get; }

    /// <summary>Jobs that one replica runs at the same time.</summary>
    int AtOnce { get; }

    /// <summary>How often a replica without work looks for some.</summary>
    TimeSpan Poll { get; }

    /// <summary>After this long without a sign of life another replica takes a job over.</summary>
    TimeSpan Lease { get; }

    /// <summary>
    /// Runs a job until it is over, a user pauses it, or an exception; says in which state it ended. Extends the lease as it goes, and throws
    /// <see cref="LeaseLostException"/> when it is another replica's.
    /// </summary>
    Task<string> Run(Guid id, Guid replica, CancellationToken ct);
}

/// <summary>Wakes the worker of this replica when there may be something to do.</summary>
internal sealed class JobSignal<TWork> : IDisposable where TWork : ILeasedWork
{
    private readonly SemaphoreSlim waiting = new(0);

    internal void Wake() => waiting.Release();

    internal Task Wait(TimeSpan atMost, CancellationToken ct) => waiting.WaitAsync(atMost, ct);

    public void Dispose() => waiting.Dispose();
}

/// <summary>Another replica has taken the job over: this run ends without a trace.</summary>
internal sealed class LeaseLostException() : Exception("The job is no longer held by this replica.");

/// <summary>Registers a kind of work with its worker and what steers its jobs.</summary>
internal static class LeasedWorkExtensions
{
    public static IServiceCollection AddLeasedWork<TJob, TWork>(this IServiceCollection services) where TJob : class, ILeasedJob where TWork : class, ILeasedWork =>
        services.AddSingleton<JobSignal<TWork>>().AddSingleton<TWork>().AddHostedService<LeasedJobWorker<TWork>>().AddScoped<JobControl<TJob, TWork>>();
}
