using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Endpoints;

/// <summary>Services and their pods in the caches: which services a change of a pod concerns, and which pods a service has now.</summary>
public sealed class ServicePods(ICaches caches)
{
    // Above this many pods a service's lists are written at most every Pause: each write is as long as the list.
    const int Many = 100;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    readonly ICache<Service> _services = caches.Of<Service>();
    readonly ICache<Pod> _pods = caches.Of<Pod>();
    readonly ICache<Node> _nodes = caches.Of<Node>();
    readonly Lock _gate = new();
    readonly SortedDictionary<ObjectKey, DateTimeOffset> _last = [];

    public Service? Get(ObjectKey key) => _services.Get(key);

    /// <summary>Since when lists have been out of date.</summary>
    public TriggerTimes Times { get; } = new();

    public (ImmutableArray<Backend> Backends, DateTimeOffset? Since) Of(Service service)
    {
        if (!Slices.HasPods(service)) return ([], null);
        var pods = _pods.In(service.Metadata.Namespace!).Where(p => Selects(service, p)).ToList();
        return (Backend.Of(service, pods, Zone), Times.Since(service, pods));
    }

    /// <summary>Null when a service may be looked at; otherwise its list is long and was written a moment ago, and even to look at it costs its length.</summary>
    public Decision? Resting(ObjectKey key, DateTimeOffset now)
    {
        lock (_gate)
            return _last.TryGetValue(key, out var last) && now - last < Pause
                ? Decision.Wait("more of its pods to change, so that they are written together", last + Pause) : null;
    }

    /// <summary>Notes that a service's list is written now.</summary>
    public void Written(ObjectKey key, int count, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (count > Many) _last[key] = now;
            else _last.Remove(key);
        }
    }

    public IEnumerable<ObjectKey> Concerned(Pod? before, Pod? after)
    {
        if (before is not null && after is not null && !Matters(before, after)) yield break;
        foreach (var service in _services.In((after ?? before)!.Metadata.Namespace!))
        {
            if (!Slices.HasPods(service)) continue;
            if (Selects(service, before) || Selects(service, after)) yield return ObjectKey.Of(service);
        }
    }

    string? Zone(string node) => _nodes.Get(new("", node))?.Metadata.Labels.GetValueOrDefault("topology.kubernetes.io/zone");

    static bool Selects(Service service, Pod? pod) => pod is not null && service.Spec!.Selector.AllIn(pod.Metadata.Labels);

    static bool Matters(Pod before, Pod after) =>
        before.Status?.PodIP != after.Status?.PodIP
        || before.Status?.Phase != after.Status?.Phase
        || before.Spec?.NodeName != after.Spec?.NodeName
        || before.Metadata.DeletionTimestamp is null != after.Metadata.DeletionTimestamp is null
        || before.Metadata.Uid != after.Metadata.Uid
        || before.IsReady() != after.IsReady()
        || !Wire.Same(before.Metadata.Labels, after.Metadata.Labels);
}
