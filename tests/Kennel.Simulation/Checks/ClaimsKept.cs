using System.Globalization;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Simulation.Checks;

/// <summary>A claim goes only when a user deletes it or a retention policy says so; it is bound to one volume, which is bound to it.</summary>
sealed class ClaimsKept(World world) : ICheck
{
    readonly HashSet<string> _expendable = new(StringComparer.Ordinal);

    // As upstream, a policy is written into a claim's owners when the controller comes to its pod: what a set said once may still count when it goes.
    readonly HashSet<string> _deletesWhenDeleted = new(StringComparer.Ordinal);
    readonly HashSet<string> _deletesWhenScaled = new(StringComparer.Ordinal);

    public void Changed(IObject? before, IObject? after, long revision)
    {
        if ((after ?? before) is StatefulSet set) Retention(set, gone: after is null || after.Metadata.DeletionTimestamp is not null);
        if ((after ?? before) is not PersistentVolumeClaim claim) return;
        if (before is null) foreach (var each in world.Truth.All<StatefulSet>()) Retention(each, each.Metadata.DeletionTimestamp is not null);
        // Made by a controller that didn't know yet that the set is gone: the policy that is written into it takes it away.
        if (before is null && claim.Metadata.OwnerReferences.Any(o => _deletesWhenDeleted.Contains(o.Uid) && !world.Truth.All<StatefulSet>().Any(s => s.Metadata.Uid == o.Uid)))
            _expendable.Add(claim.Metadata.Uid!);
        if (before is { Metadata.DeletionTimestamp: null } && after is null or { Metadata.DeletionTimestamp: not null } && !MayGo(claim))
            world.Loop.Fail($"claim {claim.Metadata.Name} is deleted, and no policy or user wants that");
        if (after is PersistentVolumeClaim { Status.Phase: "Bound" } bound) Bound(bound);
    }

    bool MayGo(PersistentVolumeClaim claim) => _expendable.Contains(claim.Metadata.Uid!) || world.Truth.Excused.Claims.Contains(claim.Metadata.Uid!);

    void Retention(StatefulSet set, bool gone)
    {
        var (policy, uid) = (set.Spec?.PersistentVolumeClaimRetentionPolicy, set.Metadata.Uid!);
        if (policy?.WhenDeleted == "Delete") _deletesWhenDeleted.Add(uid);
        if (policy?.WhenScaled == "Delete") _deletesWhenScaled.Add(uid);
        if (!_deletesWhenDeleted.Contains(uid) && !_deletesWhenScaled.Contains(uid)) return;
        var start = set.Spec!.Ordinals?.Start ?? 0;
        foreach (var claim in world.Truth.All<PersistentVolumeClaim>())
        {
            if (Ordinal(set, claim) is not { } ordinal) continue;
            var inside = ordinal >= start && ordinal < start + (set.Spec.Replicas ?? 1);
            if (gone && _deletesWhenDeleted.Contains(uid) || !inside && _deletesWhenScaled.Contains(uid)) _expendable.Add(claim.Metadata.Uid!);
        }
    }

    static int? Ordinal(StatefulSet set, PersistentVolumeClaim claim)
    {
        foreach (var template in set.Spec!.VolumeClaimTemplates)
        {
            var prefix = $"{template.Metadata.Name}-{set.Metadata.Name}-";
            if (claim.Metadata.Name!.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(claim.Metadata.Name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)) return ordinal;
        }
        return null;
    }

    void Bound(PersistentVolumeClaim claim)
    {
        var volume = world.Truth.All<PersistentVolume>().FirstOrDefault(v => v.Metadata.Name == claim.Spec?.VolumeName);
        if (volume is null || volume.Spec?.ClaimRef?.Uid != claim.Metadata.Uid) world.Loop.Fail($"claim {claim.Metadata.Name} is Bound to {claim.Spec?.VolumeName}, which is bound to {volume?.Spec?.ClaimRef?.Name ?? "nothing"}");
        foreach (var other in world.Truth.All<PersistentVolumeClaim>())
            if (other.Metadata.Uid != claim.Metadata.Uid && other.Spec?.VolumeName == claim.Spec?.VolumeName) world.Loop.Fail($"claims {claim.Metadata.Name} and {other.Metadata.Name} are bound to one volume");
    }
}
