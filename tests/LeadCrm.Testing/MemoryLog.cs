using Microsoft.Extensions.Logging;

namespace LeadCrm.Testing;

/// <summary>Keeps the last lines that an app logged; LEADCRM_TEST_LOGS=true prints them as they come.</summary>
internal sealed class MemoryLog : ILoggerProvider
{
    private static readonly bool Print = Environment.GetEnvironmentVariable("LEADCRM_TEST_LOGS") == "true";
    private readonly Queue<string> _lines = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    public override string ToString()
    {
        lock (_lines)
        {
            return string.Join('\n', _lines);
        }
    }

    private void Add(string line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > 500)
            {
                _lines.Dequeue();
            }
        }

        if (Print)
        {
            Console.Error.WriteLine(line);
        }
    }

    private sealed class Logger(MemoryLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add($"{DateTime.UtcNow:HH:mm:ss.fff} {logLevel} {category}: {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
    }
}
