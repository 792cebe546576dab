using Kennel.Objects.AutoscalingV2;
using Kennel.Objects.Quantities;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.HorizontalPodAutoscalers;

/// <summary>One metric of an autoscaler, weighed.</summary>
/// <param name="Name">As reasons and conditions name it.</param>
/// <param name="Status">What is told of it; null when it could not be had.</param>
/// <param name="Reason">Of the condition when it could not be had.</param>
sealed record Metered(int Replicas, string Name, MetricStatus? Status, string? Reason = null, string? Problem = null)
{
    public static Metered Of(Observed o, MetricSpec spec, MetricFacts facts, Tolerance tolerance) => spec.Type switch
    {
        "Resource" when spec.Resource is { } m => OfResource(o, spec, facts, m.Name, "", m.Target, tolerance),
        "ContainerResource" when spec.ContainerResource is { } m => OfResource(o, spec, facts, m.Name, m.Container, m.Target, tolerance),
        "Pods" when spec.Pods is { } m => Finish(spec, $"pods metric {m.Metric.Name}", "FailedGetPodsMetric", "failed to get pods metric value: ", facts.Problem is { } lost ? Proposal.Failed(lost)
            : Calculation.ByAverage(o, facts, cpu: false, Milli(m.Target.AverageValue), tolerance), m.Target),
        "Object" when spec.Object is { } m => Finish(spec, $"{m.DescribedObject.Kind} metric {m.Metric.Name}", "FailedGetObjectMetric", "failed to get object metric value: ",
            Single(o, facts, m.Target, tolerance, "invalid object metric source: neither a value target nor an average value target was set"), m.Target),
        "External" when spec.External is { } m => Finish(spec, $"external metric {m.Metric.Name}({LabelSelector.From(m.Metric.Selector ?? new())})", "FailedGetExternalMetric", "failed to get external metric " + m.Metric.Name + ": ",
            Single(o, facts, m.Target, tolerance, "invalid external metric source: neither a value target nor an average value target was set"), m.Target),
        _ => new(0, "", null, "InvalidMetricSourceType", $"unknown metric source type \"{spec.Type}\""),
    };

    static Metered OfResource(Observed o, MetricSpec spec, MetricFacts facts, string name, string container, MetricTarget target, Tolerance tolerance)
    {
        var reason = container.Length == 0 ? "FailedGetResourceMetric" : "FailedGetContainerResourceMetric";
        if (target.AverageValue is not null)
            return Finish(spec, $"{name} resource", reason, $"failed to get {name} usage: ",
                facts.Problem is { } lost ? Proposal.Failed($"unable to get metrics for resource {name}: {lost}") : Calculation.ByAverage(o, facts, name == "cpu", Milli(target.AverageValue), tolerance), target);
        if (target.AverageUtilization is not { } percent)
            return new(0, "", null, reason, "invalid resource metric source: neither an average utilization target nor an average value (usage) target was set");
        var what = container.Length == 0 ? $"{name} resource utilization (percentage of request)" : $"{name} container resource utilization (percentage of request)";
        return Finish(spec, what, reason, $"failed to get {name} utilization: ",
            facts.Problem is { } missing ? Proposal.Failed($"unable to get metrics for resource {name}: {missing}") : Calculation.ByUtilization(o, facts, name, container, percent, tolerance), target);
    }

    static Proposal Single(Observed o, MetricFacts facts, MetricTarget target, Tolerance tolerance, string neither) =>
        facts.Problem is { } lost ? Proposal.Failed(lost)
        : target.Value is not null ? Calculation.ByValue(o, facts.Value, Milli(target.Value), tolerance)
        : target.AverageValue is not null ? Calculation.ByShare(o, facts.Value, Milli(target.AverageValue), tolerance)
        : Proposal.Failed(neither);

    static Metered Finish(MetricSpec spec, string name, string reason, string prefix, Proposal proposal, MetricTarget target) => proposal.Problem is { } problem
        ? new(0, name, null, reason, prefix + problem)
        : new(proposal.Replicas, name, Told(spec, Value(proposal, target)));

    static MetricValueStatus Value(Proposal proposal, MetricTarget target)
    {
        var amount = Quantity.OfMilli(proposal.Milli).ToString();
        return target.Value is not null ? new() { Value = amount } : new() { AverageValue = amount, AverageUtilization = proposal.Percent };
    }

    static MetricStatus Told(MetricSpec spec, MetricValueStatus current) => spec.Type switch
    {
        "Resource" => new() { Type = spec.Type, Resource = new() { Name = spec.Resource!.Name, Current = current } },
        "ContainerResource" => new() { Type = spec.Type, ContainerResource = new() { Name = spec.ContainerResource!.Name, Container = spec.ContainerResource.Container, Current = current } },
        "Pods" => new() { Type = spec.Type, Pods = new() { Metric = spec.Pods!.Metric, Current = current } },
        "Object" => new() { Type = spec.Type, Object = new() { Metric = spec.Object!.Metric, DescribedObject = spec.Object.DescribedObject, Current = current } },
        _ => new() { Type = spec.Type, External = new() { Metric = spec.External!.Metric, Current = current } },
    };

    static long Milli(string? amount) => Math.Max(1, Amount.Of(amount).MilliValue);
}
