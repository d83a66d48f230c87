using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LeadCrm.Leads.Conversion;

/// <summary>
/// Tells those who wait in this process, once it is committed, that a conversion (or its undo) has entered a state; and counts it then. What other
/// replicas do <see cref="ConversionWatch"/> sees in the database and passes on.
/// </summary>
internal sealed class ConversionNews : DbTransactionInterceptor
{
    private readonly ConditionalWeakTable<DbContext, List<IOperation>> _uncommitted = [];
    private readonly ConcurrentDictionary<Guid, Topic> _topics = new();
    private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when this process next commits the end of operations. Take it before looking, or an end in between is missed.</summary>
    public Task NextEnd => Volatile.Read(ref _ended).Task;

    /// <summary>The context's running transaction puts the operation into another state.</summary>
    public void OnCommit(DbContext db, IOperation operation) => _uncommitted.GetOrCreateValue(db).Add(operation);

    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        Forget(eventData.Context);
        return result;
    }

    public override ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        Forget(eventData.Context);   // whatever an earlier use of the pooled context left behind never happened
        return ValueTask.FromResult(result);
    }

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Tell(eventData.Context);

    public override Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Tell(eventData.Context);
        return Task.CompletedTask;
    }

    /// <summary>Starts to listen to a conversion; dispose to stop. Listen before looking, or a change in between is missed.</summary>
    public Listener Listen(Guid conversionId)
    {
        while (true)
        {
            var topic = _topics.GetOrAdd(conversionId, static _ => new Topic());
            if (topic.TryEnter()) return new Listener(this, conversionId, topic);
        }
    }

    /// <summary>The conversions that are listened to.</summary>
    public ICollection<Guid> Topics => _topics.Keys;

    /// <summary>A conversion was seen in a state; those who listen are told unless they have heard it already.</summary>
    public void Seen(Guid conversionId, string state)
    {
        if (_topics.TryGetValue(conversionId, out var topic)) topic.TellIfNew(state);
    }

    private void Forget(DbContext? db)
    {
        if (db is not null) _uncommitted.Remove(db);
    }

    private void Tell(DbContext? db)
    {
        if (db is null || !_uncommitted.Remove(db, out var operations)) return;
        var ended = false;
        foreach (var operation in operations.Distinct())
        {
            if (operation.FinishedAt is not null)
            {
                operation.Count();
                ended = true;
            }
            if (_topics.TryGetValue(operation.CorrelationId, out var topic)) topic.Tell(operation.CurrentState, operation as ConversionState);
        }
        if (ended) Interlocked.Exchange(ref _ended, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>Hears of one conversion: every state that this replica brings about in order, of others' the latest ones.</summary>
    internal sealed class Listener(ConversionNews news, Guid conversionId, Topic topic) : IDisposable
    {
        private Chapter _next = topic.Next;

        /// <summary>The conversion as it was committed with the state heard last; null when another replica committed it.</summary>
        public ConversionState? Conversion { get; private set; }

        /// <summary>The next state that was entered since listening began; null when none was within the given time.</summary>
        public async Task<string?> NextState(TimeSpan atMost, CancellationToken ct)
        {
            try
            {
                (var state, Conversion, _next) = await _next.Told.Task.WaitAsync(atMost, ct);
                return state;
            }
            catch (TimeoutException)
            {
                return null;
            }
        }

        public void Dispose()
        {
            if (topic.Leave()) news._topics.TryRemove(new KeyValuePair<Guid, Topic>(conversionId, topic));
        }
    }

    /// <summary>Those who listen to one conversion.</summary>
    internal sealed class Topic
    {
        private readonly Lock _gate = new();
        private Chapter _next = new();
        private string? _told;
        private int _listeners;
        private bool _closed;

        public Chapter Next { get { lock (_gate) return _next; } }

        public void Tell(string state, ConversionState? conversion = null)
        {
            lock (_gate)
            {
                var told = _next;
                (_next, _told) = (new Chapter(), state);
                told.Told.SetResult((state, conversion, _next));
            }
        }

        public void TellIfNew(string state)
        {
            lock (_gate)
            {
                if (_told != state) Tell(state);
            }
        }

        /// <summary>False: the last listener has just left and closed it; take a new one.</summary>
        public bool TryEnter()
        {
            lock (_gate)
            {
                if (!_closed) _listeners++;
                return !_closed;
            }
        }

        /// <summary>True: that was the last listener.</summary>
        public bool Leave()
        {
            lock (_gate) return _closed = --_listeners == 0;
        }
    }

    /// <summary>A state to come, and the one after it.</summary>
    internal sealed class Chapter
    {
        public TaskCompletionSource<(string State, ConversionState? Conversion, Chapter Next)> Told { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>A saga's row that people wait for.</summary>
internal interface IOperation
{
    /// <summary>The operation's id.</summary>
    Guid CorrelationId { get; }

    /// <summary>Name of the state it is in.</summary>
    string CurrentState { get; }

    /// <summary>When it was over; null while it runs.</summary>
    DateTimeOffset? FinishedAt { get; }

    /// <summary>Counts it among those that are over.</summary>
    void Count();
}
