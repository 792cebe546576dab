using System.Text;
using Kennel.Client.Running;
using Kennel.Cli.Tests.Waits;
using Kennel.Objects.Apps;
using Kennel.Server.Documents;

namespace Kennel.Cli.Tests;

/// <summary>What controllers tell at <c>/metrics</c>.</summary>
public sealed class ControllerMetricsTests
{
    [Fact]
    public void Queues_are_called_after_what_they_are_of()
    {
        var text = Text([new("statefulset-controller", 3, 40, 2, 0), new("default-scheduler", 0, 7, 0, 0)]);
        text.ShouldContain("\nworkqueue_depth{name=\"statefulset\"} 3\n");
        text.ShouldContain("\nworkqueue_adds_total{name=\"statefulset\"} 40\nworkqueue_adds_total{name=\"default-scheduler\"} 7\n");
        text.ShouldContain("\nworkqueue_retries_total{name=\"statefulset\"} 2\n");
    }

    [Fact, Trait("Behaviour", "SS-723")]
    public void Rounds_of_sets_that_were_put_off_are_counted() =>
        Text([new("statefulset-controller", 0, 0, 0, 5), new("job-controller", 0, 0, 0, 9)])
            .ShouldContain("\nstatefulset_controller_stale_sync_skips_total{group=\"apps\",resource=\"statefulsets\"} 5\n");

    [Fact, Trait("Behaviour", "SS-333")]
    public void Sets_tell_how_many_pods_may_be_and_are_unavailable()
    {
        var set = World.Set(ready: 7, replicas: 10);
        set = set with
        {
            Spec = set.Spec! with { PodManagementPolicy = "Parallel", UpdateStrategy = new() { RollingUpdate = new() { MaxUnavailable = "25%" } } },
            Status = new() { AvailableReplicas = 6 },
        };
        const string labels = "{statefulset_namespace=\"default\",statefulset_name=\"web\",pod_management_policy=\"Parallel\"}";
        var text = Text([], set);
        text.ShouldContain($"\nstatefulset_controller_statefulset_max_unavailable{labels} 2\n");
        text.ShouldContain($"\nstatefulset_controller_statefulset_unavailable_replicas{labels} 4\n");
        Text([]).ShouldNotContain("unavailable", Case.Sensitive);
    }

    static string Text(IReadOnlyList<LoopFigures> loops, params StatefulSet[] sets)
    {
        var text = new MetricsText();
        ControllerMetrics.Write(text, loops, sets);
        return "\n" + Encoding.UTF8.GetString(text.Bytes());
    }
}
