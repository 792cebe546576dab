using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>Which pods wait for which node, because others were displaced from it for them: their room isn't given to less important ones.</summary>
public sealed class Nominations
{
    static readonly SortedDictionary<ObjectKey, Guest> s_nobody = [];

    readonly Dictionary<ObjectKey, Guest> _all = [];
    readonly Dictionary<string, SortedDictionary<ObjectKey, Guest>> _nodes = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Guest> On(string node) => _nodes.TryGetValue(node, out var here) ? here.Values : s_nobody.Values;

    public string? Of(ObjectKey pod) => _all.TryGetValue(pod, out var guest) ? guest.Node : null;

    /// <summary>The room as a pod finds it that must not take the place of the nominated.</summary>
    public Room Fill(Room room, ObjectKey pod, int priority)
    {
        if (_all.Count == 0 || !_nodes.TryGetValue(room.Name, out var here)) return room;
        foreach (var guest in here.Values) if (guest.Key != pod && guest.Priority >= priority) room = room.With(guest);
        return room;
    }

    public void Put(Guest guest)
    {
        Drop(guest.Key);
        _all[guest.Key] = guest;
        if (!_nodes.TryGetValue(guest.Node, out var here)) _nodes[guest.Node] = here = [];
        here[guest.Key] = guest;
    }

    public void Drop(ObjectKey key)
    {
        if (!_all.Remove(key, out var guest)) return;
        var here = _nodes[guest.Node];
        here.Remove(key);
        if (here.Count == 0) _nodes.Remove(guest.Node);
    }

    /// <summary>What the status says now is what holds: our own writes are in it.</summary>
    public void Agree(Pod pod)
    {
        var key = ObjectKey.Of(pod);
        if (pod.Status?.NominatedNodeName is not { Length: > 0 } node) Drop(key);
        else if (Of(key) != node) Put(Guest.Of(pod, node));
    }

    /// <summary>What a pod's status says counts as long as the pod has no node and lives.</summary>
    internal void Seen(ObjectKey key, Pod? pod)
    {
        if (pod is null || pod.Metadata.DeletionTimestamp is not null || !string.IsNullOrEmpty(pod.Spec?.NodeName)) Drop(key);
        else if (pod.Status?.NominatedNodeName is { Length: > 0 } node && Of(key) is null) Put(Guest.Of(pod, node));
    }
}
