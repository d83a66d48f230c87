using LeadCrm.Accounts.Contracts;

namespace LeadCrm.Accounts.Accounts;

/// <summary>Addresses stand in columns of their record, so that history, filters and undo speak of single fields.</summary>
internal static class Addresses
{
    public static PostalAddress? Of(string? street, string? city, string? state, string? postalCode, string? country) =>
        street is null && city is null && state is null && postalCode is null && country is null
            ? null
            : new PostalAddress { Street = street, City = city, State = state, PostalCode = postalCode, Country = country };

    public static (string? Street, string? City, string? State, string? PostalCode, string? Country) Parts(PostalAddress? address) =>
        (address?.Street, address?.City, address?.State, address?.PostalCode, address?.Country);
}
