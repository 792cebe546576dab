using Kennel.Cli.Waits;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Cli.Tests.Waits;

/// <summary>What <c>kennel status sts/web</c> prints.</summary>
public sealed class ReportTests
{
    [Fact]
    public void A_set_is_told_with_the_pod_that_it_waits_for_and_what_that_waits_for()
    {
        var cluster = World.Of(World.Set(1, 2), World.Pod(1), World.Pod(0, ready: true), World.Claim("www-web-0", "Bound", "v0"), World.Claim("www-web-1"), World.Volume("v0"));
        Lines(cluster,
            World.Wait("statefulset-controller", "statefulsets", "web", "web-1 to become Ready: ImagePullBackOff"),
            World.Wait("node vm", "pods", "web-1", "the image x:1: no such host", 18, retryIn: 12),
            World.Wait("persistentvolume-controller", "persistentvolumeclaims", "www-web-1", "first consumer to be created before binding", 200, failures: 3),
            World.Wait("persistentvolume-controller", "persistentvolumeclaims", "www-other-1", "something else"))
            .ShouldBe([
                "StatefulSet default/web: 1/2 ready",
                "  waiting for web-1 to become Ready: ImagePullBackOff (20s, says statefulset-controller)",
                "  Pod default/web-1: Pending",
                "    waiting for the image x:1: no such host (18s, next try in 12s, says node vm)",
                "    PersistentVolumeClaim default/www-web-1: Pending",
                "      waiting for first consumer to be created before binding (3m20s, 3 failures in a row, says persistentvolume-controller)",
            ]);
    }

    [Fact]
    public void Who_waits_only_through_something_below_is_named_on_the_way()
    {
        var cluster = World.Of(World.Set(0, 1), World.Pod(0), World.Claim("www-web-0", "Bound", "v0"), World.Volume("v0"));
        Lines(cluster, World.Wait("persistentvolume-controller", "persistentvolumes", "v0", "claim default/www-web-0 to be bound to it"))
            .ShouldBe([
                "StatefulSet default/web: 0/1 ready",
                "  Pod default/web-0: Pending",
                "    PersistentVolumeClaim default/www-web-0: Bound",
                "      PersistentVolume v0: Available",
                "        waiting for claim default/www-web-0 to be bound to it (20s, says persistentvolume-controller)",
            ]);
    }

    [Fact]
    public void A_claim_on_its_way_out_is_told_although_its_pod_isnt_made_yet()
    {
        var cluster = World.Of(World.Set(0, 1), World.Claim("www-web-0", "Bound", leaving: true), World.Claim("www-website-0", leaving: true));
        Lines(cluster,
            World.Wait("pvc-protection-controller", "persistentvolumeclaims", "www-web-0", "pod other to be deleted: it uses the claim"),
            World.Wait("pvc-protection-controller", "persistentvolumeclaims", "www-website-0", "pod other to be deleted: it uses the claim"))
            .ShouldBe([
                "StatefulSet default/web: 0/1 ready",
                "  PersistentVolumeClaim default/www-web-0: being deleted",
                "    waiting for pod other to be deleted: it uses the claim (20s, says pvc-protection-controller)",
            ]);
    }

    [Fact]
    public void A_set_that_waits_for_nothing_says_so() =>
        Lines(World.Of(World.Set(2, 2), World.Pod(0, ready: true), World.Pod(1, ready: true)))
            .ShouldBe(["StatefulSet default/web: 2/2 ready", "  waits for nothing"]);

    [Fact]
    public void Of_many_pods_the_first_by_ordinal_are_shown_and_the_others_counted()
    {
        var pods = Enumerable.Range(0, 25).Reverse().Select(i => World.Pod(i)).ToArray();
        var lines = Lines(World.Of([World.Set(0, 25), .. pods]), [.. pods.Select(p => World.Wait("node vm", "pods", p.Metadata.Name!, "its volumes"))]);
        lines.Where(l => l.StartsWith("  Pod", StringComparison.Ordinal)).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])
            .ShouldBe(Enumerable.Range(0, 10).Select(i => $"default/web-{i}:"));
        lines[^1].ShouldBe("  and 15 more");
    }

    [Fact]
    public void The_pods_of_another_set_are_no_concern_of_this_one() =>
        Lines(World.Of(World.Set(0, 1), World.Pod(0, owner: "other")), World.Wait("node vm", "pods", "other-0", "its volumes"))
            .ShouldBe(["StatefulSet default/web: 0/1 ready", "  waits for nothing"]);

    [Fact]
    public void An_object_of_any_other_kind_is_told_by_itself()
    {
        var standing = Standing.Of(Objects.Core.Node.Resource, new("", "vm"), World.Of(), [new("node-controller", "nodes", new("", "vm"), "its lease to be renewed", 0, World.Now.AddSeconds(-50))]);
        Report.Lines(standing, World.Now).ShouldBe(["Node vm", "  waiting for its lease to be renewed (50s, says node-controller)"]);
    }

    [Fact]
    public void The_machine_form_has_the_same_tree()
    {
        var cluster = World.Of(World.Set(0, 1), World.Pod(0));
        var json = Report.Json(Standing.Of(StatefulSet.Resource, new("default", "web"), cluster, [World.Wait("node vm", "pods", "web-0", "its volumes", retryIn: 5)]));
        json["state"]!.GetValue<string>().ShouldBe("0/1 ready");
        json["waiting"]!.AsArray().Count.ShouldBe(0);
        var wait = json["below"]![0]!["waiting"]![0]!;
        wait["for"]!.GetValue<string>().ShouldBe("its volumes");
        wait["since"]!.GetValue<string>().ShouldBe("2026-11-20T11:59:40.000Z");
        wait["retryAt"]!.GetValue<string>().ShouldBe("2026-11-20T12:00:05.000Z");
    }

    static List<string> Lines(Cluster cluster, params Wait[] waits) => [.. Report.Lines(Standing.Of(StatefulSet.Resource, new ObjectKey("default", "web"), cluster, waits), World.Now)];
}
