namespace Kennel.Client.Tests.Fake;

public static class Eventually
{
    /// <summary>Looks again and again until something is so; the limit is for slow machines, not a wish.</summary>
    public static async Task True(Func<bool> so, Func<string>? otherwise = null)
    {
        var until = TimeProvider.System.GetTimestamp();
        while (!so())
        {
            if (TimeProvider.System.GetElapsedTime(until) > TimeSpan.FromSeconds(30)) throw new TimeoutException(otherwise?.Invoke() ?? "it didn't come true");
            await Task.Delay(1);
        }
    }
}
