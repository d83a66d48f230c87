using System.Data.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Http;

/// <summary>
/// After PostgreSQL restarts, every pooled connection dies at its first use. The driver empties its pool then, so one repetition on a
/// fresh connection succeeds; it is made only where the first attempt cannot have committed anything.
/// </summary>
internal sealed class RetryOnFreshConnection(RequestDelegate next)
{
    private const long LargestBufferedBody = 4 * 1024 * 1024;
    private static readonly object MayBeCommitted = new();

    public async Task InvokeAsync(HttpContext http)
    {
        var hasBody = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody
            ?? (http.Request.ContentLength is > 0 || http.Request.Headers.TransferEncoding.Count > 0);
        var repeatable = !hasBody || (http.Request.ContentLength is <= LargestBufferedBody && http.Request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true);
        // An idempotency key is compared by the body's hash, which is taken when the handler's parameters have been read from it already.
        if (hasBody && (repeatable || http.Request.Headers.ContainsKey(Idempotency.IdempotencyStore.Header))) http.Request.EnableBuffering();
        try
        {
            await next(http);
        }
        catch (Exception ex) when (repeatable && ConnectionWasLost(ex) && !http.Response.HasStarted && !http.Items.ContainsKey(MayBeCommitted))
        {
            if (hasBody) http.Request.Body.Position = 0;
            http.Response.Clear();
            await using var scope = http.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
            var before = http.RequestServices;
            http.RequestServices = scope.ServiceProvider;
            try { await next(http); }
            finally { http.RequestServices = before; }
        }
    }

    internal static bool ConnectionWasLost(Exception exception) => exception switch
    {
        // 57P01..57P03: shutdown, crash, not yet accepting; 08xxx: connection exceptions.
        PostgresException postgres => postgres.SqlState is "57P01" or "57P02" or "57P03" || postgres.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: IOException or System.Net.Sockets.SocketException } => true,
        // A save of a single statement has no transaction: where the server did not say that it was given up, it may have come through.
        DbUpdateException { InnerException: PostgresException inner } => ConnectionWasLost(inner),
        InvalidOperationException { InnerException: NpgsqlException inner } => ConnectionWasLost(inner),
        _ => false,
    };

    /// <summary>
    /// Notes on the request that something of it is committed, or may be: a commit was sent, or a statement outside a transaction was carried out, or was lost on the way
    /// without a word from the server. From then on nothing may be repeated.
    /// </summary>
    internal sealed class CommitWatch(IHttpContextAccessor accessor) : DbTransactionInterceptor, IDbCommandInterceptor
    {
        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            Note();
            return ValueTask.FromResult(result);
        }

        public ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            if (WritesAlone(command, eventData)) Note();
            return ValueTask.FromResult(result);
        }

        public ValueTask<DbDataReader> ReaderExecutedAsync(DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            if (WritesAlone(command, eventData)) Note();
            return ValueTask.FromResult(result);
        }

        public Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
        {
            if (WritesAlone(command, eventData) && eventData.Exception is not PostgresException) Note();   // what the server refuses it has not done
            return Task.CompletedTask;
        }

        private static bool WritesAlone(DbCommand command, CommandEventData data) =>
            command.Transaction is null && (data.ExecuteMethod == DbCommandMethod.ExecuteNonQuery || data.CommandSource == CommandSource.SaveChanges);

        private void Note()
        {
            if (accessor.HttpContext is { } http) http.Items[MayBeCommitted] = true;
        }
    }
}
