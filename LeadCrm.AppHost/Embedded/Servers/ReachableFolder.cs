namespace LeadCrm.AppHost.Embedded.Servers;

/// <summary>
/// The place for what PostgreSQL's account must reach when it may not enter the data folder: a folder per installation, named by its
/// id. Folders whose installation is gone (its data folder was deleted, or belongs to another one by now) are removed.
/// </summary>
internal static class ReachableFolder
{
    private const string OriginFile = "origin";

    public static string For(DataFolder folder)
    {
        Directory.CreateDirectory(PostgresBinaries.Reachable, DataFolder.PrivateFolder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        foreach (var other in Directory.EnumerateDirectories(PostgresBinaries.Reachable))
        {
            var origin = Path.Combine(other, OriginFile);
            if (File.Exists(origin) && !IsStillUsed(File.ReadAllText(origin), Path.GetFileName(other)))
            {
                Directory.Delete(other, recursive: true);
            }
        }

        var own = Path.Combine(PostgresBinaries.Reachable, folder.InstanceId);
        Directory.CreateDirectory(own, DataFolder.PrivateFolder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        DataFolder.WritePrivately(Path.Combine(own, OriginFile), System.Text.Encoding.UTF8.GetBytes(folder.Path));
        return own;
    }

    private static bool IsStillUsed(string dataFolder, string instanceId)
    {
        var file = Path.Combine(dataFolder, DataFolder.InstanceIdFile);
        return File.Exists(file) && File.ReadAllText(file).Trim() == instanceId;
    }
}
