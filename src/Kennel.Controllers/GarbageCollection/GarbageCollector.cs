using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Meta;
using Kennel.Objects.Schemas;

namespace Kennel.Controllers.GarbageCollection;

/// <summary>Collects the objects of one kind; one controller a kind, since a key says no kind. See <see cref="Collect"/>.</summary>
public sealed class GarbageCollector(Kinds kinds, IKind kind, Catalog catalog) : IController
{
    /// <summary>One for every kind that is followed.</summary>
    public static ImmutableArray<IController> All(ICaches caches, Catalog catalog)
    {
        var kinds = new Kinds(caches);
        return [.. kinds.All.Select(k => new GarbageCollector(kinds, k, catalog))];
    }

    public string Name => $"garbage-collector-controller-{kind.Resource.Plural}";

    public void Watch(ITriggers triggers)
    {
        // A look at an owner that is gone ends what was said about it.
        kind.Watch(triggers, (before, after) => after is null ? before!.Metadata.DeletionTimestamp is not null ? [ObjectKey.Of(before)] : []
            : Matters(before, after) ? [ObjectKey.Of(after)] : []);
        foreach (var other in kinds.All)
        {
            other.Watch(triggers, (before, after) => Leaves(before, after) ? kind.OwnedBy((after ?? before)!.Metadata.Uid!).Select(ObjectKey.Of) : []);
            other.Watch(triggers, (before, after) => before is not null ? Owners(before, after) : []);
        }
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (kind.Get(key) is not { } found) return Decision.Nothing;
        var terminating = found.Metadata.DeletionTimestamp is not null;
        var asks = terminating ? found.Metadata.Finalizers.Any(f => f is Collect.Orphan or Collect.Foreground) : found.Metadata.OwnerReferences.Count > 0;
        if (!asks) return Decision.Nothing;
        var owners = found.Metadata.OwnerReferences.Select(r => Stand(found, r)).ToImmutableArray();
        var matters = terminating || owners.Any(o => o.Standing == Standing.Leaving);
        return Collect.Decide(new(found, owners, matters ? [.. kinds.OwnedBy(found.Metadata.Uid!)] : []));
    }

    Owner Stand(IObject dependent, OwnerReference reference)
    {
        var followed = kinds.Of(reference);
        var resource = followed?.Resource ?? Known(reference);
        // Nothing is known of such a kind: it is left alone, as upstream does.
        if (resource is null) return new(reference, Standing.Solid, null, default);
        var space = dependent.Metadata.Namespace ?? "";
        // So is a cluster-wide object that names an owner in a namespace: it can't be found out which.
        if (resource.Namespaced && space.Length == 0) return new(reference, Standing.Solid, resource, default, kinds.IsElsewhere(reference, space));
        var key = new ObjectKey(resource.Namespaced ? space : "", reference.Name);
        var found = followed?.Get(key);
        if (found is null || found.Metadata.Uid != reference.Uid)
            return new(reference, Standing.Absent, resource, key, resource.Namespaced && kinds.IsElsewhere(reference, space));
        var leaves = found.Metadata.DeletionTimestamp is not null && found.Metadata.Finalizers.Contains(Collect.Foreground);
        return new(reference, leaves ? Standing.Leaving : Standing.Solid, resource, key);
    }

    ResourceId? Known(OwnerReference reference)
    {
        var group = Kinds.GroupOf(reference.ApiVersion);
        return catalog.OfKind(group, reference.ApiVersion[(group.Length == 0 ? 0 : group.Length + 1)..], reference.Kind)?.Id;
    }

    /// <summary>It is new, or its owners, finalizers or deletion changed.</summary>
    static bool Matters(IObject? before, IObject after)
    {
        var (a, b) = (before?.Metadata, after.Metadata);
        if (b.OwnerReferences.Count == 0 && b.DeletionTimestamp is null) return false;
        return a is null
            || a.Uid != b.Uid
            || a.DeletionTimestamp is null != b.DeletionTimestamp is null
            || !Wire.Same(a.OwnerReferences, b.OwnerReferences)
            || !Wire.Same(a.Finalizers, b.Finalizers);
    }

    /// <summary>An owner is gone, or began to wait for its dependents.</summary>
    static bool Leaves(IObject? before, IObject? after) =>
        after is null || after.Metadata.DeletionTimestamp is not null && before?.Metadata.DeletionTimestamp is null;

    /// <summary>A dependent went, let go of an owner, or blocks it no more: owners of our kind may be waiting for that.</summary>
    IEnumerable<ObjectKey> Owners(IObject before, IObject? after)
    {
        foreach (var reference in before.Metadata.OwnerReferences)
        {
            if (reference.Kind != kind.Resource.Kind || Kinds.GroupOf(reference.ApiVersion) != kind.Resource.Group) continue;
            if (after is not null && Collect.Blocks(after, reference.Uid)) continue;
            var key = new ObjectKey(kind.Resource.Namespaced ? before.Metadata.Namespace ?? "" : "", reference.Name);
            if (kind.Get(key) is { Metadata.DeletionTimestamp: not null }) yield return key;
        }
    }
}
