using System.Data.Common;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>
/// Tells failures that may be over in the next moment from those that will not. A try at once holds one of the few places of its queue while it waits: with one
/// message in a hundred that can never be handled, and every failure tried at once, a queue got through half as many. What will not pass by itself is redelivered,
/// which takes no place while it waits.
/// </summary>
internal static class Passing
{
    public static bool IsMeant(Exception exception) => exception switch
    {
        OneByOneException => true,
        PostgresException sql => sql.IsTransient || sql.SqlState is PostgresErrorCodes.UniqueViolation || sql.SqlState.StartsWith("57", StringComparison.Ordinal),   // a twin was faster; the server stops
        DbException or DbUpdateConcurrencyException or IOException or HttpRequestException => true,
        _ => exception.InnerException is { } inner && IsMeant(inner),
    };
}

/// <summary>A message with several items failed as a whole; what works of it is found by trying each by itself, which is done at once.</summary>
internal sealed class OneByOneException(Exception reason) : MassTransitException("One of several items fails: " + reason.Message, reason);
