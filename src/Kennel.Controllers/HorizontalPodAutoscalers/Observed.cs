using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Kennel.Objects.AutoscalingV2;
using Kennel.Objects.Core;

namespace Kennel.Controllers.HorizontalPodAutoscalers;

/// <summary>All that a decision about an autoscaler depends on.</summary>
/// <param name="Pods">Those that the target's selector means.</param>
/// <param name="Rivals">Other autoscalers of the same target, <c>namespace/name</c>.</param>
/// <param name="Problem">Why the target could not be resized the last time, or null.</param>
public sealed record Observed(
    HorizontalPodAutoscaler Autoscaler, Facts Facts, ImmutableArray<Pod> Pods, ImmutableArray<string> Rivals, History History, DateTimeOffset Now, string? Problem = null);

/// <summary>What was asked of the API a moment ago.</summary>
/// <param name="Problem">Why the target's scale could not be had, or null.</param>
/// <param name="Metrics">One for each metric of the spec.</param>
public sealed record Facts(DateTimeOffset At, ScaleFacts? Scale, string? Problem, ImmutableArray<MetricFacts> Metrics);

/// <param name="Wanted">Replicas of its spec.</param>
/// <param name="There">Replicas of its status.</param>
public sealed record ScaleFacts(int Wanted, int There, string Selector, string ResourceVersion);

/// <summary>What a metric was, in thousandths.</summary>
/// <param name="Pods">By pod; null for a metric that isn't about pods.</param>
/// <param name="Value">Of a metric about something else.</param>
/// <param name="Problem">Why it could not be had, or null.</param>
public sealed record MetricFacts(ImmutableSortedDictionary<string, Sample>? Pods = null, long Value = 0, string? Problem = null);

/// <param name="Milli">Thousandths of a core, or of a byte.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Sample(long Milli, DateTimeOffset At, TimeSpan Window);

/// <summary>What was recommended and done lately.</summary>
/// <param name="Recommendations">Before they were held back by a window; oldest first.</param>
/// <param name="Changes">By how much the target was resized; oldest first.</param>
public sealed record History(ImmutableList<Recommendation> Recommendations, ImmutableList<Resize> Changes)
{
    public static readonly History None = new([], []);
}

[StructLayout(LayoutKind.Auto)]
public readonly record struct Recommendation(int Replicas, DateTimeOffset At);

/// <param name="By">Positive for up.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Resize(int By, DateTimeOffset At);
