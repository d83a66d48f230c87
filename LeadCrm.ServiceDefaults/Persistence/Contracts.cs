using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LeadCrm.ServiceDefaults.Persistence;

/// <summary>A record with an optimistic version: 1 when created, raised by one with every saved change; its <c>ETag</c>.</summary>
public interface IVersioned
{
    /// <summary>The version, raised by the persistence layer and by nobody else.</summary>
    long Version { get; }
}

/// <summary>A record that goes to the recycle bin instead of vanishing.</summary>
public interface ISoftDeleted
{
    /// <summary>When it was deleted (UTC), null while it lives.</summary>
    DateTimeOffset? DeletedAt { get; }
}

/// <summary>A record whose changed fields land in the field history, in the same commit as the change.</summary>
public interface ITracked
{
    /// <summary>The record's id.</summary>
    Guid Id { get; }
}

/// <summary>A tracked record whose history also tells what lies in other tables, such as the roles of a user.</summary>
public interface ITrackedBeyondItsRow : ITracked
{
    /// <summary>What has changed beside the row since the last save; asked once a save.</summary>
    IEnumerable<FurtherChange> TakeFurtherChanges();
}

/// <summary>A change beside the record's own row.</summary>
/// <param name="Field">Name in the history (camelCase).</param>
/// <param name="Old">Value before.</param>
/// <param name="New">Value after.</param>
public sealed record FurtherChange(string Field, object? Old, object? New);

/// <summary>Keeps a property out of the field history: what machines touch, or what another table records better.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotInHistoryAttribute : Attribute;

/// <summary>The same for properties that the service did not write itself.</summary>
public static class HistoryMapping
{
    internal const string Annotation = "LeadCrm:NotInHistory";

    /// <summary>Keeps a property out of the field history.</summary>
    public static PropertyBuilder<T> NotInHistory<T>(this PropertyBuilder<T> property) => property.HasAnnotation(Annotation, true);
}
