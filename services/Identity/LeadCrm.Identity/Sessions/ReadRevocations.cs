using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;
using OpenTelemetry;

namespace LeadCrm.Identity.Sessions;

/// <summary>
/// What was ended lately, for the gateways, which refuse it from then on. They ask several times a second: one small index is read, and no
/// trace is kept of it.
/// </summary>
internal static class ReadRevocations
{
    // A row carries the time at which it was written, not that of its commit: ten seconds are looked at again for those that committed
    // late. Who asks for the first time gets everything whose tokens could still be good. After a clock that was set back, what was answered last lies ahead:
    // then it is asked from now on, or nothing would be told until that time comes.
    private const string Sql =
        """
        select clock_timestamp(), coalesce(array_agg(session_id), array[]::uuid[]) from revocations
        where at > least(coalesce($1, now() - interval '15 minutes'), now()) - interval '10 seconds'
        """;

    /// <param name="AsOf">What to send as <c>since</c> next.</param>
    /// <param name="Sessions">The <c>sid</c> of tokens to refuse; some may come again.</param>
    internal sealed record Response(DateTimeOffset AsOf, IReadOnlyList<Guid> Sessions);

    internal static async Task<Ok<Response>> Handle(NpgsqlDataSource database, CancellationToken ct, DateTimeOffset? since = null)
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)since?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        // The clock is read before the rows are: whatever is written meanwhile falls into the seconds that the next question looks at again.
        return TypedResults.Ok(new Response(row.GetFieldValue<DateTimeOffset>(0), row.GetFieldValue<Guid[]>(1)));
    }
}
