using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Schemas;

namespace Kennel.Controllers.Namespaces;

/// <summary>Empties a namespace that is being deleted, then lets it go (SS-617).</summary>
public sealed class NamespaceController(ICaches caches, Catalog catalog) : IController
{
    public const string Finalizer = "kubernetes";

    // Pods leave with their grace, other things at once: the last of them brings us here, and this is only in case a change is missed.
    static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    readonly ICache<Namespace> _namespaces = caches.Of<Namespace>();
    readonly ImmutableArray<ResourceId> _kinds = Contents(catalog);

    public string Name => "namespace-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Namespace>((before, after) => [ObjectKey.Of((after ?? before)!)]);
        foreach (var kind in new GarbageCollection.Kinds(caches).All)
            if (kind.Resource.Namespaced) kind.Watch(triggers, (before, after) => after is null ? Leaving(before!.Metadata.Namespace!) : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment) =>
        _namespaces.Get(key) is { } space ? Decide(space, _kinds, moment.Now) : Decision.Nothing;

    public static Decision Decide(Namespace space, ImmutableArray<ResourceId> kinds, DateTimeOffset now)
    {
        if (space.Metadata.DeletionTimestamp is null || space.Spec?.Finalizers.Contains(Finalizer) != true) return Decision.Nothing;
        return new([new Empty(space, kinds, now)], "everything in the namespace to be gone" + Told(space), now + Look);
    }

    /// <summary>What the last look has left in the conditions: what is there still, and what holds it.</summary>
    static string Told(Namespace space)
    {
        var told = (space.Status?.Conditions ?? []).Where(c => c is { Status: "True", Type: Conditions.ContentRemaining or Conditions.FinalizersRemaining }).Select(c => c.Message).ToList();
        return told.Count == 0 ? "" : ": " + string.Join("; ", told);
    }

    /// <summary>Every namespaced kind that can be listed and deleted by the collection; events last, so that the reasons stay readable.</summary>
    public static ImmutableArray<ResourceId> Contents(Catalog catalog) =>
    [
        .. catalog.All
            .Where(t => t.Namespaced && t.Verbs.Contains("list") && t.Verbs.Contains("deletecollection"))
            .Where(t => t is not { Group: "events.k8s.io" })
            .OrderBy(t => t.Plural == "events")
            .Select(t => t.Id),
    ];

    IEnumerable<ObjectKey> Leaving(string space) =>
        _namespaces.Get(new("", space)) is { Metadata.DeletionTimestamp: not null } ? [new("", space)] : [];
}
