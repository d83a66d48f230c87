using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LeadCrm.Testing;

/// <summary>Waits for something to become true, up to a deadline: what a test does instead of sleeping.</summary>
public static class Eventually
{
    private static readonly TimeSpan Default = TimeSpan.FromSeconds(60);

    /// <summary>Asks until the answer is true.</summary>
    public static Task Is(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "", TimeSpan? deadline = null) =>
        Get(async () => await condition() ? "yes" : null, what, deadline);

    /// <summary>Asks until the answer is true.</summary>
    public static Task Is(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "", TimeSpan? deadline = null) =>
        Is(() => Task.FromResult(condition()), what, deadline);

    /// <summary>Asks until there is an answer, and gives it.</summary>
    public static async Task<T> Get<T>(Func<Task<T?>> ask, string what, TimeSpan? deadline = null)
        where T : class
    {
        var began = Stopwatch.GetTimestamp();
        for (var pause = 10; ; pause = Math.Min(pause * 2, 200))
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            if (Stopwatch.GetElapsedTime(began) > (deadline ?? Default))
            {
                throw new TimeoutException($"Not within {(deadline ?? Default).TotalSeconds:0} s: {what}");
            }

            await Task.Delay(pause);
        }
    }

    /// <summary>Repeats assertions until they hold; the last failure is the message.</summary>
    public static async Task Holds(Func<Task> assertions, TimeSpan? deadline = null)
    {
        var began = Stopwatch.GetTimestamp();
        for (var pause = 10; ; pause = Math.Min(pause * 2, 200))
        {
            try
            {
                await assertions();
                return;
            }
            catch (Exception) when (Stopwatch.GetElapsedTime(began) < (deadline ?? Default))
            {
                await Task.Delay(pause);
            }
        }
    }
}
