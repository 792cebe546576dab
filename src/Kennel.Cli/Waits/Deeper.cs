using Kennel.Node.Agent;

namespace Kennel.Cli.Waits;

/// <summary>What a controller can't see in a pod's status, its node knows: why a probe fails.</summary>
static class Deeper
{
    const string Probe = " probe: ";

    /// <summary>The controllers' waits; a set that waits for a pod whose probe fails says how it fails.</summary>
    public static IEnumerable<Wait> Of(IEnumerable<Wait> controllers, IEnumerable<PodWaiting> pods)
    {
        var failing = pods.Where(p => p.For.Contains(Probe, StringComparison.Ordinal)).ToLookup(p => p.Pod);
        return controllers.Select(w => w.Resource == "statefulsets" && failing.Count > 0 ? w with { For = w.For + Failure(w, failing) } : w);
    }

    static string Failure(Wait wait, ILookup<Objects.ObjectKey, PodWaiting> failing)
    {
        var pod = wait.For.Split(' ')[0];
        return failing[wait.Key with { Name = pod }].FirstOrDefault()?.For is { } why ? ": " + why[(why.IndexOf(Probe, StringComparison.Ordinal) + Probe.Length)..] : "";
    }
}
