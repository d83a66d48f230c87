using System.Text.RegularExpressions;

namespace LeadCrm.AppHost.Embedded.Processes;

/// <summary>Everybody's lines, each with the name of its resource in front, in colour on a terminal only.</summary>
internal sealed partial class HostLog(TextWriter console, bool colours, string? folder) : IDisposable
{
    private const long RotateAt = 10 * 1024 * 1024;
    private static readonly int[] Palette = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _colours = [];
    private readonly Dictionary<string, StreamWriter> _files = [];
    private int _width = 8;

    public static HostLog ToConsole(string? folder) =>
        new(Console.Out, !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")), folder);

    public void Host(string line) => Write("leadcrm", line);

    public void Write(string name, string line)
    {
        line = EscapeSequences().Replace(line, "");
        lock (_lock)
        {
            _width = Math.Max(_width, name.Length);
            if (!_colours.TryGetValue(name, out var colour))
            {
                _colours[name] = colour = Palette[_colours.Count % Palette.Length];
            }

            var prefix = name.PadRight(_width);
            Try(() => console.WriteLine(colours ? $"\e[{colour}m{prefix} |\e[0m {line}" : $"{prefix} | {line}"));
            if (folder is not null)
            {
                Try(() => File(name).WriteLine(line));
            }
        }
    }

    /// <summary>Only on the console: for what must not be kept.</summary>
    public void Show(string text)
    {
        lock (_lock)
        {
            Try(() => console.WriteLine(text));
        }
    }

    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            Try(file.Dispose);
        }
    }

    /// <summary>
    /// A line that cannot be kept, on a disk that is full, is lost. Whoever reads a process's output must go on all the same: once nobody does and the pipe is full, the process hangs.
    /// </summary>
    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // The next line may find space.
        }
    }

    private StreamWriter File(string name)
    {
        if (!_files.TryGetValue(name, out var writer))
        {
            var path = Path.Combine(folder!, $"{name}.log");
            if (System.IO.File.Exists(path) && new FileInfo(path).Length > RotateAt)
            {
                System.IO.File.Move(path, $"{path}.1", overwrite: true);
            }

            var stream = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = DataFolder.Private,
            });
            _files[name] = writer = new StreamWriter(stream) { AutoFlush = true };
        }

        return writer;
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]|\e\]8;[^\e]*\e\\", RegexOptions.NonBacktracking)]
    private static partial Regex EscapeSequences();
}
