using System.Collections.Immutable;
using System.Globalization;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Controllers.Revisions;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.StatefulSets;

/// <summary>What one decision gathers on its way through the phases: the pods by their place, the steps so far, and what it waits for.</summary>
sealed class Round
{
    readonly ImmutableArray<Step>.Builder _steps = ImmutableArray.CreateBuilder<Step>();
    readonly HashSet<Member> _deleted = [];

    public Round(Observed observed, Places places, History history)
    {
        (Observed, History, Replicas, Condemned) = (observed, history, places.Replicas, places.Condemned);
        (Start, MinReadySeconds, Ordered) = (Identity.Start(Set), Set.Spec!.MinReadySeconds ?? 0, Set.Spec.PodManagementPolicy != "Parallel");
        UpdateRevision = history.Update.Metadata.Name;
        TendsClaims = Set.Spec.VolumeClaimTemplates.Count > 0 && (observed.ClaimsHaveOwners || Claims.WhenDeleted(Set) || Claims.WhenScaled(Set));
    }

    public Observed Observed { get; }
    public History History { get; }
    public int Start { get; }
    public int MinReadySeconds { get; }
    public bool Ordered { get; }
    public string? UpdateRevision { get; }

    /// <summary>Whether owners of claims may have to be changed; false spares a look at each claim.</summary>
    public bool TendsClaims { get; }

    /// <inheritdoc cref="Places.Replicas"/>
    public Member?[] Replicas { get; }

    /// <inheritdoc cref="Places.Condemned"/>
    public List<Member> Condemned { get; }

    /// <summary>In the phase of the condemned pods, which goes on where making pods is refused.</summary>
    public bool IsTakingAway { get; set; }

    /// <summary>Under OrderedReady: the next pod was refused by the API, and nothing but that stands in the way.</summary>
    public bool IsRefused { get; set; }

    public StatefulSet Set => Observed.Set;
    public string? WaitingFor { get; private set; }
    public IEnumerable<Step> Steps => _steps;

    public bool IsAvailable(Member member) => member.IsAvailable(MinReadySeconds, Observed.Now);

    public bool IsDown(Member? member) => member is null || member.IsTerminating || !IsAvailable(member);

    public bool IsOld(Member member) => member.Revision != UpdateRevision;

    public bool IsDeleted(Member member) => _deleted.Contains(member);

    public Setback? Setback(string lane) => Observed.Setbacks?.GetValueOrDefault(lane);

    public void Do(Step step) => _steps.Add(step);

    /// <summary>Says what is waited for; the first reason of a round is the one that matters.</summary>
    /// <returns>True: the phase blocks.</returns>
    public bool Wait(string waitingFor)
    {
        WaitingFor ??= waitingFor;
        return true;
    }

    public void Delete(Member member) => Delete(member, Lane.Of(this, member.Name));

    public void Delete(Member member, string lane, Backoff? rest = null)
    {
        if (!_deleted.Add(member)) return;
        Do(new Step.Delete(Pod.Resource, ObjectKey.Of(member.Pod), member.Pod.Metadata.Uid)
        {
            Lane = lane,
            Rest = rest,
            Done = new(Set, "SuccessfulDelete", $"Delete Pod {member.Name} in StatefulSet {Set.Metadata.Name} successful"),
            Failed = new(Set, "FailedDelete", $"Delete Pod {member.Name} in StatefulSet {Set.Metadata.Name} failed error: {{0}}", Warning: true),
        });
    }

    /// <summary>Waits for a pod to go away, become Ready, or become available, whichever it lacks.</summary>
    public bool WaitOn(Member member)
    {
        if (WaitingFor is not null) return true;
        if (member.IsTerminating) return Wait($"{member.Name} to go away: it is terminating{(member.Pod.Metadata.Finalizers.Count > 0 ? $" and has the finalizer {member.Pod.Metadata.Finalizers[0]}" : "")}");
        if (!member.IsRunningAndReady) return Wait($"{member.Name} to become Ready{Why(member)}");
        return Wait(string.Create(CultureInfo.InvariantCulture, $"{member.Name} to be Ready for {MinReadySeconds}s"));
    }

    /// <summary><c>: readiness probe failed</c>, or nothing when the pod doesn't tell.</summary>
    public static string Why(Member member) => PodTrouble.Of(member.Pod) is { } trouble ? ": " + trouble : "";
}
