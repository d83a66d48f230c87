using LeadCrm.ServiceDefaults.Http;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.ServiceDefaults.Visibility;

/// <summary>
/// What one user may see and change of one kind of record. A record is told by its owner and the queue that holds it; one that may not be
/// seen is answered as if it were not there (404), one that may be seen but not changed with 403.
/// </summary>
public sealed class Scope
{
    private readonly HashSet<Guid> visible;
    private readonly HashSet<Guid> editable;
    private readonly HashSet<Guid> full;
    private readonly HashSet<Guid> queues;

    internal Scope(Reach everybodys, HashSet<Guid> visible, HashSet<Guid> editable, HashSet<Guid> full, HashSet<Guid> queues)
    {
        (this.visible, this.editable, this.full, this.queues) = (visible, editable, full, queues);
        SeesAll = everybodys >= Reach.Read;
        EditsAll = everybodys >= Reach.Edit;
        TransfersAll = everybodys >= Reach.Transfer;
        Owners = [.. visible];
        EditableOwners = [.. editable];
        Queues = [.. queues];
    }

    /// <summary>The scope of the system itself, and of whoever may see and change everything.</summary>
    public static Scope Everything { get; } = new(Reach.Transfer, [], [], [], []);

    /// <summary>True: every record may be seen, and no predicate is needed.</summary>
    public bool SeesAll { get; }

    /// <summary>True: every record may be changed.</summary>
    public bool EditsAll { get; }

    /// <summary>True: every record may be given to another owner.</summary>
    public bool TransfersAll { get; }

    /// <summary>Users whose records may be seen; with <see cref="SeesAll"/> of no interest.</summary>
    public Guid[] Owners { get; }

    /// <summary>Users whose records may be changed.</summary>
    public Guid[] EditableOwners { get; }

    /// <summary>Queues that the user is a member of: what they hold may be seen, changed and given to an owner.</summary>
    public Guid[] Queues { get; }

    /// <summary>Whether a record of this owner, or held by this queue, may be seen.</summary>
    public bool CanSee(Guid? owner, Guid? queue = null) => SeesAll || Has(visible, owner) || Has(queues, queue);

    /// <summary>Whether it may be changed.</summary>
    public bool CanEdit(Guid? owner, Guid? queue = null) => EditsAll || Has(editable, owner) || Has(queues, queue);

    /// <summary>Whether it may be given to another owner: everybody's where the organisation says so, otherwise one's own and one's teams'.</summary>
    public bool CanTransfer(Guid? owner, Guid? queue = null) => TransfersAll || Has(full, owner) || Has(queues, queue);

    /// <summary>403 when a record that is seen may not be changed.</summary>
    public void DemandEdit(Guid? owner, Guid? queue = null)
    {
        if (!CanEdit(owner, queue)) throw Refused("You may see this record but not change it: it belongs to somebody else.");
    }

    /// <summary>403 when a record that is seen may not be given to another owner.</summary>
    public void DemandTransfer(Guid? owner, Guid? queue = null)
    {
        if (!CanTransfer(owner, queue)) throw Refused("You may see this record but not give it to another owner: it belongs to somebody else.");
    }

    /// <summary>
    /// A condition for hand-written SQL over the parameters <c>@owners</c> and <c>@queues</c> (see <see cref="AddTo"/>); <c>true</c> for who sees all.
    /// </summary>
    /// <param name="owner">Column with the owner.</param>
    /// <param name="queue">Column with the queue, where there is one.</param>
    public string Sql(string owner, string? queue = null) => SeesAll ? "true"
        : queue is null || Queues.Length == 0 ? $"{owner} = any(@owners)"
        : $"({owner} = any(@owners) or {queue} = any(@queues))";

    /// <summary>Adds the parameters that <see cref="Sql"/> names.</summary>
    public void AddTo(NpgsqlParameterCollection parameters)
    {
        if (SeesAll) return;
        parameters.Add(new NpgsqlParameter("owners", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = Owners });
        if (Queues.Length > 0) parameters.Add(new NpgsqlParameter("queues", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = Queues });
    }

    private static bool Has(HashSet<Guid> ids, Guid? id) => id is { } known && ids.Contains(known);

    private static DomainRuleException Refused(string detail) => new("forbidden", detail, 403);
}

/// <summary>How far everybody's records are open to everybody.</summary>
internal enum Reach
{
    /// <summary>Not at all.</summary>
    None,
    /// <summary>To be seen.</summary>
    Read,
    /// <summary>To be changed.</summary>
    Edit,
    /// <summary>To be given to another owner.</summary>
    Transfer,
}
