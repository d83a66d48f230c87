using LeadCrm.Identity.Contracts;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>Keeps the directory's users up to date.</summary>
internal sealed class UserChangedConsumer(DbContext db) : IConsumer<UserChanged>
{
    public Task Consume(ConsumeContext<UserChanged> context) => DirectoryStore.Apply(db.Connection(), [context.Message], [], context.CancellationToken);
}

/// <summary>Keeps the directory's teams up to date.</summary>
internal sealed class TeamChangedConsumer(DbContext db) : IConsumer<TeamChanged>
{
    public Task Consume(ConsumeContext<TeamChanged> context) => DirectoryStore.Apply(db.Connection(), [], [context.Message], context.CancellationToken);
}

/// <summary>Remembers ended sessions until their last token has run out by itself.</summary>
internal sealed class SessionRevokedConsumer(DbContext db) : IConsumer<SessionRevoked>
{
    public Task Consume(ConsumeContext<SessionRevoked> context) => DirectoryStore.Revoke(db.Connection(), context.Message, context.CancellationToken);
}

file static class ConsumerConnection
{
    /// <summary>The connection of the consumer's transaction.</summary>
    public static NpgsqlConnection Connection(this DbContext db) => (NpgsqlConnection)db.Database.GetDbConnection();
}
