using Kennel.Client.Running;
using Kennel.Controllers.DisruptionBudgets;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;
using Kennel.Objects.Policy;
using static Kennel.Controllers.DisruptionBudgets.DisruptionBudgets;

namespace Kennel.Controllers.Tests.DisruptionBudgets;

/// <summary>How many pods of a budget may go.</summary>
public sealed class BudgetTests
{
    static readonly DateTimeOffset s_now = Make.Now;

    /// <summary><c>a</c>, <c>b</c>: pods of owner a or b that are ready; small dots behind: <c>a-</c> isn't ready, <c>a!</c> is being deleted, <c>0</c> has no owner.</summary>
    static Pod Pod(string text, int index) => new()
    {
        Metadata = Make.Meta($"{text[0]}-{index}") with
        {
            OwnerReferences = text[0] == '0' ? [] : [new() { Kind = "StatefulSet", Name = text[..1], Uid = text[..1], Controller = true, ApiVersion = "apps/v1" }],
            DeletionTimestamp = text.EndsWith('!') ? s_now : null,
        },
        Status = new() { Phase = "Running", Conditions = [new() { Type = "Ready", Status = text.EndsWith('-') ? "False" : "True" }] },
    };

    static Observed Seen(PodDisruptionBudgetSpec spec, string pods, PodDisruptionBudgetStatus? status = null, DateTimeOffset? now = null) => new(
        new() { Metadata = Make.Meta("b") with { Generation = 2 }, Spec = spec, Status = status },
        [.. pods.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Pod)],
        owner => owner.Name switch { "a" => new("a", 3), "b" => new("b", 10), "d" => new(null, Problem: "daemonsets.apps does not implement the scale subresource"), _ => default },
        now ?? s_now);

    static PodDisruptionBudgetSpec Spec(string text)
    {
        var value = int.TryParse(text[1..], out var number) ? (IntOrString)number : text[1..];
        return new() { MinAvailable = text[0] == '>' ? value : (IntOrString?)null, MaxUnavailable = text[0] == '<' ? value : (IntOrString?)null, Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "x" } } };
    }

    static PodDisruptionBudgetStatus? StatusOf(Decision decision) =>
        decision.Steps.OfType<Step.UpdateStatus>().Select(s => ((PodDisruptionBudget)s.Object).Status).SingleOrDefault();

    [Theory]
    [InlineData(">2", "a a a", 3, 3, 2, 1)]
    [InlineData(">2", "a a a-", 3, 2, 2, 0)]
    [InlineData(">2", "a a a!", 3, 2, 2, 0)]
    [InlineData(">2", "0 0 0 0", 4, 4, 2, 2)] // a number needs no owner
    [InlineData(">5", "a a a", 3, 3, 5, 0)]
    [InlineData(">50%", "a a a", 3, 3, 2, 1)] // of 3, rounded up
    [InlineData(">50%", "a b", 13, 2, 7, 0)] // of what all owners want
    [InlineData("<1", "a a a", 3, 3, 2, 1)]
    [InlineData("<1", "a a", 3, 2, 2, 0)] // one isn't there yet
    [InlineData("<1", "a a a a", 3, 4, 2, 2)] // one too many
    [InlineData("<30%", "a a a", 3, 3, 2, 1)] // 0.9 is one
    [InlineData("<5", "a a", 3, 2, 0, 2)]
    [InlineData("<0", "a a a", 3, 3, 3, 0)]
    [InlineData("<1", "", 0, 0, 0, 0)]
    [InlineData(">0", "", 0, 0, 0, 0)] // as long as there are none, none may go
    public void So_many_may_go(string spec, string pods, int expected, int healthy, int desired, int allowed)
    {
        var status = StatusOf(Decide(Seen(Spec(spec), pods))).ShouldNotBeNull();
        (status.ExpectedPods, status.CurrentHealthy, status.DesiredHealthy, status.DisruptionsAllowed, status.ObservedGeneration).ShouldBe((expected, healthy, desired, allowed, 2));
        var condition = status.Conditions.ShouldHaveSingleItem();
        (condition.Type, condition.Status, condition.Reason, condition.ObservedGeneration)
            .ShouldBe(("DisruptionAllowed", allowed > 0 ? "True" : "False", allowed > 0 ? "SufficientPods" : "InsufficientPods", 2L));
    }

    [Fact]
    public void What_is_told_already_is_not_told_again()
    {
        var status = StatusOf(Decide(Seen(Spec(">2"), "a a a")));
        Decide(Seen(Spec(">2"), "a a a", status, s_now.AddSeconds(5))).Steps.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("d a", "daemonsets.apps does not implement the scale subresource")]
    [InlineData("x a", "found no controllers for pod \"x-0\"")]
    public void What_can_not_be_counted_allows_nothing(string pods, string why)
    {
        var before = new PodDisruptionBudgetStatus { DisruptionsAllowed = 2, CurrentHealthy = 4, DesiredHealthy = 2, ExpectedPods = 4, ObservedGeneration = 1 };
        var decision = Decide(Seen(Spec("<1"), pods, before));
        var status = StatusOf(decision).ShouldNotBeNull();
        (status.DisruptionsAllowed, status.CurrentHealthy, status.ObservedGeneration).ShouldBe((0, 4, 1));
        var condition = status.Conditions.ShouldHaveSingleItem();
        (condition.Status, condition.Reason, condition.Message).ShouldBe(("False", "SyncFailed", why));
        decision.Steps.OfType<Step.Say>().Single().Done!.Message.ShouldBe("Failed to calculate the number of expected pods: " + why);
        Decide(Seen(Spec("<1"), pods, status)).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void Pods_without_an_owner_count_for_no_share_and_are_told_of()
    {
        var decision = Decide(Seen(Spec("<1"), "a a a 0"));
        StatusOf(decision)!.ExpectedPods.ShouldBe(3);
        var note = decision.Steps.OfType<Step.Say>().Single().Done!;
        (note.Reason, note.Warning, note.Source).ShouldBe(("UnmanagedPods", true, "controllermanager"));
        note.Message.ShouldStartWith("Pods selected by this PodDisruptionBudget (selector: app=x) were found to be unmanaged.");
    }

    [Fact]
    public void A_granted_eviction_counts_until_the_pod_goes_or_for_two_minutes()
    {
        var granted = new PodDisruptionBudgetStatus { DisruptedPods = new Dictionary<string, DateTimeOffset> { ["a-0"] = s_now, ["a-1"] = s_now, ["gone"] = s_now } };
        var soon = Decide(Seen(Spec(">1"), "a a! a", granted, s_now.AddSeconds(120)));
        var status = StatusOf(soon)!;
        (status.CurrentHealthy, status.DisruptionsAllowed).ShouldBe((1, 0));
        status.DisruptedPods.Keys.ShouldBe(["a-0"]);
        soon.At.ShouldBe(s_now.AddMinutes(2));

        var later = Decide(Seen(Spec(">1"), "a a! a", granted, s_now.AddSeconds(121)));
        (StatusOf(later)!.CurrentHealthy, StatusOf(later)!.DisruptedPods.Count, later.At).ShouldBe((2, 0, null));
        later.Steps.OfType<Step.Say>().Single().Done!.Reason.ShouldBe("NotDeleted");
    }

    [Theory]
    [InlineData(119, "EvictionByEvictionAPI", "Running", false)]
    [InlineData(120, "EvictionByEvictionAPI", "Running", true)]
    [InlineData(500, "TerminationByKubelet", "Running", false)]
    [InlineData(500, "EvictionByEvictionAPI", "Failed", false)]
    public void A_pod_that_was_to_be_disrupted_and_was_not_is_no_target_any_more(int seconds, string reason, string phase, bool reset)
    {
        var pod = new Pod { Metadata = Make.Meta("p"), Status = new() { Phase = phase, Conditions = [new() { Type = "DisruptionTarget", Status = "True", Reason = reason, LastTransitionTime = s_now }] } };
        var steps = StaleDisruption.Decide(pod, s_now.AddSeconds(seconds)).Steps;
        steps.Length.ShouldBe(reset ? 1 : 0);
        if (reset) ((Pod)((Step.UpdateStatus)steps[0]).Object).Status!.Conditions.Single().Status.ShouldBe("False");
    }
}
