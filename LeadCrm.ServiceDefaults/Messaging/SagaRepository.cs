using MassTransit;
using MassTransit.Configuration;
using MassTransit.Context;
using MassTransit.Middleware;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>Makes AddSagaStateMachine keep its state in the service's DbContext, with nothing more to configure.</summary>
internal sealed class SagaRepositoryProvider<TDb> : ISagaRepositoryRegistrationProvider where TDb : DbContext
{
    public void Configure<TSaga>(ISagaRegistrationConfigurator<TSaga> configurator) where TSaga : class, ISaga => configurator.Repository(services =>
    {
        services.RegisterLoadSagaRepository<TSaga, SagaContextFactory<TDb, TSaga>>();
        services.RegisterQuerySagaRepository<TSaga, SagaContextFactory<TDb, TSaga>>();
        services.RegisterSagaRepository<TSaga, TDb, SagaConsumeContextFactory<TDb, TSaga>, SagaContextFactory<TDb, TSaga>>();
    });
}

/// <summary>
/// Saga instances as rows of the service's DbContext. Runs inside the transaction that the inbox opened: the saga's row, the inbox row
/// and what the saga publishes are one commit.
/// </summary>
internal sealed class SagaContextFactory<TDb, TSaga>(TDb db, ISagaConsumeContextFactory<TDb, TSaga> contexts)
    : ISagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>
    where TDb : DbContext where TSaga : class, ISaga
{
    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class =>
        next.Send(new SagaContext<TDb, TSaga, T>(db, context, contexts));

    public async Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next) where T : class
    {
        var found = new List<TSaga>();
        foreach (var id in await Find(query, context.CancellationToken))
            if (await SagaRow<TSaga>.Lock(db, id, context.CancellationToken) is { } saga) found.Add(saga);
        await next.Send(new LoadedSagaRepositoryQueryContext<TSaga, T>(new SagaContext<TDb, TSaga, T>(db, context, contexts), found));
    }

    public Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default) where T : class =>
        asyncMethod(new ReadContext(this, cancellationToken));

    public Task<T> Execute<T>(Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default) where T : class =>
        asyncMethod(new ReadContext(this, cancellationToken));

    public void Probe(ProbeContext context) => context.Add("persistence", "service database");

    private Task<List<Guid>> Find(ISagaQuery<TSaga> query, CancellationToken ct) =>
        db.Set<TSaga>().AsNoTracking().Where(query.FilterExpression).Select(saga => saga.CorrelationId).ToListAsync(ct);

    private sealed class ReadContext(SagaContextFactory<TDb, TSaga> factory, CancellationToken ct)
        : BasePipeContext(ct), LoadSagaRepositoryContext<TSaga>, QuerySagaRepositoryContext<TSaga>
    {
        public Task<TSaga> Load(Guid correlationId) =>
            factory.DbSet.AsNoTracking().SingleOrDefaultAsync(saga => saga.CorrelationId == correlationId, CancellationToken)!;

        public async Task<SagaRepositoryQueryContext<TSaga>> Query(ISagaQuery<TSaga> query, CancellationToken cancellationToken = default) =>
            new DefaultSagaRepositoryQueryContext<TSaga>(this, await factory.Find(query, cancellationToken));
    }

    private DbSet<TSaga> DbSet => db.Set<TSaga>();
}

/// <summary>One message's access to the saga: rows are only tracked here, the inbox saves and commits them.</summary>
internal sealed class SagaContext<TDb, TSaga, T>(TDb db, ConsumeContext<T> context, ISagaConsumeContextFactory<TDb, TSaga> contexts)
    : ConsumeContextScope<T>(context, db), SagaRepositoryContext<TSaga, T>
    where TDb : DbContext where TSaga : class, ISaga where T : class
{
    private readonly ConsumeContext<T> context = context;

    public Task<SagaConsumeContext<TSaga, T>> Add(TSaga instance) => CreateSagaConsumeContext(context, instance, SagaConsumeContextMode.Add);

    /// <summary>Inserts ahead of the behaviour; a twin that was faster makes this a load.</summary>
    public async Task<SagaConsumeContext<TSaga, T>> Insert(TSaga instance)
    {
        var transaction = db.Database.CurrentTransaction ?? throw new InvalidOperationException("A saga is consumed inside the inbox's transaction");
        await transaction.CreateSavepointAsync("saga_insert", CancellationToken);
        var entry = db.Add(instance);
        try
        {
            await db.SaveChangesAsync(CancellationToken);
            return await CreateSagaConsumeContext(context, instance, SagaConsumeContextMode.Insert);
        }
        catch (DbUpdateException ex) when (ex.InnerException is Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.UniqueViolation })
        {
            await transaction.RollbackToSavepointAsync("saga_insert", CancellationToken);
            entry.State = EntityState.Detached;
            return null!;
        }
    }

    public async Task<SagaConsumeContext<TSaga, T>> Load(Guid correlationId) =>
        await SagaRow<TSaga>.Lock(db, correlationId, CancellationToken) is { } saga
            ? await CreateSagaConsumeContext(context, saga, SagaConsumeContextMode.Load)
            : null!;

    public Task Save(SagaConsumeContext<TSaga> context)
    {
        db.Add(context.Saga);
        return Task.CompletedTask;
    }

    public Task Update(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Delete(SagaConsumeContext<TSaga> context)
    {
        db.Remove(context.Saga);
        return Task.CompletedTask;
    }

    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<TSaga> context)
    {
        db.Entry(context.Saga).State = EntityState.Detached;
        return Task.CompletedTask;
    }

    public Task<SagaConsumeContext<TSaga, TMessage>> CreateSagaConsumeContext<TMessage>(
        ConsumeContext<TMessage> consumeContext, TSaga instance, SagaConsumeContextMode mode) where TMessage : class =>
        contexts.CreateSagaConsumeContext(db, consumeContext, instance, mode);
}

/// <summary>Loads a saga's row and locks it until the transaction ends, so that events of one saga are worked on one after the other.</summary>
internal static class SagaRow<TSaga> where TSaga : class, ISaga
{
    private static string? sql;

    public static Task<TSaga?> Lock(DbContext db, Guid correlationId, CancellationToken ct) =>
        db.Set<TSaga>().FromSqlRaw(sql ??= Sql(db), correlationId).AsTracking().SingleOrDefaultAsync(ct);

    private static string Sql(DbContext db)
    {
        var entity = db.Model.FindEntityType(typeof(TSaga)) ?? throw new InvalidOperationException($"{typeof(TSaga).Name} is not mapped");
        var names = db.GetService<ISqlGenerationHelper>();
        var table = names.DelimitIdentifier(entity.GetTableName()!, entity.GetSchema());
        var key = names.DelimitIdentifier(entity.FindProperty(nameof(ISaga.CorrelationId))!.GetColumnName());
        return $"select * from {table} where {key} = {{0}} for update";
    }
}
