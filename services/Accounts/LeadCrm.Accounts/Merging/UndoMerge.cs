using System.Text.Json;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Accounts.Merging;

/// <summary>
/// Makes several records of one again (AC4): the merged ones come back as they were, the survivor's fields and all that followed it are put back where
/// nobody has changed them since. What came to the survivor after the merge stays there.
/// </summary>
internal sealed class UndoMerge(
    AccountsDb db, AccountAccess accounts, ContactAccess contacts, MergeReferences following, IPublishEndpoint publish, IOptions<MergeOptions> options, TimeProvider clock)
{
    internal static Task<Results<Ok<MergeResponse>, ProblemHttpResult>> OfAccounts(Guid mergeId, UndoMerge undo, CancellationToken ct) => undo.Run("account", mergeId, undo.Accounts, ct);

    internal static Task<Results<Ok<MergeResponse>, ProblemHttpResult>> OfContacts(Guid mergeId, UndoMerge undo, CancellationToken ct) => undo.Run("contact", mergeId, undo.Contacts, ct);

    private async Task<Results<Ok<MergeResponse>, ProblemHttpResult>> Run(string type, Guid mergeId, Func<RecordMerge, DateTimeOffset, CancellationToken, Task<HashSet<string>?>> undo, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        using var acting = Actor.Use(Actor.Current.For(mergeId));
        // A request with an Idempotency-Key has one already.
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        var merge = (await db.Merges.FromSql($"select * from record_merges where id = {mergeId} and record_type = {type} for update").ToListAsync(ct)).SingleOrDefault();
        if (merge is null || await undo(merge, now, ct) is not { } kept) return Problems.NotFound();
        await following.PutBack(merge.Audit.Repointed, now, ct);
        await db.SaveChangesAsync(ct);
        if (own is not null) await own.CommitAsync(ct);
        return TypedResults.Ok(MergeResponse.Of(merge, options.Value, kept));
    }

    /// <summary>The fields that stay as they are; null when the caller may not see the records.</summary>
    private async Task<HashSet<string>?> Accounts(RecordMerge merge, DateTimeOffset now, CancellationToken ct)
    {
        var all = await db.Accounts.FromSql($"select * from accounts where id = any({(Guid[])[merge.SurvivorId, .. merge.LoserIds]}) order by id for update").IgnoreQueryFilters().ToDictionaryAsync(a => a.Id, ct);
        if (!all.TryGetValue(merge.SurvivorId, out var survivor) || !accounts.Scope.CanSee(survivor.OwnerId)) return null;
        Ready(merge, all.Count, survivor.DeletedAt, survivor.MergedIntoId, now);
        foreach (var account in all.Values) accounts.Scope.DemandEdit(account.OwnerId);
        survivor.EnsureNotProvisional();
        await following.RefuseWhileConverting(s => s.AccountId == merge.SurvivorId, "these accounts", ct);

        var (input, kept) = Before(merge, MergeRecord.Of(survivor.Id, survivor.ToInput()));
        survivor.Change(MergeRecord.ToInput<AccountInput>(input), Actor.Current.UserId, now);
        if (merge.Audit.Fields.FirstOrDefault(field => field.Field == MergeReferences.PrimaryContact) is { } primary)
        {
            if (primary.After?.GetGuid() == survivor.PrimaryContactId) survivor.SetPrimaryContact(null, Actor.Current.UserId, now);
            else kept.Add(primary.Field);
        }
        await publish.PublishFor(survivor.Id, survivor.Changed(ChangeKind.Updated, now), ct);
        await db.SaveChangesAsync(ct);   // what no two records can have is free from here on
        foreach (var given in merge.Audit.GivenUp)
        {
            all[given.Id].Unmerge(given.ExternalId, given.Custom, Actor.Current.UserId, now);
            await publish.PublishFor(given.Id, all[given.Id].Changed(ChangeKind.Restored, now), ct);
        }
        return kept;
    }

    private async Task<HashSet<string>?> Contacts(RecordMerge merge, DateTimeOffset now, CancellationToken ct)
    {
        var all = await db.Contacts.FromSql($"select * from contacts where id = any({(Guid[])[merge.SurvivorId, .. merge.LoserIds]}) order by id for update").IgnoreQueryFilters().ToDictionaryAsync(c => c.Id, ct);
        if (!all.TryGetValue(merge.SurvivorId, out var survivor) || !contacts.Scope.CanSee(survivor.OwnerId)) return null;
        Ready(merge, all.Count, survivor.DeletedAt, survivor.MergedIntoId, now);
        foreach (var contact in all.Values) contacts.Scope.DemandEdit(contact.OwnerId);
        survivor.EnsureNotProvisional();
        await following.RefuseWhileConverting(s => s.ContactId == merge.SurvivorId, "these contacts", ct);

        var (input, kept) = Before(merge, MergeRecord.Of(survivor.Id, survivor.ToInput()));
        survivor.Change(MergeRecord.ToInput<ContactInput>(input), Actor.Current.UserId, now);
        await publish.PublishFor(survivor.Id, survivor.Changed(ChangeKind.Updated, now), ct);
        await db.SaveChangesAsync(ct);   // what no two records can have is free from here on
        foreach (var given in merge.Audit.GivenUp)
        {
            all[given.Id].Unmerge(given.ExternalId, given.Custom, Actor.Current.UserId, now);
            await publish.PublishFor(given.Id, all[given.Id].Changed(ChangeKind.Restored, now), ct);
        }
        return kept;
    }

    private void Ready(RecordMerge merge, int there, DateTimeOffset? survivorDeletedAt, Guid? survivorMergedInto, DateTimeOffset now)
    {
        if (survivorMergedInto is { } next) throw new DomainRuleException("merged", "The record that these became was itself merged into another one. Undo that merge first.").With("mergedIntoId", next);
        if (survivorDeletedAt is not null) throw new DomainRuleException("survivor-deleted", "The record that these became is in the recycle bin. Restore it first.");
        merge.Undo(options.Value.UndoWithin, Actor.Current.UserId, now);
        if (there <= merge.LoserIds.Length) throw new DomainRuleException("merge-too-old", "A merged record has left the recycle bin for good: this merge can no longer be undone.");
    }

    /// <summary>The survivor's fields with those put back that nobody has changed since, and the names of the others.</summary>
    private static (Dictionary<string, JsonElement> Fields, HashSet<string> Kept) Before(RecordMerge merge, MergeRecord now)
    {
        var fields = new Dictionary<string, JsonElement>(now.Fields, StringComparer.Ordinal);
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in merge.Audit.Fields.Where(field => field.Field != MergeReferences.PrimaryContact))
        {
            if (!MergeRecord.Same(now.Value(field.Field), field.After)) kept.Add(field.Field);
            else if (field.Before is { } before) fields[field.Field] = before;
            else fields.Remove(field.Field);
        }
        return (fields, kept);
    }
}
