using Kennel.Client.Running;
using Kennel.Controllers.StatefulSets;
using Kennel.Objects.Apps;
using Kennel.Server.Documents;

namespace Kennel.Cli;

/// <summary>What controllers tell at <c>/metrics</c>, under upstream's names.</summary>
static class ControllerMetrics
{
    const string Controller = "-controller";
    const string Sets = "statefulset" + Controller;

    /// <param name="sets">Those whose availability is told; none while the gate for maxUnavailable is off (SS-333).</param>
    public static void Write(MetricsText text, IReadOnlyList<LoopFigures> loops, IEnumerable<StatefulSet> sets)
    {
        Family("workqueue_depth", "gauge", "Keys that want a look now.", l => l.Depth);
        Family("workqueue_adds_total", "counter", "Keys that came to want a look.", l => l.Adds);
        Family("workqueue_retries_total", "counter", "Rounds that failed and are tried again.", l => l.Retries);

        text.Family("statefulset_controller_stale_sync_skips_total", "counter", "Rounds put off because the controller's own writes weren't visible yet.");
        text.Value("statefulset_controller_stale_sync_skips_total", "group=\"apps\",resource=\"statefulsets\"", loops.Where(l => l.Controller == Sets).Sum(l => l.Postponed));

        var all = sets.Select(s => (Labels: Labels(s), Set: s)).ToList();
        if (all.Count == 0) return;
        text.Family("statefulset_controller_statefulset_max_unavailable", "gauge", "How many pods may be unavailable during an update.");
        foreach (var (labels, set) in all)
            text.Value("statefulset_controller_statefulset_max_unavailable", labels, Rollout.Limit(set.Spec!.UpdateStrategy?.RollingUpdate?.MaxUnavailable ?? 1, set.Spec.Replicas ?? 1));
        text.Family("statefulset_controller_statefulset_unavailable_replicas", "gauge", "How many pods are unavailable.");
        foreach (var (labels, set) in all)
            text.Value("statefulset_controller_statefulset_unavailable_replicas", labels, Math.Max(0, (set.Spec!.Replicas ?? 1) - (set.Status?.AvailableReplicas ?? 0)));

        void Family(string name, string type, string help, Func<LoopFigures, double> of)
        {
            text.Family(name, type, help);
            foreach (var loop in loops) text.Value(name, $"name=\"{Name(loop.Controller)}\"", of(loop));
        }
    }

    static string Labels(StatefulSet set) =>
        $"statefulset_namespace=\"{set.Metadata.Namespace}\",statefulset_name=\"{set.Metadata.Name}\",pod_management_policy=\"{set.Spec!.PodManagementPolicy ?? "OrderedReady"}\"";

    /// <summary>Upstream's queues are called after what they are of.</summary>
    static string Name(string controller) => controller.EndsWith(Controller, StringComparison.Ordinal) ? controller[..^Controller.Length] : controller;
}
