using Kennel.Objects.Core;

namespace Kennel.Node.Probes;

/// <summary>Runs postStart and preStop hooks.</summary>
sealed class Hooks(IProber prober, TimeProvider time)
{
    /// <summary>Null when it succeeded, otherwise why not.</summary>
    public async Task<string?> Run(LifecycleHandler hook, Container container, string containerId, string ip, TimeSpan limit, CancellationToken cancel)
    {
        if (hook.Sleep is { } sleep)
        {
            var wish = TimeSpan.FromSeconds(sleep.Seconds);
            if (wish > TimeSpan.Zero) await Task.Delay(wish < limit ? wish : limit, time, cancel);
            return null;
        }
        var answer = await prober.Ask(new(container, containerId, ip, ProbeQuestion.Of(hook), limit), cancel);
        return answer.Passed ? null : answer.Text;
    }
}
