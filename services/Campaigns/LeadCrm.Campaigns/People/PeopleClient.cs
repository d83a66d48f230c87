using System.Net;
using System.Text.Json;
using System.Web;
using LeadCrm.Campaigns.Members;
using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Campaigns.People;

/// <summary>Who has an e-mail address, of what the caller may see.</summary>
/// <param name="Email">The address, lower case.</param>
/// <param name="Type"><c>lead</c> or <c>contact</c>.</param>
/// <param name="Id">The record.</param>
internal sealed record PersonWithEmail(string Email, string Type, Guid Id);

/// <summary>Asks Leads and Accounts for people, as the acting user and page by page: what the user may not see does not come back.</summary>
internal sealed class PeopleClient(IHttpClientFactory clients)
{
    private const int PageSize = 200;
    private const int LongestQuery = 4_000;

    /// <summary>What of a list's address is ours to say.</summary>
    private static readonly string[] OurParameters = ["limit", "after", "sort", "count", "format"];

    /// <summary>The leads of a filtered list, newest first. More than <paramref name="most"/>: 422.</summary>
    public async Task<IReadOnlyList<Guid>> LeadsOf(string query, int most, CancellationToken ct)
    {
        var asked = HttpUtility.ParseQueryString(query.TrimStart('?'));
        var filter = string.Join('&', asked.AllKeys.Where(key => key is not null && !OurParameters.Contains(key, StringComparer.Ordinal))
            .SelectMany(key => asked.GetValues(key)!.Select(value => $"{Uri.EscapeDataString(key!)}={Uri.EscapeDataString(value)}")));
        var leads = new List<Guid>();
        await foreach (var item in Pages("leads", "/api/leads", filter, ct))
        {
            if (leads.Count == most) throw new DomainRuleException("too-many", $"The filter finds more than {most:N0} leads. Narrow it, and add the rest with another one.", 422);
            leads.Add(item.GetProperty("id").GetGuid());
        }
        return leads;
    }

    /// <summary>The leads (converted ones not) and contacts that have one of these addresses.</summary>
    public async Task<IReadOnlyList<PersonWithEmail>> WithEmails(IReadOnlyCollection<string> emails, bool leads, bool contacts, CancellationToken ct)
    {
        var found = new List<PersonWithEmail>();
        foreach (var some in Portions(emails))
        {
            var filter = "email[in]=" + Uri.EscapeDataString(string.Join(',', some));
            if (contacts) await Collect(PersonTypes.Contact, Pages("accounts", "/api/contacts", filter, ct));
            if (leads) await Collect(PersonTypes.Lead, Pages("leads", "/api/leads", filter + "&isConverted=false", ct));
        }
        return found;

        async Task Collect(string type, IAsyncEnumerable<JsonElement> people)
        {
            await foreach (var person in people)
                found.Add(new PersonWithEmail(person.GetProperty("email").GetString()!.ToLowerInvariant(), type, person.GetProperty("id").GetGuid()));
        }
    }

    private static IEnumerable<List<string>> Portions(IEnumerable<string> emails)
    {
        var (portion, length) = (new List<string>(), 0);
        foreach (var email in emails)
        {
            var escaped = Uri.EscapeDataString(email).Length + 3;
            if (length + escaped > LongestQuery)
            {
                yield return portion;
                (portion, length) = ([], 0);
            }
            portion.Add(email);
            length += escaped;
        }
        if (portion.Count > 0) yield return portion;
    }

    private async IAsyncEnumerable<JsonElement> Pages(string service, string path, string filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var after = "";
        do
        {
            using var page = await Page(service, $"{path}?limit={PageSize}{(filter.Length > 0 ? "&" + filter : "")}{(after.Length > 0 ? "&after=" + Uri.EscapeDataString(after) : "")}", ct);
            foreach (var item in page.RootElement.GetProperty("items").EnumerateArray()) yield return item;
            after = page.RootElement.GetProperty("next").GetString() ?? "";
        }
        while (after.Length > 0);
    }

    private async Task<JsonDocument> Page(string service, string address, CancellationToken ct)
    {
        try
        {
            using var response = await clients.CreateClient(service).GetAsync(new Uri(address, UriKind.Relative), ct);
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => await JsonDocument.ParseAsync(body, cancellationToken: ct),
                HttpStatusCode.BadRequest => throw new DomainRuleException("bad-list-query", await Detail(body, ct), 400),
                HttpStatusCode.Forbidden => throw new DomainRuleException("forbidden", $"You may not list {service}.", 403),
                _ => throw Unavailable(service),
            };
        }
        catch (HttpRequestException)
        {
            throw Unavailable(service);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Unavailable(service);   // the client's own time-out
        }
    }

    /// <summary>What the other service says about the filter.</summary>
    private static async Task<string> Detail(Stream body, CancellationToken ct)
    {
        using var problem = await JsonDocument.ParseAsync(body, cancellationToken: ct);
        return problem.RootElement.TryGetProperty("detail", out var detail) && detail.GetString() is { } text ? text : "The filter was not understood.";
    }

    private static DomainRuleException Unavailable(string service) =>
        new("unavailable", $"The {service} service does not answer at the moment, so nobody was added. Try again in a few seconds.", 503);
}
