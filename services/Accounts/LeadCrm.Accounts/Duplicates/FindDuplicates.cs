using LeadCrm.Accounts.Contracts;
using LeadCrm.Accounts.Normalising;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadCrm.Accounts.Duplicates;

/// <summary>Names accounts and contacts that may be the same as what is described, with score and reasons (AC6).</summary>
internal static class FindDuplicates
{
    internal sealed record Request
    {
        /// <summary>Company name.</summary>
        public string? Name { get; init; }
        /// <summary>Website of the company.</summary>
        public string? Website { get; init; }
        /// <summary>E-mail of the person; its domain counts for the company unless everybody may have an address there.</summary>
        public string? Email { get; init; }
        /// <summary>First name of the person.</summary>
        public string? FirstName { get; init; }
        /// <summary>Last name of the person.</summary>
        public string? LastName { get; init; }
        /// <summary>Phone of the person.</summary>
        public string? Phone { get; init; }
        /// <summary>Mobile phone of the person.</summary>
        public string? Mobile { get; init; }
        /// <summary>Country, so that phones can be compared.</summary>
        public string? Country { get; init; }
        /// <summary>The account at which the person's name is looked for.</summary>
        public Guid? AccountId { get; init; }
    }

    /// <summary>Candidates, best first.</summary>
    internal sealed record Response(IReadOnlyList<DuplicateCandidate> Candidates);

    internal static async Task<Ok<Response>> Handle(Request request, DuplicateFinder finder, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var country = Normalise.Country(request.Country, "country", errors.Add);
        var email = Normalise.Email(request.Email, "email", errors.Add);
        string?[] phones = [Normalise.Phone(request.Phone, country, "phone", errors.Add), Normalise.Phone(request.Mobile, country, "mobile", errors.Add)];
        Normalise.Text(request.Name, "name", 255, errors.Add);
        Normalise.Text(request.FirstName, "firstName", 100, errors.Add);
        Normalise.Text(request.LastName, "lastName", 100, errors.Add);
        errors.ThrowIfAny();

        string?[] domains = [Domains.OfWebsite(request.Website?.Trim()), Domains.OfEmail(email)];
        var matches = await finder.Find(new DuplicateQuery
        {
            AccountName = MatchNames.Company(request.Name),
            Domains = [.. domains.OfType<string>().Distinct()],
            Email = email,
            Phones = [.. phones.OfType<string>().Distinct()],
            ContactName = MatchNames.Person(request.FirstName, request.LastName),
            AtAccountId = request.AccountId,
        }, ct);
        var mayReadContacts = Actor.Current.Has("contacts.read");
        return TypedResults.Ok(new Response([.. matches.Where(m => m.IsAccount || mayReadContacts).Select(m => m.ToCandidate())]));
    }
}
