using System.Net;
using System.Text.Json;
using LeadCrm.Opportunities.Data;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Opportunities.References;

/// <summary>
/// Makes sure that accounts and contacts which are referred to exist and may be seen. Mostly the events told of them already; an unknown
/// one may just be too new, and where not everybody sees each of them their owner counts: then Accounts itself is asked by id, as the
/// acting user.
/// </summary>
internal sealed class AccountsClient(IHttpClientFactory clients, OpportunitiesDb db, IVisibility visibility)
{
    /// <summary>Adds an error unless the account exists. A provisional one is a 409; without Accounts an unknown one is a 503.</summary>
    internal async Task RequireAccount(Guid id, string field, FieldErrors errors, CancellationToken ct)
    {
        var known = await db.Accounts.AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, ct);
        if (known is { IsDeleted: false } && visibility.Of("account").SeesAll) return;
        if (known is not { IsDeleted: true } && await Ask($"/api/accounts/{id}", "account", ct) is { } account)
        {
            await ReferenceWriting.Upsert(db, new AccountRef { Id = id, Version = account.Version, Name = account.Name }, ct);
            return;
        }
        errors.Add(field, "There is no such account.");
    }

    /// <summary>The same for a contact.</summary>
    internal async Task RequireContact(Guid id, string field, FieldErrors errors, CancellationToken ct)
    {
        var known = await db.Contacts.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, ct);
        if (known is { IsDeleted: false } && visibility.Of("contact").SeesAll) return;
        if (known is not { IsDeleted: true } && await Ask($"/api/contacts/{id}", "contact", ct) is { } contact)
        {
            await ReferenceWriting.Upsert(db, new ContactRef { Id = id, Version = contact.Version, Name = contact.Name, AccountId = contact.AccountId }, ct);
            return;
        }
        errors.Add(field, "There is no such contact.");
    }

    private async Task<Answer?> Ask(string path, string what, CancellationToken ct)
    {
        try
        {
            using var response = await clients.CreateClient("accounts").GetAsync(new Uri(path, UriKind.Relative), ct);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK: break;
                case HttpStatusCode.NotFound: return null;
                case HttpStatusCode.Forbidden: throw new DomainRuleException("forbidden", $"You may not see this {what}, so you cannot refer to it.", 403);
                default: throw Unavailable(what);
            }
            var answer = Read(await response.Content.ReadAsStringAsync(ct));
            if (answer is null) throw Unavailable(what);
            if (answer.Provisional)
                throw new DomainRuleException("provisional", $"This {what} belongs to a conversion that is still running. Try again when it is through.");
            return answer;
        }
        catch (HttpRequestException)
        {
            throw Unavailable(what);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Unavailable(what);   // the client's own time-out
        }
    }

    // Only what is needed is read: Accounts may add to its answer at any time.
    private static Answer? Read(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var record = document.RootElement;
            string? Text(string name) => record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            var name = Text("name") ?? string.Join(' ', new[] { Text("firstName"), Text("lastName") }.Where(part => !string.IsNullOrEmpty(part)));
            return new Answer(
                name,
                record.TryGetProperty("version", out var version) && version.TryGetInt64(out var number) ? number : 0,
                Guid.TryParse(Text("accountId"), out var account) ? account : null,
                record.TryGetProperty("provisional", out var provisional) && provisional.ValueKind == JsonValueKind.True);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DomainRuleException Unavailable(string what) =>
        new("accounts-unavailable", $"Whether this {what} exists cannot be found out at the moment. Nothing was changed; try again in a few seconds.", 503);

    private sealed record Answer(string Name, long Version, Guid? AccountId, bool Provisional);
}
