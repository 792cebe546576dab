using static Kennel.Simulation.Tests.Scenarios.Scenario;

namespace Kennel.Simulation.Tests.Scenarios;

/// <summary>What upstream's end-to-end tests ask of rollouts.</summary>
public sealed class RolloutTests
{
    static readonly TimeSpan s_while = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Behaviour", "SS-1306")]
    [Trait("Behaviour", "SS-1317")]
    public void A_rollout_waits_for_a_broken_pod_and_a_roll_back_finds_the_first_revision_again(bool claims)
    {
        var s = Begin();
        s.Create(Manifest(3, claims: claims));
        s.WhenReady(3);
        var first = s.Status.CurrentRevision;
        s.Status.UpdateRevision.ShouldBe(first);
        s.Members.ShouldAllBe(p => Revision(p) == first);

        s.World.Broken.Add("ss-1");
        s.Until("ss-1 is not ready", () => !Ready(s.Pod("ss-1")));
        s.Roll(2);
        s.WhenObserved();
        s.Status.CurrentRevision.ShouldBe(first);
        s.Status.UpdateRevision.ShouldNotBe(first);
        s.World.Broken.Clear();
        s.WhenRolledOut(2);

        s.World.Broken.Add("ss-1");
        s.Until("ss-1 is not ready", () => !Ready(s.Pod("ss-1")));
        s.Roll(1);
        s.Until("the first revision is wanted again", () => s.Status.UpdateRevision == first);
        s.Status.CurrentRevision.ShouldNotBe(first);
        s.World.Broken.Clear();
        s.WhenRolledOut(1);
        s.Status.CurrentRevision.ShouldBe(first);
    }

    [Fact]
    [Trait("Behaviour", "SS-1307")]
    public void A_canary_and_a_phased_rollout()
    {
        var s = Begin();
        s.Create(Manifest(3, """ "updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":3}},"""));
        s.WhenReady(3);
        var old = s.Status.CurrentRevision!;
        s.Roll(2);
        s.Until("another revision is wanted", () => s.Status.UpdateRevision != old);
        var next = s.Status.UpdateRevision!;
        s.For(s_while, "no pod is touched", () => s.Members.All(p => Revision(p) == old && p.Metadata.DeletionTimestamp is null));

        s.Partition(2);
        s.Until("ss-2 is new", () => s.Members is [_, _, var last] && Revision(last) == next && Ready(last));
        s.Members.Take(2).ShouldAllBe(p => Revision(p) == old);

        s.DeletePod("ss-0", force: true);
        s.DeletePod("ss-2", force: true);
        s.WhenReady(3);
        s.Members.Select(Revision).ShouldBe([old, old, next]);
        s.Members.Select(ImageOf).ShouldBe([Image(1), Image(1), Image(2)]);

        foreach (var (partition, wanted) in new[] { (1, new[] { old, next, next }), (0, [next, next, next]) })
        {
            s.Partition(partition);
            s.Until($"partition {partition} is reached", () => s.Members.Select(Revision).SequenceEqual(wanted) && s.Members.All(Ready));
        }
        s.Until("it is over", () => s.Status.CurrentRevision == next);
    }

    [Fact]
    [Trait("Behaviour", "SS-1318")]
    public void A_pod_below_the_partition_that_a_finalizer_held_comes_back_as_it_was()
    {
        var s = Begin();
        s.Create(Manifest(3, """ "updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":1}},"""));
        s.WhenReady(3);
        var old = s.Status.CurrentRevision;
        s.Patch($"{Pods}/ss-0", """{"metadata":{"finalizers":["example.com/hold"]}}""");
        s.Roll(2);
        s.Until("1 and 2 are new", () => s.Members.Skip(1).All(p => Revision(p) != old && Ready(p)));
        var held = s.Pod("ss-0").Metadata.Uid;
        s.DeletePod("ss-0");
        s.Until("it is no longer counted", () => s.Status.ReadyReplicas == 2);
        s.For(s_while, "the finalizer holds it", () => s.Pod("ss-0").Metadata.Uid == held);
        s.Patch($"{Pods}/ss-0", """{"metadata":{"finalizers":null}}""");
        s.WhenReady(3);
        s.Pod("ss-0").Metadata.Uid.ShouldNotBe(held);
        Revision(s.Pod("ss-0")).ShouldBe(old);
        ImageOf(s.Pod("ss-0")).ShouldBe(Image(1));
    }

    [Fact]
    [Trait("Behaviour", "SS-1320")]
    public void On_delete_only_deleting_rolls()
    {
        var s = Begin();
        s.Create(Manifest(3, """ "updateStrategy":{"type":"OnDelete"},"""));
        s.WhenReady(3);
        var old = s.Status.CurrentRevision;
        DeleteAll(s);
        s.Members.ShouldAllBe(p => Revision(p) == old);
        s.Roll(2);
        s.Until("another revision is wanted", () => s.Status.UpdateRevision != old);
        s.For(s_while, "nothing moves", () => s.Members.All(p => Revision(p) == old && p.Metadata.DeletionTimestamp is null));
        DeleteAll(s);
        s.Members.ShouldAllBe(p => Revision(p) == s.Status.UpdateRevision && ImageOf(p) == Image(2));
    }

    [Fact]
    [Trait("Behaviour", "SS-1334")]
    public void A_pod_deleted_below_the_partition_is_of_the_old_revision_and_pods_have_their_subdomain()
    {
        var s = Begin();
        s.Create(Manifest(2, """ "updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":1}},"""));
        s.WhenReady(2);
        var old = s.Status.CurrentRevision;
        s.Members.ShouldAllBe(p => p.Spec!.Subdomain == "test");
        s.Roll(2);
        s.Until("ss-1 is new", () => s.Members is [_, var last] && Revision(last) != old && Ready(last));
        s.DeletePod("ss-0");
        s.WhenReady(2);
        Revision(s.Pod("ss-0")).ShouldBe(old);
    }

    static void DeleteAll(Scenario s)
    {
        var uids = s.Members.Select(p => p.Metadata.Uid).ToHashSet();
        foreach (var name in s.Names.ToList()) s.DeletePod(name);
        s.Until("all are replaced", () => s.Members.Count == uids.Count && s.Members.All(p => Ready(p) && !uids.Contains(p.Metadata.Uid)));
    }
}
