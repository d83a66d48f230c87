using LeadCrm.Identity.Contracts;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>Keeps the directory's users up to date.</summary>
internal sealed class UserChangedConsumer(DbContext db) : IConsumer<UserChanged>
{
    public Task Consume(ConsumeContext<UserChanged> context) => db.Apply(new DirectoryNews { Users = [context.Message] }, context.CancellationToken);
}

/// <summary>Keeps the directory's teams up to date.</summary>
internal sealed class TeamChangedConsumer(DbContext db) : IConsumer<TeamChanged>
{
    public Task Consume(ConsumeContext<TeamChanged> context) => db.Apply(new DirectoryNews { Teams = [context.Message] }, context.CancellationToken);
}

/// <summary>Keeps the organisation's settings up to date.</summary>
internal sealed class OrganisationChangedConsumer(DbContext db) : IConsumer<OrganisationChanged>
{
    public Task Consume(ConsumeContext<OrganisationChanged> context) => db.Apply(new DirectoryNews { Organisation = context.Message }, context.CancellationToken);
}

/// <summary>Keeps the sharing rules up to date.</summary>
internal sealed class SharingRuleChangedConsumer(DbContext db) : IConsumer<SharingRuleChanged>
{
    public Task Consume(ConsumeContext<SharingRuleChanged> context) => db.Apply(new DirectoryNews { SharingRules = [context.Message] }, context.CancellationToken);
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

    public static Task Apply(this DbContext db, DirectoryNews news, CancellationToken ct) => DirectoryStore.Apply(db.Connection(), news, repair: false, ct);
}
