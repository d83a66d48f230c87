using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.PickLists;

/// <summary>
/// What the pick-lists say to a lead that is written (LD3): a new one takes the default where it has nothing, and a value that is on the list, or was under
/// another name, is spelled as the list does. What is not on the list stays as it came: files and programs bring more than anybody has listed.
/// </summary>
internal sealed class PickListBook
{
    private readonly Dictionary<(PickList List, string Name), string> spellings = new(Spelling.Comparer);
    private readonly Dictionary<PickList, string> defaults;

    public PickListBook(IReadOnlyCollection<PickListValue> values)
    {
        foreach (var value in values)
            foreach (var former in value.FormerNames) spellings[(value.List, former)] = value.Name;
        foreach (var value in values) spellings[(value.List, value.Name)] = value.Name;   // last: a name goes before what another one was called once
        defaults = values.Where(value => value.IsDefault).ToDictionary(value => value.List, value => value.Name);
    }

    /// <summary>The details of a new lead.</summary>
    public LeadDetails ForNew(LeadDetails details) => Spelled(details) with
    {
        Source = Spell(PickList.Source, details.Source) ?? defaults.GetValueOrDefault(PickList.Source),
        Industry = Spell(PickList.Industry, details.Industry) ?? defaults.GetValueOrDefault(PickList.Industry),
        Salutation = Spell(PickList.Salutation, details.Salutation) ?? defaults.GetValueOrDefault(PickList.Salutation),
    };

    /// <summary>The details of a lead that there is.</summary>
    public LeadDetails Spelled(LeadDetails details) => details with
    {
        Source = Spell(PickList.Source, details.Source), Industry = Spell(PickList.Industry, details.Industry), Salutation = Spell(PickList.Salutation, details.Salutation),
    };

    private string? Spell(PickList list, string? text) => text is not null && spellings.TryGetValue((list, text), out var name) ? name : text;

    private sealed class Spelling : IEqualityComparer<(PickList List, string Name)>
    {
        public static readonly Spelling Comparer = new();

        public bool Equals((PickList List, string Name) x, (PickList List, string Name) y) => x.List == y.List && string.Equals(x.Name, y.Name, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((PickList List, string Name) value) => HashCode.Combine(value.List, StringComparer.OrdinalIgnoreCase.GetHashCode(value.Name));
    }
}

/// <summary>
/// The book, read at most every two seconds: it hardly ever changes, and every lead that is written asks for it. A replica that has not heard of another name yet
/// writes the old one, which <see cref="FollowRenames"/> waits for.
/// </summary>
internal sealed class PickListCache(TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);
    private Entry? entry;

    public async ValueTask<PickListBook> Get(LeadsDb db, CancellationToken ct)
    {
        if (entry is { } known && clock.GetUtcNow() - known.ReadAt < Lifetime) return known.Book;
        var readAt = clock.GetUtcNow();
        var book = new PickListBook(await db.Set<PickListValue>().AsNoTracking().ToListAsync(ct));
        entry = new Entry(book, readAt);
        return book;
    }

    public void Forget() => entry = null;

    private sealed record Entry(PickListBook Book, DateTimeOffset ReadAt);
}
