using System.Collections.Immutable;
using Kennel.Controllers.Pods;
using Kennel.Objects.Core;

namespace Kennel.Controllers.HorizontalPodAutoscalers;

/// <summary>What one metric asks for.</summary>
/// <param name="Replicas">How many pods it wants.</param>
/// <param name="Percent">The usage as a share of what pods ask for, where that is how it is measured.</param>
/// <param name="Milli">The usage of a pod on average, or as a whole.</param>
/// <param name="Problem">Why it can't tell, or null.</param>
readonly record struct Proposal(int Replicas, int? Percent = null, long Milli = 0, string? Problem = null)
{
    public static Proposal Failed(string problem) => new(0, Problem: problem);
}

/// <summary>
/// How many pods would bring a metric to its target: upstream's calculation. Pods without a sample count as if they did what slows the change
/// down, so that a gap in the figures never makes it larger or turns it round.
/// </summary>
static class Calculation
{
    /// <summary>A share of what the pods ask for.</summary>
    public static Proposal ByUtilization(Observed o, MetricFacts metric, string resource, string container, int target, Tolerance tolerance)
    {
        if (Prepare(o, metric, resource == "cpu", out var grouped) is { } problem) return Proposal.Failed(problem);
        var requests = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var pod in o.Pods)
        {
            if (Request(pod, resource, container) is not { } request) return Proposal.Failed(Without(pod, resource, container));
            requests[pod.Name()] = request;
        }
        if (Utilization(grouped.Counted, requests) is not { } used) return Proposal.Failed("no metrics returned matched known pods");
        var raw = grouped.Counted.Where(s => requests.ContainsKey(s.Key)).Average(s => s.Value.Milli);
        var replicas = Settle(o, grouped, tolerance, (double)used / target,
            pod => requests[pod] * Math.Max(100, target) / 100, samples => Utilization(samples, requests) is { } again ? (double)again / target : 1);
        return new(replicas, used, (long)raw);
    }

    /// <summary>So much a pod on average.</summary>
    public static Proposal ByAverage(Observed o, MetricFacts metric, bool cpu, long target, Tolerance tolerance)
    {
        if (Prepare(o, metric, cpu, out var grouped) is { } problem) return Proposal.Failed(problem);
        var average = (long)grouped.Counted.Values.Average(s => s.Milli);
        return new(Settle(o, grouped, tolerance, (double)average / target, _ => target, samples => (double)(long)samples.Values.Average(s => s.Milli) / target), null, average);
    }

    /// <summary>One figure for all that should be at its target.</summary>
    public static Proposal ByValue(Observed o, long value, long target, Tolerance tolerance)
    {
        var (ratio, wanted) = ((double)value / target, o.Facts.Scale!.Wanted);
        if (wanted == 0) return new((int)Math.Ceiling(ratio), null, value);
        return new(tolerance.Covers(ratio) ? wanted : (int)Math.Ceiling(ratio * o.Pods.Count(p => p.Status?.Phase == "Running" && p.IsReady())), null, value);
    }

    /// <summary>One figure that is shared by all.</summary>
    public static Proposal ByShare(Observed o, long value, long target, Tolerance tolerance)
    {
        var there = o.Facts.Scale!.There;
        var ratio = (double)value / (target * (double)there);
        return new(tolerance.Covers(ratio) ? there : (int)Math.Ceiling((double)value / target), null, there == 0 ? value : (long)Math.Ceiling((double)value / there));
    }

    static string? Prepare(Observed o, MetricFacts metric, bool cpu, out Grouped grouped)
    {
        grouped = new Grouped(o.Pods, metric.Pods ?? ImmutableSortedDictionary<string, Sample>.Empty, cpu, o.Now);
        return o.Pods.IsEmpty ? "no pods returned by selector while calculating replica count"
            : grouped.Counted.IsEmpty ? "did not receive metrics for targeted pods (pods might be unready)" : null;
    }

    /// <param name="full">What a pod without a sample counts for when there would be fewer pods.</param>
    /// <param name="measure">The ratio again, with what was made up.</param>
    static int Settle(Observed o, Grouped grouped, Tolerance tolerance, double ratio, Func<string, long> full, Func<ImmutableSortedDictionary<string, Sample>, double> measure)
    {
        var now = o.Facts.Scale!.Wanted;
        var withUnready = grouped.Unready.Count > 0 && ratio > 1;
        if (!withUnready && grouped.Missing.Count == 0) return tolerance.Covers(ratio) ? now : (int)Math.Ceiling(ratio * grouped.Ready);
        var samples = grouped.Counted;
        if (ratio < 1) foreach (var pod in grouped.Missing) samples = samples.SetItem(pod, new(full(pod), o.Now, default));
        if (ratio > 1) foreach (var pod in grouped.Missing) samples = samples.SetItem(pod, default);
        if (withUnready) foreach (var pod in grouped.Unready) samples = samples.SetItem(pod, default);
        var again = measure(samples);
        if (tolerance.Covers(again) || (ratio < 1 && again > 1) || (ratio > 1 && again < 1)) return now;
        var replicas = (int)Math.Ceiling(again * samples.Count);
        return (again < 1 && replicas > now) || (again > 1 && replicas < now) ? now : replicas;
    }

    static int? Utilization(ImmutableSortedDictionary<string, Sample> samples, Dictionary<string, long> requests)
    {
        var (used, asked) = (0L, 0L);
        foreach (var (pod, sample) in samples)
        {
            if (!requests.TryGetValue(pod, out var request)) continue;
            used += sample.Milli;
            asked += request;
        }
        return asked == 0 ? null : (int)(used * 100 / asked);
    }

    static long? Request(Pod pod, string resource, string container)
    {
        if (pod.Spec?.Resources?.Requests is { } whole && container.Length == 0 && whole.ContainsKey(resource)) return Amount.Of(whole, resource).MilliValue;
        var sum = 0L;
        foreach (var one in Measured(pod).Where(c => container.Length == 0 || c.Name == container))
        {
            if (one.Resources?.Requests is not { } requests || !requests.ContainsKey(resource)) return null;
            sum += Amount.Of(requests, resource).MilliValue;
        }
        return sum;
    }

    static string Without(Pod pod, string resource, string container)
    {
        var name = Measured(pod).First(c => (container.Length == 0 || c.Name == container) && c.Resources?.Requests.ContainsKey(resource) != true).Name;
        return $"missing request for {resource} in container {name} of Pod {pod.Name()}";
    }

    /// <summary>The containers that run on and on.</summary>
    static IEnumerable<Container> Measured(Pod pod) => (pod.Spec?.Containers ?? []).Concat((pod.Spec?.InitContainers ?? []).Where(c => c.RestartPolicy == "Always"));
}
