using LeadCrm.Identity.Contracts;
using MassTransit;

namespace LeadCrm.ServiceDefaults.Directory;

/// <summary>Keeps the directory's users up to date.</summary>
internal sealed class UserChangedConsumer(DirectoryStore store) : IConsumer<UserChanged>
{
    public Task Consume(ConsumeContext<UserChanged> context) => store.Apply([context.Message], [], context.CancellationToken);
}

/// <summary>Keeps the directory's teams up to date.</summary>
internal sealed class TeamChangedConsumer(DirectoryStore store) : IConsumer<TeamChanged>
{
    public Task Consume(ConsumeContext<TeamChanged> context) => store.Apply([], [context.Message], context.CancellationToken);
}

/// <summary>Remembers ended sessions until their last token has run out by itself.</summary>
internal sealed class SessionRevokedConsumer(DirectoryStore store) : IConsumer<SessionRevoked>
{
    public Task Consume(ConsumeContext<SessionRevoked> context) => store.Revoke(context.Message, context.CancellationToken);
}
