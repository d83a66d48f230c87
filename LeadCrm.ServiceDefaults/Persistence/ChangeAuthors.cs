using System.Runtime.CompilerServices;
using LeadCrm.ServiceDefaults.Auth;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>Says on whose behalf a record changes where one save carries the changes of several users or operations.</summary>
public static class ChangeAuthors
{
    private static readonly ConditionalWeakTable<object, Actor> Authors = [];

    /// <summary>What is saved of this record from now on was done by <paramref name="actor"/>, whoever the current one is then.</summary>
    public static TRecord ChangedBy<TRecord>(this TRecord record, Actor actor) where TRecord : class, ITracked
    {
        Authors.AddOrUpdate(record, actor);
        return record;
    }

    internal static Actor Of(object record) => Authors.TryGetValue(record, out var actor) ? actor : Actor.Current;
}
