using System.Collections.Immutable;
using Kennel.Controllers.Pods;
using Kennel.Objects.Core;

namespace Kennel.Controllers.HorizontalPodAutoscalers;

/// <summary>The pods of a target by what their samples are worth, as upstream: young pods' processors are busy with starting.</summary>
sealed class Grouped
{
    static readonly TimeSpan s_starting = TimeSpan.FromMinutes(5);
    static readonly TimeSpan s_firstReadiness = TimeSpan.FromSeconds(30);

    public Grouped(ImmutableArray<Pod> pods, ImmutableSortedDictionary<string, Sample> samples, bool cpu, DateTimeOffset now)
    {
        foreach (var pod in pods)
        {
            if (pod.IsTerminating() || pod.Status?.Phase == "Failed") Ignored.Add(pod.Name());
            else if (pod.IsPending()) Unready.Add(pod.Name());
            else if (!samples.TryGetValue(pod.Name(), out var sample)) Missing.Add(pod.Name());
            else if (cpu && IsStarting(pod, sample, now)) Unready.Add(pod.Name());
            else Ready++;
        }
        Counted = samples.RemoveRange(Ignored).RemoveRange(Unready);
    }

    public int Ready { get; }

    public SortedSet<string> Unready { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Missing { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Ignored { get; } = new(StringComparer.Ordinal);

    /// <summary>The samples that count.</summary>
    public ImmutableSortedDictionary<string, Sample> Counted { get; }

    static bool IsStarting(Pod pod, Sample sample, DateTimeOffset now)
    {
        if (pod.Condition("Ready") is not { } ready || pod.Status?.StartTime is not { } started) return true;
        var since = ready.LastTransitionTime ?? started;
        return started + s_starting > now
            ? ready.Status == "False" || sample.At < since + sample.Window
            : ready.Status == "False" && started + s_firstReadiness > since;
    }
}
