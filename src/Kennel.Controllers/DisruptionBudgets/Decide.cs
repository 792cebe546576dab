using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;
using Kennel.Objects.Policy;

namespace Kennel.Controllers.DisruptionBudgets;

/// <summary>
/// Counts the pods of a budget and says how many of them may go now. What can't be counted allows none. Upstream's disruption controller, in its words.
/// </summary>
public static class DisruptionBudgets
{
    /// <summary>As upstream's events name the controller.</summary>
    internal const string Source = "controllermanager";

    const string Allowed = "DisruptionAllowed";

    public static Decision Decide(Observed o)
    {
        var before = o.Budget.Status ?? PodDisruptionBudgetStatus.Empty;
        var expected = Expected.Of(o);
        if (expected.Problem is { } problem) return Failed(o, before, problem);
        var disrupted = new Disrupted(o);
        var healthy = o.Pods.Count(p => !p.IsTerminating() && !disrupted.Has(p) && p.IsReady());
        var allowed = expected.Pods <= 0 ? 0 : Math.Max(0, healthy - expected.Healthy);
        var status = before with
        {
            CurrentHealthy = healthy,
            DesiredHealthy = expected.Healthy,
            ExpectedPods = expected.Pods,
            DisruptionsAllowed = allowed,
            DisruptedPods = disrupted.Granted,
            ObservedGeneration = o.Budget.Metadata.Generation,
        };
        status = status with { Conditions = With(before, allowed > 0 ? "True" : "False", allowed > 0 ? "SufficientPods" : "InsufficientPods", "", status.ObservedGeneration, o.Now) };
        ImmutableArray<Step> steps = status == before ? [.. disrupted.Void] : [.. disrupted.Void, .. Remarks(o, expected), new Step.UpdateStatus(o.Budget with { Status = status })];
        return new(steps, null, disrupted.Next);
    }

    static IEnumerable<Step> Remarks(Observed o, Expected expected)
    {
        if (o.Pods.IsEmpty) yield return Say(o, "NoPods", "No matching pods found", warning: false);
        if (!expected.Unmanaged.IsDefaultOrEmpty)
            yield return Say(o, "UnmanagedPods",
                $"Pods selected by this PodDisruptionBudget (selector: {Objects.Selectors.LabelSelector.From(o.Budget.Spec?.Selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set \".spec.minAvailable\" field of the PDB to an integer value.",
                warning: true);
    }

    /// <summary>Nothing may be evicted as long as nobody knows how many there are.</summary>
    static Decision Failed(Observed o, PodDisruptionBudgetStatus before, string problem)
    {
        var status = before with { DisruptionsAllowed = 0, Conditions = With(before, "False", "SyncFailed", problem, before.ObservedGeneration, o.Now) };
        return status == before ? Decision.Wait(problem) : new(
            [Say(o, "CalculateExpectedPodCountFailed", $"Failed to calculate the number of expected pods: {problem}", warning: true), new Step.UpdateStatus(o.Budget with { Status = status })], problem);
    }

    static Step.Say Say(Observed o, string reason, string message, bool warning) => new() { Done = new(o.Budget, reason, message, warning, Source: Source) };

    static IReadOnlyList<Condition> With(PodDisruptionBudgetStatus before, string value, string reason, string message, long? generation, DateTimeOffset now)
    {
        var known = before.Conditions.FirstOrDefault(c => c.Type == Allowed);
        var condition = new Condition
        {
            Type = Allowed, Status = value, Reason = reason, Message = message, ObservedGeneration = generation is 0 ? null : generation,
            LastTransitionTime = known?.Status == value ? known.LastTransitionTime : now,
        };
        return condition == known ? before.Conditions : [.. before.Conditions.Where(c => c.Type != Allowed), condition];
    }
}
