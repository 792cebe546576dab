using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.GarbageCollection;

/// <summary>What becomes of an object whose owners go, and of dependents whose owner waits for them (SS-604..612).</summary>
public static class Collect
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";

    public static Decision Decide(Observed o)
    {
        var meta = o.Object.Metadata;
        if (meta.DeletionTimestamp is null) return AsDependent(o);
        if (meta.Finalizers.Contains(Orphan)) return LetGo(o);
        return meta.Finalizers.Contains(Foreground) ? AwaitDependents(o) : Decision.Nothing;
    }

    static Decision AsDependent(Observed o)
    {
        if (o.Owners.IsEmpty) return Decision.Nothing;
        ImmutableArray<Step> told = [.. o.Owners.Where(w => w.Misplaced).Select(w => Misplaced(o.Object, w.Reference))];
        var absent = o.Owners.Where(w => w.Standing == Standing.Absent).ToImmutableArray();
        var leaving = o.Owners.Where(w => w.Standing == Standing.Leaving).ToImmutableArray();
        if (absent.Length + leaving.Length < o.Owners.Length) return new([.. told, .. Keep(o, absent, leaving)]);
        if (leaving.IsEmpty || o.Dependents.IsEmpty) return new([.. told, new DeleteOwned(o.Object, PolicyOf(o.Object), absent)]);
        // Two that wait for each other would wait for ever.
        if (o.Dependents.Any(d => d.Metadata.DeletionTimestamp is not null && d.Metadata.Finalizers.Contains(Foreground))) told = told.Add(Unblock(o.Object));
        return new([.. told, new DeleteOwned(o.Object, "Foreground", absent)]);
    }

    /// <summary>Somebody still owns it: it only forgets the owners that are gone or going.</summary>
    static ImmutableArray<Step> Keep(Observed o, ImmutableArray<Owner> absent, ImmutableArray<Owner> leaving)
    {
        if (absent.IsEmpty && leaving.IsEmpty) return [];
        var gone = absent.Concat(leaving).Select(w => w.Reference.Uid).ToImmutableSortedSet(StringComparer.Ordinal);
        ImmutableArray<Step> look = absent.IsEmpty ? [] : [new OwnersGone(absent)];
        return look.Add(WithOwners(o.Object, o.Object.Metadata.OwnerReferences.Where(r => !gone.Contains(r.Uid))));
    }

    /// <summary>Dependents become their own masters, each for itself; when all are, the owner may go (SS-605).</summary>
    static Decision LetGo(Observed o)
    {
        var uid = o.Object.Metadata.Uid;
        var steps = ImmutableArray.CreateBuilder<Step>();
        foreach (var dependent in o.Dependents)
            steps.Add(WithOwners(dependent, dependent.Metadata.OwnerReferences.Where(r => r.Uid != uid)) with { Batch = 1 });
        steps.Add(WithoutFinalizer(o.Object, Orphan));
        return new(steps.ToImmutable());
    }

    /// <summary>The owner goes when no dependent blocks it any more (SS-604).</summary>
    static Decision AwaitDependents(Observed o)
    {
        var blocking = o.Dependents.Where(d => Blocks(d, o.Object.Metadata.Uid)).ToImmutableArray();
        if (blocking.IsEmpty) return new([WithoutFinalizer(o.Object, Foreground)]);
        return Decision.Wait($"{blocking.Length} dependents to go, {blocking[0].Resource.Kind} {ObjectKey.Of(blocking[0])} first");
    }

    public static bool Blocks(IObject dependent, string? owner)
    {
        foreach (var reference in dependent.Metadata.OwnerReferences)
            if (reference.Uid == owner && reference.BlockOwnerDeletion == true) return true;
        return false;
    }

    static Step Misplaced(IObject dependent, OwnerReference owner)
    {
        var space = dependent.Metadata.Namespace;
        return new Step.Say
        {
            Done = new(dependent, "OwnerRefInvalidNamespace",
                $"ownerRef [{owner.ApiVersion}/{owner.Kind}, namespace: {space}, name: {owner.Name}, uid: {owner.Uid}] does not exist in namespace \"{space}\"",
                Warning: true, Source: "garbage-collector-controller"),
        };
    }

    static string PolicyOf(IObject o) =>
        o.Metadata.Finalizers.Contains(Orphan) ? "Orphan" : o.Metadata.Finalizers.Contains(Foreground) ? "Foreground" : "Background";

    static Step Unblock(IObject o) => WithOwners(o, o.Metadata.OwnerReferences.Select(r => r with { BlockOwnerDeletion = false }));

    static Step WithOwners(IObject o, IEnumerable<OwnerReference> owners)
    {
        var references = owners.Select(r => JsonNode.Parse(Json.Write(r))).ToArray();
        return Patch(o, new JsonObject { ["ownerReferences"] = references.Length == 0 ? null : new JsonArray(references) });
    }

    static Step WithoutFinalizer(IObject o, string finalizer)
    {
        var left = o.Metadata.Finalizers.Where(f => f != finalizer).Select(f => (JsonNode)f).ToArray();
        return Patch(o, new JsonObject { ["finalizers"] = left.Length == 0 ? null : new JsonArray(left) });
    }

    /// <summary>Lists are replaced whole, so the patch holds only for the revision that was seen.</summary>
    static Step Patch(IObject o, JsonObject metadata)
    {
        metadata["uid"] = o.Metadata.Uid;
        metadata["resourceVersion"] = o.Metadata.ResourceVersion;
        return new Step.Patch(o.Resource, ObjectKey.Of(o), new JsonObject { ["metadata"] = metadata }.ToJsonString());
    }
}
