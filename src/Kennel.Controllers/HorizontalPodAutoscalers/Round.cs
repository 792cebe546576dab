using Kennel.Client.Running;
using Kennel.Objects.AutoscalingV2;

namespace Kennel.Controllers.HorizontalPodAutoscalers;

/// <summary>One look at an autoscaler: what to do, its conditions and what to tell.</summary>
sealed class Round(Observed o)
{
    readonly HorizontalPodAutoscaler _autoscaler = o.Autoscaler;

    public Standing Standing { get; } = new(o.Autoscaler.Status?.Conditions ?? [], o.Now);

    public List<Note> Notes { get; } = [];

    public Outcome Run()
    {
        if (o.Facts.Scale is not { } scale)
        {
            Warn("FailedGetScale", o.Facts.Problem!);
            Standing.Able(false, "FailedGetScale", $"the HPA controller was unable to get the target's current scale: {o.Facts.Problem}");
            return new(0, Failed: true, WaitingFor: o.Facts.Problem);
        }
        Standing.Able(true, "SucceededGetScale", "the HPA controller was able to get the target's current scale");
        var (spec, now) = (_autoscaler.Spec, scale.Wanted);
        var least = spec.MinReplicas ?? 1;
        var outcome = Bounded(now, least) ?? Measured(scale);
        if (outcome.Change == 0) return outcome;
        if (o.Problem is { } problem) Standing.Able(false, "FailedUpdateScale", $"the HPA controller was unable to update the target scale: {problem}");
        else Standing.Able(true, "SucceededRescale", $"the HPA controller was able to update the target scale to {outcome.Replicas}");
        return outcome;
    }

    /// <summary>What needs no metric; null when one has to be asked.</summary>
    Outcome? Bounded(int now, int least)
    {
        var most = _autoscaler.Spec.MaxReplicas;
        if (now == 0 && least != 0)
        {
            Standing.Active(false, "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
            return new(0, Metrics: []);
        }
        if (now > most) return new(most, most - now, "Current number of replicas above Spec.MaxReplicas", Metrics: []);
        return now < least ? new(least, least - now, "Current number of replicas below Spec.MinReplicas", Metrics: []) : null;
    }

    Outcome Measured(ScaleFacts scale)
    {
        if (Unclear(scale) is { } unclear) return Failed(scale, unclear, []);
        var (spec, tolerance) = (_autoscaler.Spec, Tolerance.Of(_autoscaler.Spec.Behavior));
        List<Metered> all = [.. spec.Metrics.Select((m, i) => Metered.Of(o, m, o.Facts.Metrics[i], tolerance))];
        List<MetricStatus> told = [.. all.Select(m => m.Status).OfType<MetricStatus>()];
        foreach (var lost in all.Where(m => m.Problem is not null)) Warn(lost.Reason!, lost.Problem!);
        var invalid = all.FindAll(m => m.Problem is not null);
        Metered? top = null;
        foreach (var valid in all.Where(m => m.Problem is null)) if (top is null || valid.Replicas > top.Replicas) top = valid;
        // A metric that is missing could want more: then nothing becomes smaller.
        if (top is null || (invalid.Count > 0 && top.Replicas < scale.Wanted))
        {
            Standing.Active(false, invalid[0].Reason!, $"the HPA was unable to compute the replica count: {invalid[0].Problem}");
            return Failed(scale, $"invalid metrics ({invalid.Count} invalid out of {all.Count}), first error is: {invalid[0].Problem}", told);
        }
        Standing.Active(true, "ValidMetricFound", $"the HPA was able to successfully calculate a replica count from {top.Name}");
        var paced = Pace.Of(spec, scale.Wanted, top.Replicas, o.History, o.Now);
        Standing.Able(true, paced.Able.Reason, paced.Able.Message);
        Standing.Limited(paced.Limited.Is, paced.Limited.Reason, paced.Limited.Message);
        var reason = top.Replicas > scale.Wanted ? $"{top.Name} above target" : top.Replicas < scale.Wanted ? "All metrics below target" : "";
        return new(paced.Replicas, paced.Replicas - scale.Wanted, reason, top.Replicas, told);
    }

    /// <summary>Why nobody can say which pods are meant; null when it is clear.</summary>
    string? Unclear(ScaleFacts scale)
    {
        if (scale.Selector.Length == 0)
        {
            Warn("SelectorRequired", "selector is required");
            Standing.Active(false, "InvalidSelector", "the HPA target's scale is missing a selector");
            return "selector is required";
        }
        if (o.Rivals.IsEmpty) return null;
        var names = o.Rivals.Add($"{_autoscaler.Metadata.Namespace}/{_autoscaler.Metadata.Name}").Sort(StringComparer.Ordinal);
        var why = $"pods by selector {scale.Selector} are controlled by multiple HPAs: [{string.Join(" ", names)}]";
        Warn("AmbiguousSelector", why);
        Standing.Active(false, "AmbiguousSelector", why);
        return why;
    }

    Outcome Failed(ScaleFacts scale, string why, IReadOnlyList<MetricStatus> told)
    {
        Warn("FailedComputeMetricsReplicas", why);
        return new(scale.Wanted, Metrics: told, Failed: true, WaitingFor: why);
    }

    void Warn(string reason, string message) => Notes.Add(new(_autoscaler, reason, message, Warning: true, Source: "horizontal-pod-autoscaler"));
}
