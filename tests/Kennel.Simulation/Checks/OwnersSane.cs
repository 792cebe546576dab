using Kennel.Objects;

namespace Kennel.Simulation.Checks;

/// <summary>An object has at most one controlling owner, and its owners are, or were, there.</summary>
sealed class OwnersSane(World world) : ICheck
{
    readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public void Changed(IObject? before, IObject? after, long revision)
    {
        if (after is null) return;
        _known.Add(after.Metadata.Uid ?? "");
        var owners = after.Metadata.OwnerReferences;
        if (owners.Count == 0) return;
        if (owners.Count(o => o.Controller == true) > 1) world.Loop.Fail($"{after.Resource.Kind} {after.Metadata.Name} has two controllers");
        foreach (var owner in owners)
            if (owner.Kind is "StatefulSet" or "Pod" or "ReplicaSet" or "Deployment" && !_known.Contains(owner.Uid)) world.Loop.Fail($"{after.Resource.Kind} {after.Metadata.Name} is owned by {owner.Kind} {owner.Name} ({owner.Uid}), which never was");
        if (owners.Select(o => o.Uid).Distinct(StringComparer.Ordinal).Count() != owners.Count) world.Loop.Fail($"{after.Resource.Kind} {after.Metadata.Name} names an owner twice");
    }
}
