using Kennel.Client.Running;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Deployments;

/// <summary>Whatever a user and the world do to a Deployment, its sets grow within its bounds, and when they leave it alone it arrives.</summary>
public sealed class AnyHistoryTests
{
    static readonly string[] s_images = ["one", "two", "three"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory, MemberData(nameof(Seeds))]
    public void Sets_grow_within_the_bounds_and_the_rollout_arrives(int seed)
    {
        var random = new Random(seed);
        var w = new DeploymentWorld(random.Next(6), random.Next(3), random.Next(3), recreate: random.Next(4) == 0);
        var (before, most) = (0, 0);
        w.World.Check = () =>
        {
            var total = w.World.Caches.Of<ReplicaSet>().All().Sum(s => s.Spec!.Replicas ?? 0);
            if (total > before) total.ShouldBeLessThanOrEqualTo(most, $"seed {seed}");
            before = total;
        };
        for (var i = 0; i < 60; i++)
        {
            Act(w, random);
            most = Most(w.Deployment.Spec!);
            w.Round();
            if (random.Next(2) == 0) w.RoundOfSets();
        }
        w.World.Refuse = _ => null;
        w.Change(s => s with { Paused = null });
        most = Most(w.Deployment.Spec!);
        Arrive(w, seed);
    }

    static int Most(DeploymentSpec spec) => spec.Replicas!.Value + (spec.Strategy!.Type == "Recreate" ? 0 : spec.Strategy.RollingUpdate!.MaxSurge!.Value.Number);

    static void Act(DeploymentWorld w, Random random)
    {
        var pods = w.World.Pods.Where(p => p.Status?.Phase is not ("Failed" or "Succeeded")).ToList();
        var name = pods.Count == 0 ? "" : pods[random.Next(pods.Count)].Metadata.Name!;
        switch (random.Next(11))
        {
            case 0: w.Image(s_images[random.Next(3)]); break;
            case 1: w.Change(s => s with { Replicas = random.Next(8) }); break;
            case 2: w.Change(s => s with { Paused = random.Next(2) == 0 ? true : null }); break;
            case 3: w.World.Run(name, ready: random.Next(4) > 0); break;
            case 4: w.World.Fail(name); break;
            case 5: w.World.DeletePod(name); break;
            case 6: w.World.Now = w.World.Now.AddSeconds(random.Next(400)); break;
            case 7: w.World.Refuse = random.Next(2) == 0 ? s => s is Step.Create { Object: Pod } ? "exceeded quota" : null : _ => null; break;
            default: foreach (var pod in pods.Take(random.Next(1, 4))) End(w, pod); break;
        }
    }

    static void End(DeploymentWorld w, Pod pod)
    {
        if (pod.Metadata.DeletionTimestamp is not null) w.World.Stop(pod.Metadata.Name!);
        else w.World.Run(pod.Metadata.Name!);
    }

    static void Arrive(DeploymentWorld w, int seed)
    {
        for (var i = 0; i < 200; i++)
        {
            w.Settle();
            var due = w.World.Pods.Where(p => p.Metadata.DeletionTimestamp is not null || p.Status?.Phase is not ("Failed" or "Succeeded") && !Controllers.Pods.PodFacts.IsReady(p)).ToList();
            if (due.Count == 0) break;
            End(w, due[0]);
        }
        var (spec, status) = (w.Deployment.Spec!, w.Deployment.Status!);
        var live = w.World.Pods.Where(p => p.Status!.Phase == "Running").ToList();
        live.Count.ShouldBe(spec.Replicas!.Value, $"seed {seed}: {w.Sizes}; {w.World.WaitingFor}");
        live.ShouldAllBe(p => p.Spec!.Containers[0].Image == spec.Template.Spec!.Containers[0].Image);
        (status.Replicas ?? 0, status.UpdatedReplicas ?? 0, status.AvailableReplicas ?? 0, status.UnavailableReplicas ?? 0).ShouldBe((live.Count, live.Count, live.Count, 0), $"seed {seed}");
        w.Reason("Progressing").ShouldBe("NewReplicaSetAvailable", $"seed {seed}");
        w.World.WaitingFor.ShouldBeNull($"seed {seed}");
    }
}
