using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LeadCrm.Accounts.Merging;

/// <summary>
/// Makes several contacts one (AC4), field by field. Who reports to them, whose primary contact they are, and what other services keep follow the
/// survivor, who is at every account that one of them was at.
/// </summary>
internal sealed class MergeContacts(
    AccountsDb db, ContactAccess access, ContactReferences references, CustomValues custom, MergeReferences following, IPublishEndpoint publish, IOptions<MergeOptions> options, TimeProvider clock)
{
    private const int MostFurtherAccounts = 100;
    private static readonly string[] Computed = ["furtherAccounts", "reportsToId"];

    internal static async Task<Results<VersionedOk<MergeResponse>, ProblemHttpResult>> Handle(Guid id, MergeRequest request, HttpContext http, MergeContacts merging, CancellationToken ct) =>
        await merging.Run(id, request, http.RequireIfMatch(), ct);

    private async Task<Results<VersionedOk<MergeResponse>, ProblemHttpResult>> Run(Guid id, MergeRequest request, long expected, CancellationToken ct)
    {
        // As with every change, that it may not be, not now, or not of this version comes before what is wrong with the body.
        var known = await access.ForEdit(db.Contacts.IgnoreQueryFilters([Provisional.Filter]).AsNoTracking(), id, ct);
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
            if (!all.ContainsKey(loserId)) errors.Add($"records[{index}].id", "There is no such contact, or you may not see it.");
        errors.ThrowIfAny();
        Contact[] losers = [.. loserIds.Select(loserId => all[loserId])];
        foreach (var contact in all.Values)
        {
            access.Scope.DemandEdit(contact.OwnerId);
            contact.EnsureNotProvisional();
        }
        await following.RefuseWhileConverting(s => ids.Contains(s.ContactId!.Value), "these contacts", ct);
        Versions.Check(expected, survivor.Version);
        request.CheckVersions(loserId => all[loserId].Version);

        var before = survivor.ToInput();
        MergeRecord[] records = [MergeRecord.Of(id, before), .. losers.Select(loser => MergeRecord.Of(loser.Id, loser.ToInput()))];
        var (fields, from) = new FieldChoice(records, Computed).Make(request.Fields ?? new Dictionary<string, Guid>(), MergeReferences.Known<ContactInput>(custom.Of("contact")), errors);
        errors.ThrowIfAny();
        var input = MergeRecord.ToInput<ContactInput>(fields);
        input = input with { FurtherAccounts = FurtherAccounts(input.AccountId, [survivor, .. losers]), ReportsToId = await following.ContactAbove(survivor, losers, ct) };
        if (input.FurtherAccounts.Count > MostFurtherAccounts) errors.Add("records", $"Together they are at more than {MostFurtherAccounts} further accounts. Take some off first.");
        // Accounts and superiors were fine when they were written; a new owner has to be one that there is.
        await references.Check(id, input with { AccountId = before.AccountId, FurtherAccounts = before.FurtherAccounts, ReportsToId = before.ReportsToId }, before, errors, ct);
        errors.ThrowIfAny();

        var givenUp = new List<GivenUp>();
        foreach (var loser in losers)
        {
            givenUp.Add(new GivenUp(loser.Id, loser.ExternalId, loser.Custom));
            loser.MergeInto(id, input.ExternalId, MergeReferences.WithoutUnique(custom.Of("contact"), loser.Custom, input.Custom), Actor.Current.UserId, now);
            await publish.PublishFor(loser.Id, loser.Changed(ChangeKind.Deleted, now), ct);
        }
        await db.SaveChangesAsync(ct);   // what no two records can have is free from here on

        var changed = MergeReferences.Changes(records[0], MergeRecord.Of(id, input), from).ToList();
        survivor.Change(input, Actor.Current.UserId, now);
        var repointed = await following.OfContacts(survivor, loserIds, now, ct);
        await publish.PublishFor(id, survivor.Changed(ChangeKind.Updated, now), ct);

        var merge = new RecordMerge
        {
            Id = mergeId, RecordType = "contact", SurvivorId = id, LoserIds = loserIds, At = now, ById = Actor.Current.UserId,
            Audit = new MergeAudit { Fields = changed, GivenUp = givenUp, Repointed = repointed },
        };
        db.Add(merge);
        await db.SaveChangesAsync(ct);
        if (own is not null) await own.CommitAsync(ct);
        return Answers.Ok(MergeResponse.Of(merge, options.Value), survivor.Version);
    }

    /// <summary>Every account that one of them is at, beside the survivor's own.</summary>
    private static List<FurtherAccount> FurtherAccounts(Guid? own, IEnumerable<Contact> contacts)
    {
        List<FurtherAccount> further = [];
        foreach (var contact in contacts)
            foreach (var account in contact.FurtherAccounts.Concat(contact.AccountId is { } first ? [new FurtherAccount { AccountId = first, Role = contact.Title }] : []))
                if (account.AccountId != own && further.TrueForAll(there => there.AccountId != account.AccountId)) further.Add(account);
        return further;
    }
}
