using LeadCrm.Activities.Items;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Persistence;

namespace LeadCrm.Activities.Files;

/// <summary>A file (AV5), with its versions; what is in it lies on disk, once per content.</summary>
internal sealed class StoredFile : Item
{
    internal const int MostVersions = 100;

    private readonly List<FileVersion> versions = [];

    private StoredFile() { }

    /// <summary>The newest version's number.</summary>
    public int VersionNumber { get; private set; }

    /// <summary>The newest version's type, as its bytes say.</summary>
    public string MediaType { get; private set; } = "";

    /// <summary>The newest version's size in bytes.</summary>
    public long Size { get; private set; }

    /// <summary>SHA-256 of the newest version's content, in hex.</summary>
    public string Hash { get; private set; } = "";

    [NotInHistory] public IReadOnlyList<FileVersion> Versions => versions;

    /// <summary>A new file with its first version.</summary>
    public static StoredFile Create(Guid id, string name, FileContent content, IReadOnlyCollection<RecordRef> related, Guid ownerId, DateTimeOffset now)
    {
        var file = new StoredFile { Id = id, Kind = ItemKind.File, OwnerId = ownerId, CreatedAt = now, CreatedBy = ownerId };
        file.AddVersion(name, content, ownerId, now);
        file.Relate(related, now);
        file.MoveTo(now, null);
        return file;
    }

    /// <summary>Adds a version, which is the newest from now on; those before stay.</summary>
    public void AddVersion(string name, FileContent content, Guid userId, DateTimeOffset now)
    {
        if (VersionNumber >= MostVersions) throw new DomainRuleException("too-many-versions", $"A file has at most {MostVersions} versions. Upload a new file instead.");
        VersionNumber++;
        versions.Add(new FileVersion(Id, VersionNumber, name, content, userId, now));
        (Subject, MediaType, Size, Hash) = (name, content.MediaType, content.Size, content.Hash);
        Touch(userId, now);
    }

    /// <summary>Gives it another name or other records.</summary>
    public void Change(FileInput input, Guid? actorId, DateTimeOffset now)
    {
        Subject = input.Name!;
        Relate([.. input.Related ?? []], now);
        Touch(actorId, now);
    }

    /// <summary>What a user may write of it, as it stands: the base of a merge patch.</summary>
    public FileInput ToInput() => new() { Name = Subject, Related = [.. Links.Select(link => link.Record).Order()] };
}

/// <summary>What people may write of a file beside its content.</summary>
internal sealed record FileInput
{
    /// <summary>Name, as it is offered for download.</summary>
    public string? Name { get; init; }
    /// <summary>The records it hangs on.</summary>
    public IReadOnlyList<RecordRef>? Related { get; init; }
}

/// <summary>One version of a file.</summary>
internal sealed class FileVersion
{
    private FileVersion() { }

    public FileVersion(Guid fileId, int number, string name, FileContent content, Guid userId, DateTimeOffset now)
    {
        (FileId, Number, Name) = (fileId, number, name);
        (Hash, Size, MediaType) = (content.Hash, content.Size, content.MediaType);
        (CreatedBy, CreatedAt) = (userId, now);
    }

    public Guid FileId { get; private set; }
    public int Number { get; private set; }
    public string Name { get; private set; } = "";
    public string Hash { get; private set; } = "";
    public long Size { get; private set; }
    public string MediaType { get; private set; } = "";
    public Guid CreatedBy { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
}

/// <summary>A content: what is in one or more files.</summary>
/// <param name="Hash">SHA-256, in hex.</param>
/// <param name="Size">Bytes.</param>
/// <param name="MediaType">What its bytes say it is.</param>
internal sealed record FileContent(string Hash, long Size, string MediaType);
