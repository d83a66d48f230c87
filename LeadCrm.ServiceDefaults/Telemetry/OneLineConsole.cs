using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace LeadCrm.ServiceDefaults.Telemetry;

/// <summary>
/// A dozen processes write to one terminal: each event is one line a person can read. What is expected to pass (a broker that is not there
/// yet) is a warning and shows its cause in a few words; an error keeps its stack trace.
/// </summary>
internal sealed class OneLineConsole() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "one-line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(Level(logEntry.LogLevel));
        textWriter.Write(' ');
        textWriter.Write(logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..]);
        textWriter.Write(": ");
        textWriter.Write(FirstLine(message));
        if (logEntry.Exception is { } exception)
        {
            if (logEntry.LogLevel >= LogLevel.Error)
            {
                textWriter.WriteLine();
                textWriter.Write(exception);
            }
            else
            {
                var cause = exception.GetBaseException();
                textWriter.Write($" ({cause.GetType().Name}: {FirstLine(cause.Message)})");
            }
        }
        textWriter.WriteLine();
    }

    private static string FirstLine(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        _ => "ERROR",
    };
}
