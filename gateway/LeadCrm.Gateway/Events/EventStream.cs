namespace LeadCrm.Gateway.Events;

/// <summary>What waits to be told.</summary>
/// <param name="Changes">The newest of each record.</param>
/// <param name="LastId">Of the last change that was looked at, whether or not it may be told.</param>
/// <param name="Missed">True: there was more than is kept. What is on the page may be old.</param>
internal sealed record Waiting(IReadOnlyCollection<RecordChange> Changes, string LastId, bool Missed);

/// <summary>One browser's stream: what has changed since it was last told something.</summary>
internal sealed class EventStream(Guid userId) : IDisposable
{
    private const int Most = 1_000;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim news = new(0, 1);
    private readonly Dictionary<(string, Guid), RecordChange> changes = [];
    private string lastId = "";
    private bool missed;

    public Guid UserId => userId;

    /// <summary>Somebody may want to know of this.</summary>
    public void Add(RecordChange change, string id)
    {
        lock (gate)
        {
            lastId = id;
            if (changes.Count >= Most && !changes.ContainsKey((change.Type, change.Id)))
            {
                changes.Clear();
                missed = true;
            }
            // Who saw it before a change that was not told yet still wants to know.
            var former = changes.GetValueOrDefault((change.Type, change.Id));
            changes[(change.Type, change.Id)] = former is null ? change : change with { FormerOwnerId = former.FormerOwnerId ?? change.FormerOwnerId, FormerQueueId = former.FormerQueueId ?? change.FormerQueueId };
        }
        Wake();
    }

    /// <summary>What came before this was not heard.</summary>
    public void Miss(string id)
    {
        lock (gate)
        {
            changes.Clear();
            lastId = id;
            missed = true;
        }
        Wake();
    }

    /// <summary>Takes what waits; null when nothing does.</summary>
    public Waiting? Take()
    {
        lock (gate)
        {
            if (missed)
            {
                missed = false;
                if (changes.Count > 0 && news.CurrentCount == 0) news.Release();   // what came after the gap is told next
                return new Waiting([], lastId, true);
            }
            if (changes.Count == 0) return null;
            var waiting = new Waiting([.. changes.Values], lastId, false);
            changes.Clear();
            return waiting;
        }
    }

    /// <summary>Waits for news; false when none has come in this time.</summary>
    public Task<bool> Wait(TimeSpan time, CancellationToken ct) => news.WaitAsync(time, ct);

    public void Dispose() => news.Dispose();

    private void Wake()
    {
        lock (gate)
        {
            if (news.CurrentCount == 0) news.Release();
        }
    }
}
