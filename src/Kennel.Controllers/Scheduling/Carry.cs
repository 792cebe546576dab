using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Controllers.Volumes;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>A placement as steps: prepare the claims and wait, or bind the pod, or say why not.</summary>
public static class Carry
{
    public static Decision Out(Pod pod, Placement placement, DateTimeOffset now) =>
        placement.Early is { } early ? Decision.Wait(early, now + TimeSpan.FromSeconds(1))
        : placement.Refusal is { } why ? Refuse(pod, why, now)
        : placement.Volumes.IsEmpty ? Bind(pod, placement.Node!)
        : Prepare(placement);

    static Decision Bind(Pod pod, string node)
    {
        var binding = new Kennel.Objects.Core.Binding
        {
            Metadata = new() { Namespace = pod.Metadata.Namespace, Name = pod.Metadata.Name, Uid = pod.Metadata.Uid },
            Target = new() { ApiVersion = "v1", Kind = "Node", Name = node },
        };
        return new(
        [
            new Step.Post(Pod.Resource, ObjectKey.Of(pod), "binding", binding)
            {
                Done = new(pod, "Scheduled", $"Successfully assigned {ObjectKey.Of(pod)} to {node}"),
                Failed = new(pod, "FailedScheduling", "{0}", Warning: true),
            },
        ]);
    }

    /// <summary>Volumes are reserved and provisioning is asked for; the pod follows when its claims are bound (SS-1129).</summary>
    static Decision Prepare(Placement placement)
    {
        var steps = ImmutableArray.CreateBuilder<Step>(placement.Volumes.Length);
        foreach (var (claim, volume) in placement.Volumes)
        {
            if (volume is not null) steps.Add(new Step.Update(Volumes.Binding.Reserve(volume, claim)));
            else if (claim.Annotation(Marks.SelectedNode) != placement.Node) steps.Add(Select(claim, placement.Node!));
        }
        return new(steps.ToImmutable(), $"claims to be bound on node {placement.Node}: {string.Join(", ", placement.Volumes.Select(v => v.Claim.Metadata.Name))}");
    }

    static Step.Patch Select(PersistentVolumeClaim claim, string node) =>
        Merge.Patch(claim, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Marks.SelectedNode] = node } } });

    static Decision Refuse(Pod pod, string why, DateTimeOffset now)
    {
        var note = new Note(pod, "FailedScheduling", why, Warning: true);
        var known = pod.Status?.Conditions.FirstOrDefault(c => c.Type == "PodScheduled");
        if (known is { Status: "False", Reason: "Unschedulable" } && known.Message == why) return Decision.Wait(why, now + TimeSpan.FromMinutes(5));
        var condition = new PodCondition
        {
            Type = "PodScheduled",
            Status = "False",
            Reason = "Unschedulable",
            Message = why,
            LastTransitionTime = known?.Status == "False" ? known.LastTransitionTime : now,
        };
        var status = pod.Status ?? PodStatus.Empty;
        var refused = pod with { Status = status with { Conditions = [.. status.Conditions.Where(c => c.Type != "PodScheduled"), condition] } };
        return new([new Step.UpdateStatus(refused) { Done = note }], why, now + TimeSpan.FromMinutes(5));
    }
}
