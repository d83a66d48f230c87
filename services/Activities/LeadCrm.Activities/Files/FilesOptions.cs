using System.ComponentModel.DataAnnotations;

namespace LeadCrm.Activities.Files;

/// <summary>Where files are kept and how large they may be (section <c>Files</c>).</summary>
internal sealed class FilesOptions
{
    /// <summary>The folder. Replicas of the service share it.</summary>
    [Required]
    public string Folder { get; set; } = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "leadcrm", "files");

    /// <summary>Largest file in bytes.</summary>
    [Range(1, 1024L * 1024 * 1024)]
    public long LargestFile { get; set; } = 25 * 1024 * 1024;

    /// <summary>How long a content that no file refers to any more stays on disk.</summary>
    public TimeSpan KeepUnused { get; set; } = TimeSpan.FromDays(1);
}
