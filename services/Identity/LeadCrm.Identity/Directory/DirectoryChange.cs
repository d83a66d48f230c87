using LeadCrm.Identity.Data;
using LeadCrm.Identity.Organisation;
using LeadCrm.Identity.Roles;
using LeadCrm.Identity.Sharing;
using LeadCrm.Identity.Teams;
using LeadCrm.Identity.Users;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace LeadCrm.Identity.Directory;

/// <summary>Opens changes of the directory: users, teams, roles, the organisation's settings and sharing rules.</summary>
internal sealed class DirectoryChanges(IdentityDb db, IPublishEndpoint publish)
{
    /// <summary>
    /// Starts a change. From here to its commit no other change of the directory runs, in any replica. Two things need that:
    /// <list type="bullet">
    /// <item>Versions come from a sequence, and a sequence hands out numbers in the order of asking, not of committing. A reader of
    /// <c>changes?since=</c> could see 8 while 7 is not committed yet, and never ask for 7 again. Under the lock numbers become
    /// visible in their order.</item>
    /// <item>Rules about several rows (no cycle in the tree, one administrator is left) hold only when the rows stand still.</item>
    /// </list>
    /// The directory changes a few times an hour, so that one writer at a time costs nothing.
    /// </summary>
    public async Task<DirectoryChange> Begin(CancellationToken ct)
    {
        // With an idempotency key the request already runs in a transaction, which then also commits.
        var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        try
        {
            await db.Lock(IdentityDb.DirectoryLock, ct);
            return new DirectoryChange(db, publish, own);
        }
        catch
        {
            if (own is not null) await own.DisposeAsync();
            throw;
        }
    }
}

/// <summary>One change of the directory: the rows, their new versions and the events about them are one commit.</summary>
internal sealed class DirectoryChange(IdentityDb db, IPublishEndpoint publish, IDbContextTransaction? transaction) : IAsyncDisposable
{
    /// <summary>The user, or what its roles add up to, is different now. Call after the last change of it.</summary>
    public async Task Changed(User user, CancellationToken ct)
    {
        user.TakeVersion(await NextVersion(ct));
        await publish.PublishFor(user.Id, user.ToEvent(), ct);
    }

    /// <summary>The team is different now. Call after the last change of it.</summary>
    public async Task Changed(Team team, CancellationToken ct)
    {
        team.TakeVersion(await NextVersion(ct));
        await publish.PublishFor(team.Id, team.ToEvent(), ct);
    }

    /// <summary>The organisation's settings are different now. Call after the last change of them.</summary>
    public async Task Changed(OrganisationSettings settings, CancellationToken ct)
    {
        settings.TakeVersion(await NextVersion(ct));
        await publish.PublishFor(settings.Id, settings.ToEvent(), ct);
    }

    /// <summary>The sharing rule is different now. Call after the last change of it.</summary>
    public async Task Changed(SharingRule rule, CancellationToken ct)
    {
        rule.TakeVersion(await NextVersion(ct));
        await publish.PublishFor(rule.Id, rule.ToEvent(), ct);
    }

    /// <summary>The role is different now. Nobody hears of roles as such: the users that hold it are published.</summary>
    public async Task Changed(Role role, CancellationToken ct) => role.TakeVersion(await NextVersion(ct));

    public async Task Commit(CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        if (transaction is not null) await transaction.CommitAsync(ct);
    }

    public ValueTask DisposeAsync() => transaction?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task<long> NextVersion(CancellationToken ct) =>
        db.Database.SqlQueryRaw<long>($"select nextval('{IdentityDb.DirectoryVersions}') as \"Value\"").SingleAsync(ct);
}
