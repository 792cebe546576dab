using Kennel.Client;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Simulation.Checks;

/// <summary>What is missing until all is well: every wish fulfilled and observed, nothing on its way out, nothing left over on the machines.</summary>
static class Converged
{
    public static IEnumerable<string> Missing(World world)
    {
        var truth = world.Truth;
        foreach (var set in truth.All<StatefulSet>()) foreach (var what in Missing(set, truth)) yield return $"set {set.Metadata.Name}: {what}";
        foreach (var deployment in truth.All<Deployment>()) foreach (var what in Missing(deployment)) yield return $"deployment {deployment.Metadata.Name}: {what}";
        foreach (var pod in truth.All<Pod>()) foreach (var what in Missing(pod, world)) yield return $"pod {pod.Metadata.Name}: {what}";
        foreach (var claim in truth.All<PersistentVolumeClaim>())
        {
            // A claim that a user deletes while a pod uses it stays, protected, as long as the pod does.
            if (claim.Metadata.DeletionTimestamp is not null && truth.All<Pod>().Any(p => Uses(p, claim))) continue;
            if (claim.Metadata.DeletionTimestamp is not null) yield return $"claim {claim.Metadata.Name} is Terminating";
            else if (claim.Status?.Phase != "Bound" && truth.All<Pod>().Any(p => Uses(p, claim))) yield return $"claim {claim.Metadata.Name} is {claim.Status?.Phase}";
        }
        foreach (var volume in truth.All<PersistentVolume>())
            if (volume.Status?.Phase != "Bound") yield return $"volume {volume.Metadata.Name} is {volume.Status?.Phase}";
        foreach (var node in truth.All<Objects.Core.Node>())
            if (node.Spec?.Taints.Count > 0 || node.Status?.Conditions.Any(c => c is { Type: "Ready", Status: "True" }) != true) yield return $"node {node.Metadata.Name} isn't Ready";
        foreach (var left in LeftOver(world)) yield return left;
    }

    static IEnumerable<string> Missing(StatefulSet set, Truth truth)
    {
        if (set.Metadata.DeletionTimestamp is not null) { yield return "is Terminating"; yield break; }
        var (spec, status) = (set.Spec!, set.Status ?? StatefulSetStatus.Empty);
        var wanted = spec.Replicas ?? 1;
        if (status.ObservedGeneration != set.Metadata.Generation) yield return $"generation {set.Metadata.Generation} isn't observed";
        if (status.Replicas != wanted || (status.ReadyReplicas ?? 0) != wanted || (status.AvailableReplicas ?? 0) != wanted)
            yield return $"{status.Replicas} replicas, {status.ReadyReplicas ?? 0} ready, {status.AvailableReplicas ?? 0} available of {wanted}";
        var pods = truth.All<Pod>().Where(p => p.Metadata.ControllerUid() == set.Metadata.Uid).Select(p => p.Metadata.Name!).ToList();
        var start = spec.Ordinals?.Start ?? 0;
        var names = Enumerable.Range(start, wanted).Select(i => $"{set.Metadata.Name}-{i}").Order(StringComparer.Ordinal).ToList();
        if (!names.SequenceEqual(pods)) yield return $"has the pods {string.Join(' ', pods)}";
        if (spec.UpdateStrategy?.Type is not (null or "RollingUpdate")) yield break;
        var partition = spec.UpdateStrategy?.RollingUpdate?.Partition ?? 0;
        foreach (var pod in truth.All<Pod>().Where(p => p.Metadata.ControllerUid() == set.Metadata.Uid))
            if (int.Parse(pod.Metadata.Name!.AsSpan(pod.Metadata.Name!.LastIndexOf('-') + 1), System.Globalization.CultureInfo.InvariantCulture) >= start + partition && pod.Metadata.Labels.GetValueOrDefault("controller-revision-hash") != status.UpdateRevision)
                yield return $"{pod.Metadata.Name} isn't of revision {status.UpdateRevision}";
        if (partition == 0 && status.CurrentRevision != status.UpdateRevision) yield return $"its rollout isn't over: {status.CurrentRevision}, {status.UpdateRevision}";
    }

    static IEnumerable<string> Missing(Deployment deployment)
    {
        var (wanted, status) = (deployment.Spec!.Replicas ?? 1, deployment.Status ?? DeploymentStatus.Empty);
        if (status.ObservedGeneration != deployment.Metadata.Generation) yield return "isn't observed";
        if ((status.Replicas ?? 0) != wanted || (status.UpdatedReplicas ?? 0) != wanted || (status.AvailableReplicas ?? 0) != wanted)
            yield return $"{status.Replicas ?? 0} replicas, {status.UpdatedReplicas ?? 0} updated, {status.AvailableReplicas ?? 0} available of {wanted}";
    }

    static IEnumerable<string> Missing(Pod pod, World world)
    {
        if (pod.Metadata.DeletionTimestamp is not null) { yield return "is Terminating"; yield break; }
        var owner = pod.Metadata.Controller();
        if (owner?.Kind == "StatefulSet" && !world.Truth.All<StatefulSet>().Any(s => s.Metadata.Uid == owner.Uid)) yield return "its set is gone";
        if (pod.Status?.Phase != "Running" || !pod.Status.Conditions.Any(c => c is { Type: "Ready", Status: "True" })) yield return $"is {pod.Status?.Phase}, not Ready";
        if (!world.Nodes.Any(n => n.Name == pod.Spec?.NodeName && n.Machine.Running().Any(r => r.Pod.Uid == pod.Metadata.Uid))) yield return "has no process";
    }

    static IEnumerable<string> LeftOver(World world)
    {
        foreach (var node in world.Nodes)
        foreach (var sandbox in node.Machine.Sandboxes())
            if (!world.Truth.All<Pod>().Any(p => p.Metadata.Uid == sandbox.Pod.Uid)) yield return $"{node.Name} still has a sandbox of {sandbox.Pod.Name} ({sandbox.Pod.Uid})";
    }

    static bool Uses(Pod pod, PersistentVolumeClaim claim) => pod.Spec?.Volumes.Any(v => v.PersistentVolumeClaim?.ClaimName == claim.Metadata.Name) == true;
}
