namespace LeadCrm.Security;

/// <summary>Waits for what comes by itself.</summary>
public static class Until
{
    public static async Task Is(string what, Func<Task<bool>> condition, TimeSpan? within = null)
    {
        var deadline = DateTime.UtcNow + (within ?? TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            if (DateTime.UtcNow > deadline) throw new TimeoutException($"Not in time: {what}");
            await Task.Delay(150);
        }
    }
}
