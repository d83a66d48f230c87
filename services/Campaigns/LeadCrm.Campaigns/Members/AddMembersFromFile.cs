using LeadCrm.Campaigns.Campaigns;
using LeadCrm.Campaigns.Data;
using LeadCrm.Campaigns.People;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Campaigns.Members;

/// <summary>
/// Adds the people of a CSV file (CM8): by e-mail or id, up to 10,000 lines. An address that a contact has means the contact, for leads with it
/// are the past of a customer; an address that several have is refused.
/// </summary>
internal static class AddMembersFromFile
{
    internal static async Task<Results<Ok<AddedMembers>, ProblemHttpResult>> Handle(Guid id, HttpRequest request,
        CampaignsDb db, CampaignAccess access, MemberWriting writing, PeopleClient people, TimeProvider clock, CancellationToken ct, Guid? statusId = null)
    {
        if (await access.FindForEdit(id, ct) is null) return Problems.NotFound();
        using var file = new MemoryStream();
        await request.Body.CopyToAsync(file, ct);
        var lines = PeopleFile.Read(file.ToArray(), MemberWriting.Most);
        var byEmail = await WhoHas(lines, people, ct);

        return await db.InTransaction<Results<Ok<AddedMembers>, ProblemHttpResult>>(async () =>
        {
            db.ChangeTracker.Clear();
            if (await access.LockForMembers(id, ct) is not { } campaign) return Problems.NotFound();
            var usual = campaign.StatusOrDefault(statusId, "statusId");

            var (candidates, tried, refused) = (new List<Candidate>(), new List<(long, string)>(), new List<Skipped>());
            foreach (var line in lines)
            {
                var (person, problem) = Resolve(line, byEmail);
                var status = line.Status is null ? usual : campaign.Statuses.FirstOrDefault(s => s.Name.Equals(line.Status, StringComparison.OrdinalIgnoreCase));
                if (status is null) problem = new Skipped(line.Line, line.Text, SkipReason.Invalid, $"The campaign has no status '{line.Status}'.");
                if (problem is not null)
                {
                    refused.Add(problem);
                    continue;
                }
                candidates.Add(new Candidate(person.Type, person.Id, status!.Id));
                tried.Add((line.Line, line.Text));
            }
            return TypedResults.Ok(AddedMembers.Of(tried, await writing.Add(id, candidates, clock.GetUtcNow(), ct), refused));
        }, ct);
    }

    /// <summary>Who has the addresses of the file. Whoever may not list leads or contacts finds none of them.</summary>
    private static async Task<ILookup<string, PersonWithEmail>> WhoHas(IReadOnlyList<PersonLine> lines, PeopleClient people, CancellationToken ct)
    {
        string[] emails = [.. lines.Where(line => line.Email is not null).Select(line => line.Email!).Distinct(StringComparer.Ordinal)];
        var found = await people.WithEmails(emails, Actor.Current.Has("leads.read"), Actor.Current.Has("contacts.read"), ct);
        return found.ToLookup(person => person.Email, StringComparer.Ordinal);
    }

    private static ((string Type, Guid Id) Person, Skipped? Problem) Resolve(PersonLine line, ILookup<string, PersonWithEmail> byEmail)
    {
        if (line.Problem is { } problem) return (default, new Skipped(line.Line, line.Text, SkipReason.Invalid, problem));
        if (line.Id is { } id) return ((line.Type, id), null);

        var contacts = byEmail[line.Email!].Where(person => person.Type == PersonTypes.Contact).ToList();
        var people = contacts.Count > 0 ? contacts : [.. byEmail[line.Email!]];
        return people switch
        {
            [var person] => ((person.Type, person.Id), null),
            [] => (default, new Skipped(line.Line, line.Text, SkipReason.NotFound, "No lead or contact that you may see has this e-mail address.")),
            _ => (default, new Skipped(line.Line, line.Text, SkipReason.Invalid, $"{people.Count} {people[0].Type}s have this e-mail address. Name the one you mean by its id.")),
        };
    }
}
