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

/// <summary>Keeps a property out of the field history: what machines touch, or what another table records better.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotInHistoryAttribute : Attribute;
