using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling.Preemption;

/// <summary>Sends the victims away, gracefully, and tells less important pods not to wait for that node any more.</summary>
static class MakeRoom
{
    public static IEnumerable<Step> Steps(Pod pod, Candidate candidate, Ledger ledger, DateTimeOffset now, Func<ObjectKey, Pod?> pods)
    {
        foreach (var guest in ledger.Nominations.On(candidate.Node))
            if (guest.Priority < Guest.PriorityOf(pod) && pods(guest.Key) is { Status: { NominatedNodeName: not null } status } other)
                yield return new Step.UpdateStatus(other with { Status = status with { NominatedNodeName = null } }) { MayFail = true };
        foreach (var guest in candidate.Victims)
        {
            if (guest.Terminating || pods(guest.Key) is not { } victim || victim.Metadata.Uid != guest.Uid) continue;
            yield return new Step.UpdateStatus(Marked(victim, pod, now));
            yield return new Step.Delete(Pod.Resource, guest.Key, guest.Uid)
            {
                Done = new(victim, "Preempted", $"Preempted by pod {pod.Metadata.Uid} on node {candidate.Node}"),
            };
        }
    }

    static Pod Marked(Pod victim, Pod pod, DateTimeOffset now)
    {
        var scheduler = string.IsNullOrEmpty(pod.Spec?.SchedulerName) ? Scheduler.DefaultName : pod.Spec.SchedulerName;
        return Nodes.Conditions.With(victim, new PodCondition
        {
            Type = Nodes.Conditions.DisruptionTarget,
            Status = "True",
            Reason = Displace.Reason,
            Message = $"{scheduler}: preempting to accommodate a higher priority pod",
            ObservedGeneration = victim.Metadata.Generation,
        }, now);
    }
}
