using LeadCrm.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shouldly;
using Xunit;

namespace LeadCrm.ServiceDefaults.Tests.Http;

public sealed class ExceptionMappingTests
{
    private readonly Listener heard = new();

    [Fact]
    public async Task A_database_that_is_away_is_a_warning_and_what_nobody_thought_of_an_error()
    {
        (await StatusOf(new NpgsqlException("Failed to connect", new IOException()))).ShouldBe(503);
        (await StatusOf(new PostgresException("the database system is starting up", "FATAL", "FATAL", PostgresErrorCodes.CannotConnectNow))).ShouldBe(503);
        (await StatusOf(new InvalidOperationException("Nobody thought of this"))).ShouldBe(500);

        heard.Levels.ShouldBe([LogLevel.Warning, LogLevel.Warning, LogLevel.Error]);
    }

    [Fact]
    public async Task What_the_caller_can_mend_is_not_logged()
    {
        (await StatusOf(new DomainRuleException("wrong", "Do something else.", 409))).ShouldBe(409);

        heard.Levels.ShouldBeEmpty();
    }

    private async Task<int> StatusOf(Exception exception)
    {
        var http = new DefaultHttpContext();
        (await new ExceptionMapping(heard, heard).TryHandleAsync(http, exception, TestContext.Current.CancellationToken)).ShouldBeTrue();
        return http.Response.StatusCode;
    }

    private sealed class Listener : ILogger<ExceptionMapping>, IProblemDetailsService
    {
        public List<LogLevel> Levels { get; } = [];

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Levels.Add(logLevel);

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public ValueTask WriteAsync(ProblemDetailsContext context) => ValueTask.CompletedTask;

        public ValueTask<bool> TryWriteAsync(ProblemDetailsContext context) => ValueTask.FromResult(true);
    }
}
