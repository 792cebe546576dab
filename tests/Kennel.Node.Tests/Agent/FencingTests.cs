using Kennel.Node.Agent;
using Kennel.Objects.Core;

namespace Kennel.Node.Tests.Agent;

/// <summary>When a node stops its stateful pods, and when it lets them go on.</summary>
public sealed class FencingTests
{
    static readonly AgentOptions s_defaults = new() { Node = "n", DataFolder = "/", Addresses = [] };

    [Theory]
    // seconds since the renewal, fenced, seconds since the node said that it is Ready → what, looked at again after
    [InlineData(null, false, null, FenceStep.Nothing, 1)]
    [InlineData(0, false, null, FenceStep.Nothing, 40)]
    [InlineData(39, false, null, FenceStep.Nothing, 1)]
    [InlineData(40, false, null, FenceStep.Stop, 1)]
    [InlineData(400, true, null, FenceStep.Nothing, 1)]
    [InlineData(1, true, null, FenceStep.Post, 1)]
    [InlineData(1, true, 1, FenceStep.Nothing, 1)]
    [InlineData(5, true, 2, FenceStep.Release, 1)]
    [InlineData(41, true, 3, FenceStep.Nothing, 1)]
    public void It_stops_when_the_lease_has_run_out_and_releases_when_the_api_knows_that_it_is_back(int? renewed, bool fenced, int? posted, FenceStep step, int look) =>
        Fencing.Decide(new(Seconds(renewed), fenced, Seconds(posted), s_defaults.Lease)).ShouldBe(new(step, TimeSpan.FromSeconds(look)));

    [Fact]
    public void It_is_done_before_the_control_plane_counts_the_node_as_lost()
    {
        // 50 s: the node controller's grace, from when it heard of a renewal (Kennel.Controllers.Nodes.Watchdog.Grace).
        var done = s_defaults.Lease + TimeSpan.FromSeconds(Fencing.GraceSeconds);
        done.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(50) - TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("StatefulSet", null, true)]
    [InlineData("StatefulSet", "off", false)]
    [InlineData("ReplicaSet", null, false)]
    [InlineData("ReplicaSet", "on", true)]
    [InlineData(null, null, false)]
    public void Pods_of_sets_are_meant_unless_they_say_otherwise(string? owner, string? said, bool applies)
    {
        var pod = new Pod
        {
            Metadata = new()
            {
                OwnerReferences = owner is null ? [] : [new() { Kind = owner, Controller = true }],
                Annotations = said is null ? new Dictionary<string, string>() : new() { [Fencing.Annotation] = said },
            },
        };
        Fencing.Applies(pod).ShouldBe(applies);
    }

    static TimeSpan? Seconds(int? seconds) => seconds is { } s ? TimeSpan.FromSeconds(s) : null;
}
