using System.Text.Json;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Directory;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Accounts.Merging;

/// <summary>
/// Makes several accounts one (AC4), field by field. Contacts, accounts below, and what other services keep follow the survivor; the others go
/// to the recycle bin, from where only an undo of the merge brings them back. One commit.
/// </summary>
internal sealed class MergeAccounts(
    AccountsDb db, AccountAccess access, AccountReferences references, CustomValues custom, MergeReferences following, IDirectory directory, IPublishEndpoint publish,
    IOptions<MergeOptions> options, TimeProvider clock)
{
    /// <summary>The survivor's team is everybody's; where it stands in the tree follows from where all of them stood.</summary>
    private static readonly string[] Computed = ["team", "parentAccountId"];

    internal static async Task<Results<VersionedOk<MergeResponse>, ProblemHttpResult>> Handle(Guid id, MergeRequest request, HttpContext http, MergeAccounts merging, CancellationToken ct) =>
        await merging.Run(id, request, http.RequireIfMatch(), ct);

    private async Task<Results<VersionedOk<MergeResponse>, ProblemHttpResult>> Run(Guid id, MergeRequest request, long expected, CancellationToken ct)
    {
        // As with every change, that it may not be, not now, or not of this version comes before what is wrong with the body.
        var known = await access.ForEdit(db.Accounts.IgnoreQueryFilters([Provisional.Filter]).AsNoTracking(), id, ct);
        if (known is null) return Problems.NotFound();
        known.EnsureNotProvisional();
        Versions.Check(expected, known.Version);
        var loserIds = request.Check(id);
        var (mergeId, now) = (Guid.CreateVersion7(), clock.GetUtcNow());
        using var acting = Actor.Use(Actor.Current.For(mergeId));
        // A request with an Idempotency-Key has one already.
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        Guid[] ids = [id, .. loserIds];
        var all = await access.Locked(ids, ct);
        if (!all.TryGetValue(id, out var survivor)) return Problems.NotFound();
        var errors = new FieldErrors();
        foreach (var (index, loserId) in loserIds.Index())
            if (!all.ContainsKey(loserId)) errors.Add($"records[{index}].id", "There is no such account, or you may not see it.");
        errors.ThrowIfAny();
        Account[] losers = [.. loserIds.Select(loserId => all[loserId])];
        foreach (var account in all.Values)
        {
            access.Scope.DemandEdit(account.OwnerId);
            account.EnsureNotProvisional();
        }
        await following.RefuseWhileConverting(s => ids.Contains(s.AccountId!.Value), "these accounts", ct);
        Versions.Check(expected, survivor.Version);
        request.CheckVersions(loserId => all[loserId].Version);

        var before = survivor.ToInput();
        MergeRecord[] records = [MergeRecord.Of(id, before), .. losers.Select(loser => MergeRecord.Of(loser.Id, loser.ToInput()))];
        var (fields, from) = new FieldChoice(records, Computed).Make(request.Fields ?? new Dictionary<string, Guid>(), MergeReferences.Known<AccountInput>(custom.Of("account")), errors);
        errors.ThrowIfAny();
        var input = MergeRecord.ToInput<AccountInput>(fields) with { Team = Team(survivor, losers), ParentAccountId = await following.AccountAbove(survivor, losers, ct) };
        // Where somebody stands in the tree, or on a team, was fine when it was written; a new owner has to be one that there is.
        await references.Check(id, input with { Team = before.Team, ParentAccountId = before.ParentAccountId }, before, errors, ct);
        errors.ThrowIfAny();

        var givenUp = new List<GivenUp>();
        foreach (var loser in losers)
        {
            givenUp.Add(new GivenUp(loser.Id, loser.ExternalId, loser.Custom));
            loser.MergeInto(id, input.ExternalId, MergeReferences.WithoutUnique(custom.Of("account"), loser.Custom, input.Custom), Actor.Current.UserId, now);
            await publish.PublishFor(loser.Id, loser.Changed(ChangeKind.Deleted, now), ct);
        }
        await db.SaveChangesAsync(ct);   // what no two records can have is free from here on

        var repointed = await following.OfAccounts(survivor, loserIds, now, ct);
        var primary = survivor.PrimaryContactId ?? losers.Select(loser => loser.PrimaryContactId).FirstOrDefault(contact => contact is not null);
        var changed = MergeReferences.Changes(records[0], MergeRecord.Of(id, input), from).ToList();
        if (primary != survivor.PrimaryContactId)
            changed.Add(new MergedField(MergeReferences.PrimaryContact, losers.First(loser => loser.PrimaryContactId == primary).Id, null, JsonSerializer.SerializeToElement(primary)));
        survivor.Change(input, Actor.Current.UserId, now);
        if (primary != survivor.PrimaryContactId) survivor.SetPrimaryContact(primary, Actor.Current.UserId, now);
        await publish.PublishFor(id, survivor.Changed(ChangeKind.Updated, now), ct);

        var merge = new RecordMerge
        {
            Id = mergeId, RecordType = "account", SurvivorId = id, LoserIds = loserIds, At = now, ById = Actor.Current.UserId,
            Audit = new MergeAudit { Fields = changed, GivenUp = givenUp, Repointed = repointed },
        };
        db.Add(merge);
        await db.SaveChangesAsync(ct);
        if (own is not null) await own.CommitAsync(ct);
        return Answers.Ok(MergeResponse.Of(merge, options.Value), survivor.Version);
    }

    private List<TeamMember> Team(Account survivor, Account[] losers)
    {
        List<TeamMember> team = [.. survivor.Team];
        foreach (var member in losers.SelectMany(loser => loser.Team))
            if (team.TrueForAll(there => there.UserId != member.UserId) && directory.FindUser(member.UserId) is { IsActive: true }) team.Add(member);
        return team;
    }
}
