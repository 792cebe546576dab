using System.Collections.Immutable;
using Kennel.Controllers.Scheduling.Filters;
using Kennel.Controllers.Volumes;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>The claims of a pod: which are bound, which wait for a node, and which stand in the way (SS-1129, SS-1130).</summary>
public sealed class ClaimCheck
{
    public const string NoVolume = "node(s) didn't find available persistent volumes to bind";
    public const string WrongNode = "node(s) didn't match PersistentVolume's node affinity";
    public const string VolumeMissing = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";
    public const string Taken = "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode";

    readonly List<PersistentVolume> _bound = [];
    readonly List<Wanted> _open = [];
    readonly HashSet<string> _planned = new(StringComparer.Ordinal);
    readonly List<ObjectKey> _holders = [];
    bool _missing;

    ClaimCheck()
    {
    }

    /// <summary>Why the pod can't be scheduled anywhere, or null.</summary>
    public string? Refusal { get; private set; }

    public static ClaimCheck Of(SchedulingObserved o)
    {
        var check = new ClaimCheck();
        foreach (var wanted in o.Claims) check.Refusal ??= check.Take(wanted);
        // Small claims choose first: each takes the smallest volume that serves, so the large ones are left for the large.
        check._open.Sort((a, b) => a.Claim!.Request.CompareTo(b.Claim!.Request));
        return check;
    }

    /// <returns>What is to be written for its claims when the pod goes to this node.</returns>
    /// <param name="without">Guests that count as gone.</param>
    /// <param name="why">Why the node can't have the pod; null when it can.</param>
    public ImmutableArray<VolumePlan> On(Room room, IReadOnlyList<Guest> without, out Objection? why)
    {
        why = _holders.Exists(h => !without.Any(g => g.Key == h)) ? new(Taken, Cause.Volumes) : null;
        var plans = why is not null || _bound.Count + _open.Count == 0 && !_missing ? [] : Plans(room, out why);
        return why is null ? plans : [];
    }

    ImmutableArray<VolumePlan> Plans(Room room, out Objection? why)
    {
        why = Fixed(room) is { } text ? new(text, Cause.Volumes, Final: true) : null;
        if (why is not null || _open.Count == 0) return [];
        var made = ImmutableArray.CreateBuilder<VolumePlan>(_open.Count);
        _planned.Clear();
        foreach (var wanted in _open)
        {
            if (Plan(wanted, room) is not { } plan)
            {
                why = new(NoVolume, Cause.Volumes, Final: true);
                return [];
            }
            if (plan.Volume is { } volume) _planned.Add(volume.Metadata.Name!);
            made.Add(plan);
        }
        return made.ToImmutable();
    }

    string? Fixed(Room room)
    {
        if (_missing) return VolumeMissing;
        foreach (var volume in _bound) if (!Reaches(volume, room)) return WrongNode;
        foreach (var volume in _bound) if (!Zones.Reach(volume, room)) return Zones.Why;
        return null;
    }

    string? Take(Wanted wanted)
    {
        if (wanted.Claim is not { } claim) return wanted.Objection ?? $"persistentvolumeclaim \"{wanted.Name}\" not found";
        if (claim.Phase == Marks.Lost) return $"persistentvolumeclaim \"{wanted.Name}\" bound to non-existent persistentvolume \"{claim.VolumeName}\"";
        if (claim.Metadata.DeletionTimestamp is not null) return $"persistentvolumeclaim \"{wanted.Name}\" is being deleted";
        if (wanted.Objection is { } why) return why;
        _holders.AddRange(wanted.Holders ?? []);
        if (claim.BindCompleted && claim.VolumeName.Length > 0)
        {
            if (wanted.Volume is { } volume) _bound.Add(volume);
            else _missing = true;
            return null;
        }
        if (claim.VolumeName.Length > 0 || wanted.Class is not { WaitsForConsumer: true }) return "pod has unbound immediate PersistentVolumeClaims";
        _open.Add(wanted);
        return null;
    }

    VolumePlan? Plan(Wanted wanted, Room room)
    {
        var claim = wanted.Claim!;
        if (claim.Annotation(Marks.SelectedNode) is { } selected) return selected == room.Name ? new(claim, null) : null;
        var near = wanted.Candidates.Where(v => !_planned.Contains(v.Metadata.Name!) && Reaches(v, room));
        if (Match.Best(claim, near) is { } volume) return new(claim, volume);
        return wanted.Class!.Provisioner != Marks.NoProvisioner && Allowed(wanted, room) ? new(claim, null) : null;
    }

    static bool Reaches(PersistentVolume volume, Room room) =>
        NodeMatch.Matches(volume.Spec?.NodeAffinity?.Required, room.Name, room.Labels);

    static bool Allowed(Wanted wanted, Room room)
    {
        var terms = wanted.Class!.AllowedTopologies;
        return terms.Count == 0 || terms.Any(t => t.MatchLabelExpressions.All(e => room.Labels.TryGetValue(e.Key, out var value) && e.Values.Contains(value)));
    }
}
