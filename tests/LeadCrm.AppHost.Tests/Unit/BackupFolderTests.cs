using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadCrm.AppHost.Embedded;
using LeadCrm.AppHost.Embedded.Backup;
using Shouldly;
using Xunit;

namespace LeadCrm.AppHost.Tests.Unit;

public sealed class BackupFolderTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private readonly Scratch _scratch = new();
    private readonly BackupFolder _backup;

    public BackupFolderTests()
    {
        _backup = BackupFolder.At(_scratch["backup"]);
        Directory.CreateDirectory(_backup.Wal);
        Directory.CreateDirectory(_backup.Files);
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_missing_segment_of_the_log_is_noticed_also_where_the_count_turns_over()
    {
        Archive("0000000100000000000000FE", "0000000100000000000000FF", "000000010000000100000000", "000000020000000100000001");
        _backup.Gap("0000000100000000000000FE").ShouldBeNull("a new timeline goes on where the old one ended");

        File.Delete(Path.Combine(_backup.Wal, "000000010000000100000000.gz"));

        _backup.Gap("0000000100000000000000FE").ShouldBe("0000000100000000");
        _backup.Gap("000000020000000100000001").ShouldBeNull("nothing is missing since");
    }

    [Fact]
    public void Old_bases_go_with_what_only_they_needed()
    {
        Archive("000000010000000000000001", "000000010000000000000002", "000000010000000000000003");
        Base(Noon.AddDays(-2), "000000010000000000000001", "gone");
        var kept = Base(Noon.AddDays(-1), "000000010000000000000002", "of-the-base");
        foreach (var (file, at) in new[] { ("gone", Noon.AddDays(-3)), ("of-the-base", Noon.AddDays(-3)), ("in-use", Noon.AddDays(-3)), ("deleted-since", Noon) })
        {
            File.WriteAllText(Path.Combine(_backup.Files, file), file);
            File.SetLastWriteTimeUtc(Path.Combine(_backup.Files, file), at.UtcDateTime);
        }

        _backup.Prune(keep: 1, new HashSet<string> { "in-use" });

        _backup.Bases().ShouldHaveSingleItem().Path.ShouldBe(kept);
        _backup.Segments().ShouldBe(["000000010000000000000002", "000000010000000000000003"]);
        FileArchive.In(_backup.Files).ShouldBe(["deleted-since", "in-use", "of-the-base"], ignoreOrder: true);
    }

    [Fact]
    public void A_base_that_was_interrupted_is_not_there()
    {
        File.Delete(Path.Combine(Base(Noon, "000000010000000000000001"), BaseBackup.ManifestFile));

        _backup.Bases().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restore_refuses_a_data_folder_that_holds_data_a_time_before_the_oldest_base_and_a_gap()
    {
        using var folder = DataFolder.Open(_scratch["data"]);
        Base(Noon, "000000010000000000000001");
        Archive("000000010000000000000001", "000000010000000000000003");
        (await Refusal(folder, until: null)).ShouldContain("has a gap: no segment ends with 0000000000000002");
        Archive("000000010000000000000002");
        (await Refusal(folder, until: Noon.AddHours(-1))).ShouldContain("The oldest base there is goes back to 2026-11-27T12:00:01");

        Directory.CreateDirectory(await LeadCrm.AppHost.Embedded.Servers.PostgresServer.DataOf(folder, TestContext.Current.CancellationToken));
        (await Refusal(folder, until: null)).ShouldContain("already holds data");
    }

    [Fact]
    public async Task A_restore_refuses_a_file_that_is_not_what_was_backed_up_and_leaves_the_data_folder_alone()
    {
        using var folder = DataFolder.Open(_scratch["data"]);
        var damaged = Path.Combine(Base(Noon, "000000010000000000000001"), "postgres", "PG_VERSION");
        Archive("000000010000000000000001");
        await File.WriteAllTextAsync(damaged, "17", TestContext.Current.CancellationToken);

        (await Refusal(folder, until: null)).ShouldContain($"{damaged} is not what was backed up");

        File.Exists(folder.File("secrets.json")).ShouldBeFalse();
        File.Exists(folder.File(PendingRestore.FileName)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("/back up"), InlineData("/back'up"), InlineData("/back$up"), InlineData("/back%up"), InlineData("back")]
    public void A_folder_that_means_something_to_a_shell_is_refused(string path) => Should.Throw<HostException>(() => BackupFolder.At(path));

    private async Task<string> Refusal(DataFolder folder, DateTimeOffset? until) => (await Should.ThrowAsync<HostException>(
        () => new Restore(new RestoreOptions(_backup.Path, until, Force: false), folder, _ => { }).LayDown(CancellationToken.None))).Message;

    private void Archive(params string[] segments)
    {
        foreach (var segment in segments)
        {
            File.WriteAllText(Path.Combine(_backup.Wal, $"{segment}.gz"), "");
        }
    }

    private string Base(DateTimeOffset at, string firstSegment, params string[] attached)
    {
        var folder = _backup.NewBase(at);
        var postgres = Directory.CreateDirectory(Path.Combine(folder, "postgres")).FullName;
        var version = Encoding.ASCII.GetBytes("18");
        File.WriteAllBytes(Path.Combine(postgres, "PG_VERSION"), version);
        var files = Directory.CreateDirectory(Path.Combine(folder, "files")).FullName;
        foreach (var file in attached)
        {
            File.WriteAllText(Path.Combine(files, file), file);
        }

        Directory.CreateDirectory(Path.Combine(folder, "installation"));
        var manifest = new BaseManifest(at, at.AddSeconds(1), firstSegment, firstSegment, "18.4", "/data", [new BaseFile("PG_VERSION", 2, Convert.ToHexStringLower(SHA256.HashData(version)))]);
        File.WriteAllBytes(Path.Combine(folder, BaseBackup.ManifestFile), JsonSerializer.SerializeToUtf8Bytes(manifest, Json.Indented));
        Directory.Move(folder, folder[..^".new".Length]);
        return folder[..^".new".Length];
    }
}
