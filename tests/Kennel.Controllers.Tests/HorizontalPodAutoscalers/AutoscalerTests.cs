using System.Collections.Immutable;
using System.Globalization;
using Kennel.Client.Running;
using Kennel.Controllers.HorizontalPodAutoscalers;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.AutoscalingV2;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.HorizontalPodAutoscalers;

/// <summary>How many replicas an autoscaler asks for, as cases.</summary>
public sealed class AutoscalerTests
{
    static readonly DateTimeOffset s_now = Make.Now;
    static readonly MetricSpec s_cpu = new() { Type = "Resource", Resource = new() { Name = "cpu", Target = new() { Type = "Utilization", AverageUtilization = 50 } } };

    static HorizontalPodAutoscaler Autoscaler(int least = 1, int most = 10, MetricSpec? metric = null, HorizontalPodAutoscalerBehavior? behavior = null) => new()
    {
        Metadata = Make.Meta("hpa"),
        Spec = new() { MinReplicas = least, MaxReplicas = most, Metrics = [metric ?? s_cpu], ScaleTargetRef = new() { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = "web" }, Behavior = behavior },
    };

    /// <summary><c>80</c>: a pod that uses so many thousandths of a core and asks for 100; <c>-</c> has no sample, <c>p</c> is pending, <c>u80</c> was never ready, <c>f</c> has failed.</summary>
    static (ImmutableArray<Pod> Pods, MetricFacts Metric) Cluster(string text)
    {
        var (pods, samples) = (new List<Pod>(), ImmutableSortedDictionary.CreateBuilder<string, Sample>(StringComparer.Ordinal));
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = $"web-{pods.Count}";
            var young = word[0] == 'u';
            pods.Add(new()
            {
                Metadata = Make.Meta(name),
                Spec = new() { Containers = [new() { Name = "main", Resources = new() { Requests = new Dictionary<string, string> { ["cpu"] = "100m" } } }] },
                Status = new()
                {
                    Phase = word[0] switch { 'p' => "Pending", 'f' => "Failed", _ => "Running" },
                    StartTime = young ? s_now.AddMinutes(-1) : s_now.AddHours(-1),
                    Conditions = [new() { Type = "Ready", Status = young ? "False" : "True", LastTransitionTime = young ? s_now.AddMinutes(-1) : s_now.AddMinutes(-59) }],
                },
            });
            if (int.TryParse(word.TrimStart('u'), NumberStyles.None, CultureInfo.InvariantCulture, out var milli)) samples[name] = new(milli, s_now, TimeSpan.FromSeconds(15));
        }
        return ([.. pods], new(samples.ToImmutable()));
    }

    static Observed Seen(HorizontalPodAutoscaler autoscaler, string pods, int? wanted = null, History? history = null, DateTimeOffset? now = null)
    {
        var (all, metric) = Cluster(pods);
        return new(autoscaler, new(s_now, new(wanted ?? all.Length, all.Length, "app=web", "7"), null, [metric]), all, [], history ?? Long(wanted ?? all.Length), now ?? s_now);
    }

    /// <summary>An autoscaler that has been here for long: nothing holds it back.</summary>
    static History Long(int replicas) => new([new(replicas, s_now.AddHours(-2))], []);

    static int? Size(Decision decision) => decision.Steps.OfType<Step.Patch>().Select(p => (int?)System.Text.Json.Nodes.JsonNode.Parse(p.Json)!["spec"]!["replicas"]!).SingleOrDefault();

    static HorizontalPodAutoscalerStatus Status(Decision decision) => ((HorizontalPodAutoscaler)decision.Steps.OfType<Step.UpdateStatus>().Single().Object).Status!;

    static (string Status, string? Reason, string? Message) Condition(Decision decision, string type) =>
        Status(decision).Conditions.Where(c => c.Type == type).Select(c => (c.Status, c.Reason, c.Message)).SingleOrDefault();

    static Decision Decide(Observed o) => Autoscalers.Decide(o, StatefulSet.Resource).Decision;

    [Theory]
    [InlineData("100 100", 4)] // twice the target
    [InlineData("52 53", null)] // within a tenth
    [InlineData("60 60 60", 4)] // 120 %
    [InlineData("10 10 10 10", 1)]
    [InlineData("100", 2)]
    [InlineData("100 100 100", 6)]
    [InlineData("100 100 100 100 100 100 100", 10)] // the most
    [InlineData("100 -", null)] // who can't be seen counts as idle when more would be made: 50 % of what is asked for
    [InlineData("200 -", 4)]
    [InlineData("10 -", null)] // and as busy when fewer would be: 55 %, still enough
    [InlineData("5 5 5 5 -", 3)]
    [InlineData("100 p", null)] // one that is just coming may be all that is needed
    [InlineData("300 p", 4)] // more than doubled it never is
    [InlineData("100 u900", null)] // a pod that has never been ready is busy with starting
    [InlineData("100 100 f", 4)] // failed pods don't matter
    public void Pods_are_added_and_taken_away_by_their_usage(string pods, int? size) => Size(Decide(Seen(Autoscaler(), pods))).ShouldBe(size);

    [Theory]
    [InlineData(0, 1, 10, null, "ScalingActive", "ScalingDisabled")]
    [InlineData(12, 1, 10, 10, "AbleToScale", "SucceededRescale")]
    [InlineData(1, 3, 10, 3, "AbleToScale", "SucceededRescale")]
    public void Bounds_need_no_figures(int wanted, int least, int most, int? size, string type, string reason)
    {
        var decision = Decide(Seen(Autoscaler(least, most), "", wanted));
        Size(decision).ShouldBe(size);
        Condition(decision, type).Reason.ShouldBe(reason);
    }

    [Fact]
    public void It_says_what_it_found_and_did()
    {
        var decision = Decide(Seen(Autoscaler(), "100 100"));
        var status = Status(decision);
        (status.CurrentReplicas, status.DesiredReplicas, status.LastScaleTime).ShouldBe((2, 4, s_now));
        var current = status.CurrentMetrics.Single().Resource!.Current;
        (current.AverageUtilization, current.AverageValue).ShouldBe((100, "100m"));
        Condition(decision, "AbleToScale").ShouldBe(("True", "SucceededRescale", "the HPA controller was able to update the target scale to 4"));
        Condition(decision, "ScalingActive").ShouldBe(("True", "ValidMetricFound", "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)"));
        Condition(decision, "ScalingLimited").ShouldBe(("False", "DesiredWithinRange", "the desired count is within the acceptable range"));
        decision.Steps.OfType<Step.Patch>().Single().Done!.Message.ShouldBe("New size: 4; reason: cpu resource utilization (percentage of request) above target");
        decision.At.ShouldBe(s_now.AddSeconds(15));
        Decide(Seen(Autoscaler() with { Status = status with { LastScaleTime = null } }, "50 50 50 50")).Steps.OfType<Step.Patch>().ShouldBeEmpty();
    }

    [Fact]
    public void Without_figures_it_says_so_in_upstreams_words_and_changes_nothing()
    {
        const string Why = "failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)";
        var seen = Seen(Autoscaler(), "100 100");
        var decision = Decide(seen with
        {
            Facts = seen.Facts with { Metrics = [new(Problem: "unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)")] },
        });
        Size(decision).ShouldBeNull();
        Condition(decision, "ScalingActive").ShouldBe(("False", "FailedGetResourceMetric", "the HPA was unable to compute the replica count: " + Why));
        decision.Steps.OfType<Step.Say>().Select(s => (s.Done!.Reason, s.Done.Message)).ShouldBe(
            [("FailedGetResourceMetric", Why), ("FailedComputeMetricsReplicas", "invalid metrics (1 invalid out of 1), first error is: " + Why)]);
    }

    [Fact]
    public void A_target_that_is_not_there_is_told()
    {
        var seen = Seen(Autoscaler(), "");
        var decision = Decide(seen with { Facts = new(s_now, null, "statefulsets.apps \"web\" not found", []) });
        Condition(decision, "AbleToScale").ShouldBe(("False", "FailedGetScale", "the HPA controller was unable to get the target's current scale: statefulsets.apps \"web\" not found"));
    }

    [Fact]
    public void Two_autoscalers_of_one_target_do_nothing()
    {
        var decision = Decide(Seen(Autoscaler(), "100 100") with { Rivals = ["default/other"] });
        Size(decision).ShouldBeNull();
        Condition(decision, "ScalingActive").ShouldBe(("False", "AmbiguousSelector", "pods by selector app=web are controlled by multiple HPAs: [default/hpa default/other]"));
    }

    [Fact]
    public void A_pod_that_asks_for_nothing_has_no_share()
    {
        var seen = Seen(Autoscaler(), "100 100");
        var decision = Decide(seen with { Pods = [.. seen.Pods.Select(p => p with { Spec = p.Spec! with { Containers = [new() { Name = "main" }] } })] });
        Condition(decision, "ScalingActive").Message.ShouldBe("the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container main of Pod web-0");
    }

    [Theory]
    [InlineData("100 100", "50m", 4)]
    [InlineData("100 100", "100m", null)]
    [InlineData("10 10 10", "100m", 1)]
    public void A_target_can_be_an_average(string pods, string target, int? size) =>
        Size(Decide(Seen(Autoscaler(metric: new() { Type = "Resource", Resource = new() { Name = "cpu", Target = new() { Type = "AverageValue", AverageValue = target } } }), pods))).ShouldBe(size);

    [Theory]
    [InlineData("Value", "100", 200, 4)]
    [InlineData("Value", "100", 105, null)]
    [InlineData("AverageValue", "50", 200, 4)]
    public void A_figure_from_outside_is_divided_or_compared(string type, string target, long value, int? size)
    {
        var spec = new MetricSpec
        {
            Type = "External",
            External = new() { Metric = new() { Name = "queue" }, Target = new() { Type = type, Value = type == "Value" ? target : null, AverageValue = type == "Value" ? null : target } },
        };
        var seen = Seen(Autoscaler(metric: spec), "1 1");
        Size(Decide(seen with { Facts = seen.Facts with { Metrics = [new(Value: value * 1000)] } })).ShouldBe(size);
    }

    [Fact]
    public void It_shrinks_only_to_the_highest_recommendation_of_five_minutes()
    {
        var history = new History([new(8, s_now.AddSeconds(-301)), new(6, s_now.AddSeconds(-299)), new(3, s_now.AddSeconds(-60))], []);
        var decision = Decide(Seen(Autoscaler(), "1 1 1 1 1 1 1", history: history));
        Size(decision).ShouldBe(6);
        Condition(decision, "AbleToScale").Reason.ShouldBe("SucceededRescale");
        var (first, kept) = Autoscalers.Decide(Seen(Autoscaler(), "1 1 1", history: History.None), StatefulSet.Resource);
        Size(first).ShouldBeNull();
        Condition(first, "AbleToScale").ShouldBe(("True", "ScaleDownStabilized", "recent recommendations were higher than current one, applying the highest recent recommendation"));
        Size(Decide(Seen(Autoscaler(), "1 1 1", history: kept, now: s_now.AddSeconds(301)))).ShouldBe(1);
    }

    [Theory]
    [InlineData("Pods", 1, null, 3)]
    [InlineData("Percent", 50, null, 3)]
    [InlineData("Pods", 1, "Disabled", null)]
    public void Policies_bound_how_fast_it_grows(string type, int value, string? select, int? size)
    {
        var behavior = new HorizontalPodAutoscalerBehavior { ScaleUp = new() { StabilizationWindowSeconds = 0, SelectPolicy = select ?? "Max", Policies = [new() { Type = type, Value = value, PeriodSeconds = 60 }] } };
        var (decision, history) = Autoscalers.Decide(Seen(Autoscaler(behavior: behavior), "400 400"), StatefulSet.Resource);
        Size(decision).ShouldBe(size);
        Condition(decision, "ScalingLimited").ShouldBe(("True", "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate"));
        if (size is null) return;
        Size(Decide(Seen(Autoscaler(behavior: behavior), "400 400 400", history: history, now: s_now.AddSeconds(30)))).ShouldBeNull(); // the minute isn't over
        Size(Decide(Seen(Autoscaler(behavior: behavior), "400 400 400", history: history, now: s_now.AddSeconds(61)))).ShouldNotBeNull();
    }

    [Fact]
    public void Tolerances_can_be_chosen()
    {
        var behavior = new HorizontalPodAutoscalerBehavior { ScaleUp = new() { Tolerance = "0" }, ScaleDown = new() { Tolerance = "500m" } };
        Size(Decide(Seen(Autoscaler(behavior: behavior), "52 53"))).ShouldBe(3);
        Size(Decide(Seen(Autoscaler(behavior: behavior), "30 30 30 30"))).ShouldBeNull();
    }
}
