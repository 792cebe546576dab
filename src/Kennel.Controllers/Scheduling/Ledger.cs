using System.Collections.Immutable;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>
/// All rooms with their running totals, kept up to date change by change. What was seen and what was promised are held together:
/// a promise ends when the pod is seen on a node, goes away, or is looked at again.
/// </summary>
public sealed class Ledger
{
    readonly SortedDictionary<string, int> _places = new(StringComparer.Ordinal);
    readonly Dictionary<ObjectKey, Guest> _guests = [];
    readonly HashSet<string> _reserved = new(StringComparer.Ordinal);
    Room[] _rooms = [];

    /// <summary>Rooms in the order of their names. Valid until the next change.</summary>
    public ArraySegment<Room> Rooms => _rooms;

    /// <summary>Guests that refuse others on their node or in their zone: mostly none.</summary>
    public SortedDictionary<ObjectKey, Guest> Refusing { get; } = [];

    /// <summary>The volume is promised to a claim of a pod.</summary>
    public bool IsReserved(string volume) => _reserved.Contains(volume);

    /// <summary>A node as it is now; null when it is gone.</summary>
    public void Seen(string name, Node? node)
    {
        if (node is null && Find(name) is { Guests.IsEmpty: true }) Remove(name);
        else if (node is not null || _places.ContainsKey(name)) Put(Place(name).On(node));
    }

    /// <summary>A pod as it is now; null when it is gone. True when it left a node.</summary>
    public bool Seen(ObjectKey key, Pod? pod)
    {
        var lives = pod is { Spec.NodeName.Length: > 0, Status.Phase: not ("Succeeded" or "Failed") };
        if (lives && _guests.TryGetValue(key, out var known) && known.Reserved.IsEmpty && Same(known, pod!)) return false;
        if (!lives && pod is { Spec.NodeName: null or "" }) return false;
        var left = Forget(key);
        if (lives) Add(Guest.Of(pod!, pod!.Spec!.NodeName!));
        return left && !lives;
    }

    /// <summary>Holds a place for a pod until it is seen there.</summary>
    public void Promise(Guest guest)
    {
        Forget(guest.Key);
        Add(guest);
    }

    /// <summary>Drops what is known of a pod. True when there was something.</summary>
    public bool Forget(ObjectKey key)
    {
        if (!_guests.Remove(key, out var guest)) return false;
        Refusing.Remove(key);
        foreach (var volume in guest.Reserved) _reserved.Remove(volume);
        var room = Place(guest.Node).Without(key);
        if (room is { Node: null, Guests.IsEmpty: true }) Remove(room.Name);
        else Put(room);
        return true;
    }

    void Add(Guest guest)
    {
        _guests[guest.Key] = guest;
        if (guest.Refuses is not null) Refusing[guest.Key] = guest;
        foreach (var volume in guest.Reserved) _reserved.Add(volume);
        Put(Place(guest.Node).With(guest));
    }

    static bool Same(Guest known, Pod pod) =>
        known.Node == pod.Spec!.NodeName
        && known.Terminating == (pod.Metadata.DeletionTimestamp is not null)
        && (ReferenceEquals(known.Labels, pod.Metadata.Labels) || Wire.Same(known.Labels, pod.Metadata.Labels));

    Room? Find(string name) => _places.TryGetValue(name, out var place) ? _rooms[place] : null;

    Room Place(string name) => Find(name) ?? new() { Name = name };

    void Put(Room room)
    {
        if (_places.TryGetValue(room.Name, out var place)) _rooms[place] = room;
        else Rebuild([.. _rooms, room]);
    }

    void Remove(string name) => Rebuild([.. _rooms.Where(r => r.Name != name)]);

    /// <summary>Nodes come and go seldom: the array is made anew, and scanning stays a walk over it.</summary>
    void Rebuild(Room[] rooms)
    {
        Array.Sort(rooms, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        _rooms = rooms;
        _places.Clear();
        for (var i = 0; i < rooms.Length; i++) _places[rooms[i].Name] = i;
    }
}
