using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.AutoscalingV2;

namespace Kennel.Controllers.HorizontalPodAutoscalers;

/// <summary>How many replicas the target of an autoscaler should have, from what its metrics say: upstream's controller, in its words.</summary>
public static class Autoscalers
{
    /// <summary>Between two looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    /// <param name="resource">The target's kind; null when nobody knows it, and then <see cref="Facts.Problem"/> says so.</param>
    public static (Decision Decision, History History) Decide(Observed o, ResourceId? resource)
    {
        // What is there when an autoscaler is first looked at counts as recommended: nothing shrinks before its window has passed.
        if (o.History.Recommendations.IsEmpty && o.Facts.Scale is { } scale) o = o with { History = o.History with { Recommendations = [new(scale.Wanted, o.Now)] } };
        var round = new Round(o);
        var outcome = round.Run();
        var before = o.Autoscaler.Status ?? HorizontalPodAutoscalerStatus.Empty;
        var status = before with
        {
            CurrentReplicas = o.Facts.Scale?.Wanted ?? before.CurrentReplicas,
            DesiredReplicas = o.Facts.Scale is null ? before.DesiredReplicas : outcome.Failed ? before.DesiredReplicas : outcome.Replicas,
            CurrentMetrics = outcome.Metrics ?? before.CurrentMetrics,
            Conditions = round.Standing.All,
            LastScaleTime = outcome.Change != 0 ? o.Now : before.LastScaleTime,
        };
        var steps = ImmutableArray.CreateBuilder<Step>();
        steps.AddRange(round.Notes.Select(n => new Step.Say { Done = n }));
        if (outcome.Change != 0) steps.Add(Resize(o, resource!, outcome));
        if (status != before) steps.Add(new Step.UpdateStatus(o.Autoscaler with { Status = status }));
        var history = outcome.Wished is { } wished ? Pace.Remember(o.History, wished, o.Autoscaler.Spec.Behavior is null ? 0 : outcome.Change, o.Now) : o.History;
        return (new(steps.ToImmutable(), outcome.WaitingFor, o.Now + Period), history);
    }

    static Step Resize(Observed o, ResourceId resource, Outcome outcome)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = o.Facts.Scale!.ResourceVersion }, ["spec"] = new JsonObject { ["replicas"] = outcome.Replicas } };
        var what = $"New size: {outcome.Replicas}; reason: {outcome.Reason}";
        return new Step.Patch(resource, new(o.Autoscaler.Metadata.Namespace ?? "", o.Autoscaler.Spec.ScaleTargetRef.Name), patch.ToJsonString(), "scale")
        {
            Done = new(o.Autoscaler, "SuccessfulRescale", what),
            Failed = new(o.Autoscaler, "FailedRescale", what + "; error: {0}", Warning: true),
        };
    }
}

/// <summary>What a round comes to.</summary>
/// <param name="Replicas">How many the target should have.</param>
/// <param name="Change">How many more that is; 0 for none.</param>
/// <param name="Wished">What the metrics asked for before it was held back; null when they weren't asked.</param>
/// <param name="Failed">It could not be told.</param>
sealed record Outcome(int Replicas, int Change = 0, string Reason = "", int? Wished = null, IReadOnlyList<MetricStatus>? Metrics = null, bool Failed = false, string? WaitingFor = null);
