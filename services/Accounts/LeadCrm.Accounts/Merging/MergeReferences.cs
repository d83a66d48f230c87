using System.Linq.Expressions;
using System.Text.Json;
using LeadCrm.Accounts.Accounts;
using LeadCrm.Accounts.Contacts;
using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Conversion;
using LeadCrm.Accounts.Data;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.CustomFields;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Accounts.Merging;

/// <summary>What points to merged accounts and contacts within this service, and lets it follow the survivor. Call in the merge's transaction, the records locked.</summary>
internal sealed class MergeReferences(AccountsDb db, IPublishEndpoint publish)
{
    internal const string PrimaryContact = "primaryContactId";
    private const string AccountId = "accountId", FurtherAccounts = "furtherAccounts", ParentAccountId = "parentAccountId", ReportsToId = "reportsToId";

    /// <summary>409 while a lead is being converted into one of the records.</summary>
    public async Task RefuseWhileConverting(Expression<Func<ConversionStep, bool>> into, string what, CancellationToken ct)
    {
        if (await db.ConversionSteps.Where(s => s.State == ConversionStepState.Pending).AnyAsync(into, ct))
            throw new DomainRuleException("conversion-pending", $"A lead is being converted into one of {what}. Try again when the conversion is completed.");
    }

    /// <summary>
    /// Where the survivor stands: under its own parent; where that would be itself, the parent of the topmost account that becomes it. From here on nobody
    /// else changes the tree until the transaction ends.
    /// </summary>
    public async Task<Guid?> AccountAbove(Account survivor, Account[] losers, CancellationToken ct)
    {
        await Hierarchy.Hold(db, HierarchyOf.Accounts, ct);
        if (survivor.ParentAccountId is not { } parent) return null;
        return Outside(parent, await Above("accounts", "parent_account_id", survivor.Id, ct), losers.ToDictionary(loser => loser.Id, loser => loser.ParentAccountId));
    }

    /// <summary>Whom the survivor reports to, likewise.</summary>
    public async Task<Guid?> ContactAbove(Contact survivor, Contact[] losers, CancellationToken ct)
    {
        await Hierarchy.Hold(db, HierarchyOf.Contacts, ct);
        if (survivor.ReportsToId is not { } superior) return null;
        return Outside(superior, await Above("contacts", "reports_to_id", survivor.Id, ct), losers.ToDictionary(loser => loser.Id, loser => loser.ReportsToId));
    }

    /// <summary>Contacts at the accounts, in their first or in a further place, and the accounts below them.</summary>
    public async Task<IReadOnlyList<Repointed>> OfAccounts(Account survivor, Guid[] losers, DateTimeOffset now, CancellationToken ct)
    {
        List<Repointed> repointed = [];
        var children = await db.Accounts.FromSql($"select * from accounts where parent_account_id = any({losers}) and id <> {survivor.Id} order by id for update").IgnoreQueryFilters().ToListAsync(ct);
        foreach (var child in children.Where(child => !losers.Contains(child.Id)))
        {
            child.EnsureNotProvisional();
            repointed.Add(new("account", child.Id, ParentAccountId, Write(child.ParentAccountId), Write(survivor.Id)));
            child.Repoint(survivor.Id, Actor.Current.UserId, now);
            await publish.PublishFor(child.Id, child.Changed(KindOf(child.DeletedAt), now), ct);
        }

        string[] further = [.. losers.Select(loser => $$"""[{"accountId":"{{loser}}"}]""")];
        var contacts = await db.Contacts.FromSql($"select * from contacts where account_id = any({losers}) or further_accounts @> any({further}::jsonb[]) order by id for update").IgnoreQueryFilters().ToListAsync(ct);
        foreach (var contact in contacts)
        {
            contact.EnsureNotProvisional();
            var (account, others) = (contact.AccountId, contact.FurtherAccounts);
            contact.FollowAccounts(losers, survivor.Id, Actor.Current.UserId, now);
            if (contact.AccountId != account) repointed.Add(new("contact", contact.Id, AccountId, Write(account), Write(contact.AccountId)));
            if (!contact.FurtherAccounts.SequenceEqual(others)) repointed.Add(new("contact", contact.Id, FurtherAccounts, Write(others), Write(contact.FurtherAccounts)));
            await publish.PublishFor(contact.Id, contact.Changed(KindOf(contact.DeletedAt), now), ct);
        }
        return repointed;
    }

    /// <summary>Who reports to the contacts, and the accounts whose primary contact they are.</summary>
    public async Task<IReadOnlyList<Repointed>> OfContacts(Contact survivor, Guid[] losers, DateTimeOffset now, CancellationToken ct)
    {
        List<Repointed> repointed = [];
        var accounts = await db.Accounts.FromSql($"select * from accounts where primary_contact_id = any({losers}) order by id for update").IgnoreQueryFilters().ToListAsync(ct);
        foreach (var account in accounts)
        {
            account.EnsureNotProvisional();
            repointed.Add(new("account", account.Id, PrimaryContact, Write(account.PrimaryContactId), Write(survivor.Id)));
            account.SetPrimaryContact(survivor.Id, Actor.Current.UserId, now);   // who is at every account that one of them was at
            await publish.PublishFor(account.Id, account.Changed(KindOf(account.DeletedAt), now), ct);
        }

        var reports = await db.Contacts.FromSql($"select * from contacts where reports_to_id = any({losers}) and id <> {survivor.Id} order by id for update").IgnoreQueryFilters().ToListAsync(ct);
        foreach (var contact in reports.Where(contact => !losers.Contains(contact.Id)))
        {
            contact.EnsureNotProvisional();
            repointed.Add(new("contact", contact.Id, ReportsToId, Write(contact.ReportsToId), Write(survivor.Id)));
            contact.ReportTo(survivor.Id, Actor.Current.UserId, now);
            await publish.PublishFor(contact.Id, contact.Changed(KindOf(contact.DeletedAt), now), ct);
        }
        return repointed;
    }

    /// <summary>Puts back what followed the survivor, where nobody has changed it since.</summary>
    public async Task PutBack(IReadOnlyList<Repointed> repointed, DateTimeOffset now, CancellationToken ct)
    {
        var actor = Actor.Current.UserId;
        Guid[] Ids(string type) => [.. repointed.Where(r => r.RecordType == type).Select(r => r.Id).Distinct()];
        var (accountIds, contactIds) = (Ids("account"), Ids("contact"));
        foreach (var account in await db.Accounts.FromSql($"select * from accounts where id = any({accountIds}) order by id for update").IgnoreQueryFilters().ToListAsync(ct))
        {
            var changes = repointed.Where(r => r.Id == account.Id && r.RecordType == "account").ToList();
            var parent = changes.Find(r => r.Field == ParentAccountId && r.After == Write(account.ParentAccountId));
            var primary = changes.Find(r => r.Field == PrimaryContact && r.After == Write(account.PrimaryContactId));
            if (parent is null && primary is null) continue;
            if (parent is not null) account.Repoint(Read<Guid?>(parent.Before), actor, now);
            if (primary is not null) account.SetPrimaryContact(Read<Guid?>(primary.Before), actor, now);
            await publish.PublishFor(account.Id, account.Changed(KindOf(account.DeletedAt), now), ct);
        }
        foreach (var contact in await db.Contacts.FromSql($"select * from contacts where id = any({contactIds}) order by id for update").IgnoreQueryFilters().ToListAsync(ct))
        {
            var changes = repointed.Where(r => r.Id == contact.Id && r.RecordType == "contact").ToList();
            var account = changes.Find(r => r.Field == AccountId && r.After == Write(contact.AccountId));
            var further = changes.Find(r => r.Field == FurtherAccounts && r.After == Write(contact.FurtherAccounts));
            var superior = changes.Find(r => r.Field == ReportsToId && r.After == Write(contact.ReportsToId));
            if (account is null && further is null && superior is null) continue;
            if (account is not null || further is not null)
                contact.PutAt(account is null ? contact.AccountId : Read<Guid?>(account.Before), further is null ? contact.FurtherAccounts : Read<List<FurtherAccount>>(further.Before)!, actor, now);
            if (superior is not null) contact.ReportTo(Read<Guid?>(superior.Before), actor, now);
            await publish.PublishFor(contact.Id, contact.Changed(KindOf(contact.DeletedAt), now), ct);
        }
    }

    /// <summary>Fields that a record of this kind can have.</summary>
    public static IReadOnlySet<string> Known<TInput>(CustomFieldSet custom) => typeof(TInput).GetProperties()
        .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Where(name => name is not ("custom" or "equalityContract"))
        .Concat(custom.Active.Select(field => field.Name)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Which fields of the survivor become others.</summary>
    public static IEnumerable<MergedField> Changes(MergeRecord before, MergeRecord after, Dictionary<string, Guid> sources) =>
        from field in before.Fields.Keys.Union(after.Fields.Keys, StringComparer.Ordinal)
        let old = before.Value(field)
        let now = after.Value(field)
        where !MergeRecord.Same(old, now)
        select new MergedField(field, sources.TryGetValue(field, out var source) ? source : null, old, now);

    /// <summary>The values without those of unique fields that the survivor takes.</summary>
    public static string? WithoutUnique(CustomFieldSet fields, string? custom, IReadOnlyDictionary<string, JsonElement>? taken)
    {
        foreach (var field in fields.Active.Where(field => field.IsUnique))
            if (taken?.TryGetValue(field.Key, out var value) == true && CustomJson.Get(custom, field.Key) is { } own && JsonElement.DeepEquals(JsonElement.Parse(own), value))
                custom = CustomJson.With(custom, field.Key, null);
        return custom;
    }

    private static ChangeKind KindOf(DateTimeOffset? deletedAt) => deletedAt is null ? ChangeKind.Updated : ChangeKind.Deleted;

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, Json.Options);

    private static T? Read<T>(string? json) => json is null ? default : JsonSerializer.Deserialize<T>(json, Json.Options);

    /// <summary>Everybody above, the nearest first.</summary>
    private Task<List<Guid>> Above(string table, string column, Guid id, CancellationToken ct)
    {
        var sql = $$"""
            with recursive up as (
                select id, {{column}} as above, 0 as depth from {{table}} where id = {0}
                union all
                select t.id, t.{{column}}, up.depth + 1 from {{table}} t join up on t.id = up.above where up.depth < 1000
            )
            select id as "Value" from up where depth > 0 order by depth
            """;
        return db.Database.SqlQueryRaw<Guid>(sql, id).ToListAsync(ct);
    }

    /// <summary>Below one of those that become it, the survivor takes the place of the topmost of them; everywhere else its own is fine.</summary>
    private static Guid? Outside(Guid own, List<Guid> above, Dictionary<Guid, Guid?> merged)
    {
        var topmost = above.FindLast(merged.ContainsKey);
        return topmost == Guid.Empty ? own : merged[topmost];
    }
}
