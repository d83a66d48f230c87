using System.Globalization;
using System.Runtime.InteropServices;

namespace LeadCrm.Chaos.Faults;

/// <summary>Signals to a process and all that it has started, as the machine would deliver them.</summary>
internal static class Signals
{
    private const int Interrupt = 2, Kill = 9, Terminate = 15, Continue = 18, Stop = 19;

    /// <summary>kill -9 of the process; what it has started dies with it or, of a database server, a moment later.</summary>
    public static void EndAtOnce(int pid) => Send(pid, Kill);

    /// <summary>kill -9 of the process and of all that it has started, frozen ones too, which would not notice its end.</summary>
    public static void EndTree(int pid)
    {
        foreach (var each in Tree(pid)) Send(each, Kill);
    }

    /// <summary>The way its host stops it: PostgreSQL waits for its clients on SIGTERM, and does not on SIGINT.</summary>
    public static void Ask(int pid, string process) => Send(pid, process == "postgres" ? Interrupt : Terminate);

    /// <summary>SIGSTOP to the whole tree: it neither answers nor dies, and its connections stay open.</summary>
    public static IReadOnlyList<int> Freeze(int pid)
    {
        var tree = Tree(pid);
        foreach (var each in tree) Send(each, Stop);
        return tree;
    }

    public static void GoOn(IReadOnlyList<int> tree)
    {
        foreach (var each in tree) Send(each, Continue);
    }

    private static void Send(int pid, int signal) => _ = SendSignal(pid, signal);   // that it is gone already is fine

    /// <summary>The process and everything below it, parents first.</summary>
    public static IReadOnlyList<int> Tree(int root)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid)) continue;
            try
            {
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                var parent = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
                if (!children.TryGetValue(parent, out var siblings)) children[parent] = siblings = [];
                siblings.Add(pid);
            }
            catch (IOException)
            {
                // The process ended while we looked.
            }
        }

        List<int> tree = [root];
        for (var i = 0; i < tree.Count; i++) tree.AddRange(children.GetValueOrDefault(tree[i]) ?? []);
        return tree;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);
}
