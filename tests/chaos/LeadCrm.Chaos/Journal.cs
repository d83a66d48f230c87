using System.Collections.Concurrent;

namespace LeadCrm.Chaos;

/// <summary>What kinds of writes clients make.</summary>
internal enum WriteKind { LeadCreated, LeadEdited, CallLogged, MemberAdded, LeadConverted, FormSent, RowImported }

/// <summary>What a client was told about its write.</summary>
internal enum Told
{
    /// <summary>No answer that says how it went: it may have happened or not.</summary>
    Nothing,
    /// <summary>It has happened, or will.</summary>
    Done,
    /// <summary>It has not happened and will not.</summary>
    Refused,
}

/// <summary>One write that a client wanted, what it was told, and what the auditor found of it.</summary>
internal sealed class Write(WriteKind kind, string mark, Guid about = default)
{
    public WriteKind Kind => kind;

    /// <summary>By what the auditor finds it: an e-mail address, a title, a subject; no two writes share one.</summary>
    public string Mark => mark;

    /// <summary>The lead that it concerns, where it is one that was there before.</summary>
    public Guid About => about;

    public Told Told { get; private set; }

    /// <summary>The id that the answer named.</summary>
    public Guid? Id { get; private set; }

    /// <summary>Why it was refused.</summary>
    public string? Reason { get; private set; }

    /// <summary>How often the auditor found its effect.</summary>
    public int Found { get; set; }

    /// <summary>It was accepted, and what has to follow had not ended in time.</summary>
    public bool IsStuck { get; set; }

    /// <summary>It was accepted, could not be carried through and was undone as a whole.</summary>
    public bool IsCompensated { get; set; }

    public bool IsLost => Told == Told.Done && Found == 0 && !IsStuck;
    public bool IsDuplicated => Found > 1;
    public bool IsThereAlthoughRefused => Told == Told.Refused && Found > 0;
    public bool IsOk => Told == Told.Done && Found == 1 && !IsStuck && !IsCompensated;

    public void Acknowledge(Guid? id = null) => (Told, Id) = (Told.Done, id);

    public void Refuse(string reason) => (Told, Reason) = (Told.Refused, reason);

    public override string ToString() => $"{kind} {mark}{(about == default ? "" : $" of lead {about}")}{(Id is { } id ? $", told {id}" : "")}";
}

/// <summary>What all clients wanted and were told, in no order.</summary>
internal sealed class Journal
{
    private readonly ConcurrentBag<Write> writes = [];
    private readonly ConcurrentDictionary<string, int> unanswered = new(StringComparer.Ordinal);

    /// <summary>Requests that got no answer of their own and were made again.</summary>
    public int Unanswered => unanswered.Values.Sum();

    /// <summary>The same by what came instead of an answer: "503 unavailable", "no answer".</summary>
    public IReadOnlyDictionary<string, int> UnansweredBy => new Dictionary<string, int>(unanswered, StringComparer.Ordinal);

    public void CountUnanswered(string instead) => unanswered.AddOrUpdate(instead, 1, (_, times) => times + 1);

    /// <summary>Notes a write before its first request leaves.</summary>
    public Write Begin(WriteKind kind, string mark, Guid about = default)
    {
        var write = new Write(kind, mark, about);
        writes.Add(write);
        return write;
    }

    public IReadOnlyList<Write> All(params WriteKind[] kinds) => [.. writes.Where(write => kinds.Length == 0 || kinds.Contains(write.Kind)).OrderBy(write => write.Kind).ThenBy(write => write.Mark, StringComparer.Ordinal)];
}
