using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Controllers.Scheduling.Preemption;
using Kennel.Controllers.Volumes;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>A placement as steps: prepare the claims and wait, or bind the pod, or say why not and make room.</summary>
public static class Carry
{
    /// <summary>A pod that fits nowhere is looked at this often although nothing has changed, as upstream.</summary>
    static readonly TimeSpan s_anyway = TimeSpan.FromMinutes(5);

    /// <param name="pods">What is known of other pods.</param>
    public static Decision Out(Pod pod, Placement placement, Ledger ledger, Moment moment, Func<ObjectKey, Pod?> pods) =>
        placement.Early is { } early ? Decision.Wait(early, moment.Now + TimeSpan.FromSeconds(1))
        : placement.Refusal is { } why ? Refuse(pod, why, placement.Displacement, ledger, moment.Now, pods)
        : placement.Volumes.IsEmpty ? Bind(pod, placement.Node!, moment)
        : Prepare(placement);

    /// <summary>It was looked at often and in vain.</summary>
    public static Decision Later(Pod pod, DateTimeOffset at) =>
        Decision.Wait($"a node that can take it: {pod.Status?.Conditions.FirstOrDefault(c => c.Type == "PodScheduled")?.Message}", at);

    /// <summary>Somebody holds it back until all its gates are removed.</summary>
    public static Decision Gated(Pod pod, DateTimeOffset now)
    {
        var waits = $"its scheduling gates to be removed: {string.Join(", ", pod.Spec!.SchedulingGates.Select(g => g.Name))}";
        return Told(pod, "SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates", pod.Status?.NominatedNodeName, now) is { } told
            ? new([new Step.UpdateStatus(told)], waits) : Decision.Wait(waits);
    }

    static Decision Bind(Pod pod, string node, Moment moment)
    {
        var binding = new Kennel.Objects.Core.Binding
        {
            Metadata = new() { Namespace = pod.Metadata.Namespace, Name = pod.Metadata.Name, Uid = pod.Metadata.Uid },
            Target = new() { ApiVersion = "v1", Kind = "Node", Name = node },
        };
        var bind = new Step.Post(Pod.Resource, ObjectKey.Of(pod), "binding", binding)
        {
            Done = new(pod, "Scheduled", $"Successfully assigned {ObjectKey.Of(pod)} to {node}"),
            Failed = new(pod, "FailedScheduling", "{0}", Warning: true),
        };
        return moment.Problem is { } problem && Told(pod, "SchedulerError", problem, pod.Status?.NominatedNodeName, moment.Now) is { } told
            ? new([new Step.UpdateStatus(told) { MayFail = true }, bind]) : new([bind]);
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

    static Decision Refuse(Pod pod, string why, Displacement? displacement, Ledger ledger, DateTimeOffset now, Func<ObjectKey, Pod?> pods)
    {
        var steps = ImmutableArray.CreateBuilder<Step>();
        var nominated = displacement is { Candidate.Node: { } node } ? node : displacement is { Clears: true } ? null : pod.Status?.NominatedNodeName;
        if (Told(pod, "Unschedulable", why, nominated, now) is { } told) steps.Add(new Step.UpdateStatus(told) { Done = new(pod, "FailedScheduling", why, Warning: true) });
        if (displacement?.Candidate is not { } candidate) return new(steps.ToImmutable(), $"a node that can take it: {why}", now + s_anyway);
        steps.AddRange(MakeRoom.Steps(pod, candidate, ledger, now, pods));
        return new(steps.ToImmutable(), $"less important pods to leave node {candidate.Node}: {string.Join(", ", candidate.Victims.Select(v => v.Key))}", now + s_anyway);
    }

    /// <summary>The pod with its condition PodScheduled False; null when it says so already.</summary>
    static Pod? Told(Pod pod, string reason, string why, string? nominated, DateTimeOffset now)
    {
        var status = pod.Status ?? PodStatus.Empty;
        var known = status.Conditions.FirstOrDefault(c => c.Type == "PodScheduled");
        if (known is { Status: "False" } && known.Reason == reason && known.Message == why && (status.NominatedNodeName ?? "") == (nominated ?? "")) return null;
        var condition = new PodCondition
        {
            Type = "PodScheduled",
            Status = "False",
            Reason = reason,
            Message = why,
            ObservedGeneration = pod.Metadata.Generation,
            LastTransitionTime = known?.Status == "False" ? known.LastTransitionTime : now,
        };
        return pod with { Status = status with { NominatedNodeName = nominated, Conditions = [.. status.Conditions.Where(c => c.Type != "PodScheduled"), condition] } };
    }
}
