using System.Runtime.CompilerServices;
using Kennel.Controllers.Pods;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.StatefulSets;

/// <summary>
/// A pod as the deciding about sets sees it. Looked up by the object, which caches hand out as the same one until the pod changes: what is
/// asked of a thousand pods in every round is worked out once a version of each.
/// </summary>
sealed class Member
{
    static readonly ConditionalWeakTable<Pod, Member> All = [];

    readonly DateTimeOffset? _readySince;
    readonly int _stem;
    volatile Belonging? _belonging;

    Member(Pod pod)
    {
        Pod = pod;
        Name = pod.Name();
        (_stem, Ordinal) = Identity.Split(Name);
        Revision = pod.Label(Identity.RevisionLabel);
        IsTerminating = pod.IsTerminating();
        IsFinished = pod.IsFinished();
        IsPending = pod.IsPending();
        IsReady = pod.IsReady();
        IsRunningAndReady = pod.IsRunningAndReady();
        HoldsIdentity = Identity.Holds(pod);
        _readySince = pod.AvailableAt(0);
    }

    public Pod Pod { get; }
    public string Name { get; }

    /// <summary>-1 when the name doesn't end in one.</summary>
    public int Ordinal { get; }

    /// <summary>The name of the ControllerRevision that it was made from.</summary>
    public string? Revision { get; }

    public bool IsTerminating { get; }
    public bool IsFinished { get; }
    public bool IsPending { get; }
    public bool IsReady { get; }
    public bool IsRunningAndReady { get; }
    public bool HoldsIdentity { get; }

    public static Member Of(Pod pod) => All.GetValue(pod, static p => new(p));

    public bool IsAvailable(int minReadySeconds, DateTimeOffset now) =>
        IsReady && (minReadySeconds == 0 || AvailableAt(minReadySeconds) is { } at && at <= now);

    /// <summary>When a Ready pod becomes (or became) available; null for one that isn't Ready.</summary>
    public DateTimeOffset? AvailableAt(int minReadySeconds) => _readySince?.AddSeconds(minReadySeconds);

    public bool IsNamedAfter(StatefulSet set) => _stem >= 0 && Name.AsSpan(0, _stem).SequenceEqual(set.Metadata.Name);

    /// <summary>What holds between the pod and a set. Selector and claim templates of a set never change, so the answer holds as long as the pod does.</summary>
    public Belonging To(StatefulSet set)
    {
        if (_belonging is { } known && known.Uid == set.Metadata.Uid) return known;
        return _belonging = Belonging.Of(set, this);
    }
}
