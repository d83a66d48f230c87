using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LeadCrm.ServiceDefaults.Tests.Messaging;

internal static class Eventually
{
    /// <summary>Waits until the condition holds; fails with its text when it does not in time.</summary>
    public static async Task Holds(Func<Task<bool>> condition, double seconds = 60, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(seconds)) throw new TimeoutException($"Not within {seconds} s: {what}");
            await Task.Delay(15);
        }
    }

    public static Task Holds(Func<bool> condition, double seconds = 60, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Holds(() => Task.FromResult(condition()), seconds, what);
}
