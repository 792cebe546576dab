using System.Collections.Immutable;
using Kennel.Objects.AutoscalingV2;

namespace Kennel.Controllers.HorizontalPodAutoscalers;

/// <summary>What is left of a recommendation after windows, rates and bounds.</summary>
/// <param name="Able">Reason and message of the condition AbleToScale.</param>
/// <param name="Limited">Whether something held it back, and reason and message of the condition ScalingLimited.</param>
readonly record struct Paced(int Replicas, (string Reason, string Message) Able, (bool Is, string Reason, string Message) Limited);

/// <summary>How quickly an autoscaler may follow what it finds: stabilization windows, then policies, as upstream.</summary>
static class Pace
{
    const string Lower = "recent recommendations were lower than current one, applying the lowest recent recommendation";
    const string Higher = "recent recommendations were higher than current one, applying the highest recent recommendation";

    /// <summary>Recommendations are remembered for as long as any window may be.</summary>
    static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    static readonly HPAScalingRules s_up = new() { StabilizationWindowSeconds = 0, SelectPolicy = "Max", Policies = [new() { Type = "Pods", Value = 4, PeriodSeconds = 15 }, new() { Type = "Percent", Value = 100, PeriodSeconds = 15 }] };
    static readonly HPAScalingRules s_down = new() { StabilizationWindowSeconds = 300, SelectPolicy = "Max", Policies = [new() { Type = "Percent", Value = 100, PeriodSeconds = 15 }] };

    public static Paced Of(HorizontalPodAutoscalerSpec spec, int current, int wished, History history, DateTimeOffset now)
    {
        var least = spec.MinReplicas ?? 1;
        if (spec.Behavior is not { } behavior)
        {
            var steady = history.Recommendations.Where(r => r.At > now.AddSeconds(-300)).Select(r => r.Replicas).Append(wished).Max();
            return Paced(steady, steady == wished ? null : ("ScaleDownStabilized", Higher), Simple(current, steady, least, spec.MaxReplicas));
        }
        var (up, down) = (Complete(behavior.ScaleUp, s_up), Complete(behavior.ScaleDown, s_down));
        var calm = Stabilize(current, wished, up, down, history.Recommendations, now);
        return Paced(calm, calm == wished ? null : wished >= current ? ("ScaleUpStabilized", Lower) : ("ScaleDownStabilized", Higher),
            calm > current ? Up(current, calm, up, spec.MaxReplicas, history.Changes, now)
            : calm < current ? Down(current, calm, down, least, history.Changes, now)
            : Within(calm));
    }

    public static History Remember(History history, int wished, int change, DateTimeOffset now) => new(
        history.Recommendations.RemoveAll(r => r.At < now - s_longest).Add(new(wished, now)),
        change == 0 ? history.Changes : history.Changes.RemoveAll(c => c.At < now - s_longest).Add(new(change, now)));

    static Paced Paced(int steady, (string, string)? held, (int Replicas, string Reason, string Message) bounded) =>
        new(bounded.Replicas, held ?? ("ReadyForNewScale", "recommended size matches current size"), (bounded.Replicas != steady, bounded.Reason, bounded.Message));

    static HPAScalingRules Complete(HPAScalingRules? rules, HPAScalingRules defaults) => rules is null ? defaults : new()
    {
        StabilizationWindowSeconds = rules.StabilizationWindowSeconds ?? defaults.StabilizationWindowSeconds,
        SelectPolicy = rules.SelectPolicy ?? defaults.SelectPolicy,
        Policies = rules.Policies.Count == 0 ? defaults.Policies : rules.Policies,
    };

    static int Stabilize(int current, int wished, HPAScalingRules up, HPAScalingRules down, ImmutableList<Recommendation> recent, DateTimeOffset now)
    {
        var (lowest, highest) = (wished, wished);
        foreach (var one in recent)
        {
            if (one.At > now.AddSeconds(-up.StabilizationWindowSeconds!.Value)) lowest = Math.Min(one.Replicas, lowest);
            if (one.At > now.AddSeconds(-down.StabilizationWindowSeconds!.Value)) highest = Math.Max(one.Replicas, highest);
        }
        return Math.Min(Math.Max(current, lowest), highest);
    }

    /// <summary>Without a behavior of its own: no more than doubled at once (4 are always fine).</summary>
    static (int, string, string) Simple(int current, int wished, int least, int most)
    {
        var limit = Math.Max(2 * current, 4);
        if (wished < least) return TooFew(least);
        if (most > limit) return wished > limit ? TooFast(limit) : Within(wished);
        return wished > most ? TooMany(most) : Within(wished);
    }

    static (int, string, string) Up(int current, int wished, HPAScalingRules rules, int most, ImmutableList<Resize> changes, DateTimeOffset now)
    {
        var limit = Math.Max(current, UpLimit(current, rules, changes, now));
        if (wished <= Math.Min(most, limit)) return Within(wished);
        return most > limit ? TooFast(limit) : TooMany(most);
    }

    static (int, string, string) Down(int current, int wished, HPAScalingRules rules, int least, ImmutableList<Resize> changes, DateTimeOffset now)
    {
        var limit = Math.Min(current, DownLimit(current, rules, changes, now));
        if (wished >= Math.Max(least, limit)) return Within(wished);
        return least < limit ? (limit, "ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate") : TooFew(least);
    }

    static int UpLimit(int current, HPAScalingRules rules, ImmutableList<Resize> changes, DateTimeOffset now)
    {
        if (rules.SelectPolicy == "Disabled") return current;
        var limits = rules.Policies.Select(p => (Policy: p, Start: Start(current, p, changes, now)))
            .Select(p => p.Policy.Type == "Pods" ? p.Start + p.Policy.Value : (int)Math.Ceiling(p.Start * (1 + p.Policy.Value / 100.0)));
        return rules.SelectPolicy == "Min" ? limits.Min() : limits.Max();
    }

    static int DownLimit(int current, HPAScalingRules rules, ImmutableList<Resize> changes, DateTimeOffset now)
    {
        if (rules.SelectPolicy == "Disabled") return current;
        var limits = rules.Policies.Select(p => (Policy: p, Start: Start(current, p, changes, now)))
            .Select(p => p.Policy.Type == "Pods" ? p.Start - p.Policy.Value : (int)(p.Start * (1 - p.Policy.Value / 100.0)));
        return rules.SelectPolicy == "Min" ? limits.Max() : limits.Min();
    }

    /// <summary>How many there were when the policy's period began.</summary>
    static int Start(int current, HPAScalingPolicy policy, ImmutableList<Resize> changes, DateTimeOffset now) =>
        current - changes.Where(c => c.At > now.AddSeconds(-policy.PeriodSeconds)).Sum(c => c.By);

    static (int, string, string) Within(int replicas) => (replicas, "DesiredWithinRange", "the desired count is within the acceptable range");

    static (int, string, string) TooFast(int limit) => (limit, "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate");

    static (int, string, string) TooMany(int most) => (most, "TooManyReplicas", "the desired replica count is more than the maximum replica count");

    static (int, string, string) TooFew(int least) => (least, "TooFewReplicas", "the desired replica count is less than the minimum replica count");
}
