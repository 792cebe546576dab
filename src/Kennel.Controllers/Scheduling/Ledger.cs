using Kennel.Controllers.Scheduling.Crowds;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>
/// All rooms with their running totals, kept up to date change by change. What was seen and what was promised are held together:
/// a promise ends when the pod is seen on a node, goes away, or is looked at again.
/// </summary>
public sealed class Ledger
{
    readonly List<Room> _rooms = [];
    readonly Dictionary<ObjectKey, Guest> _guests = [];
    readonly HashSet<string> _reserved = new(StringComparer.Ordinal);

    /// <param name="spaces">Labels of a namespace.</param>
    public Ledger(Func<string, IReadOnlyDictionary<string, string>>? spaces = null)
    {
        Spaces = spaces ?? (static _ => Wire.NoMap<string>());
        Census = new(LabelsOf);
        Wishes = new(LabelsOf, Spaces);
    }

    /// <summary>Rooms in the order of their names.</summary>
    public IReadOnlyList<Room> Rooms => _rooms;

    /// <summary>Rooms that have a node.</summary>
    public int Nodes { get; private set; }

    public Func<string, IReadOnlyDictionary<string, string>> Spaces { get; }

    /// <summary>How many guests a rule selects, and where.</summary>
    public Census Census { get; }

    /// <summary>What guests say of pods near them.</summary>
    public Wishes Wishes { get; }

    /// <summary>Pods that others were displaced for and that haven't come yet.</summary>
    public Nominations Nominations { get; } = new();

    /// <summary>The volume is promised to a claim of a pod.</summary>
    public bool IsReserved(string volume) => _reserved.Contains(volume);

    /// <summary>Where a pod is, or is promised to be.</summary>
    public string? NodeOf(ObjectKey pod) => _guests.GetValueOrDefault(pod)?.Node;

    public Room? Find(string name) => Place(name) is var place and >= 0 ? _rooms[place] : null;

    /// <summary>A node as it is now; null when it is gone.</summary>
    public void Seen(string name, Node? node)
    {
        var before = Find(name);
        if (node is null && before is null) return;
        Nodes += (node is null ? 0 : 1) - (before?.Node is null ? 0 : 1);
        if (node is null && before!.Guests.IsEmpty) _rooms.RemoveAt(Place(name));
        else Put((before ?? new() { Name = name }).On(node));
        if (before?.Node is { } was && node is not null && Wire.Same(was.Metadata.Labels, node.Metadata.Labels)) return;
        Census.Redraw();
        Wishes.Redraw();
    }

    /// <summary>A pod as it is now; null when it is gone. True when it left a node.</summary>
    public bool Seen(ObjectKey key, Pod? pod)
    {
        Nominations.Seen(key, pod);
        var lives = pod is { Spec.NodeName.Length: > 0, Status.Phase: not ("Succeeded" or "Failed") };
        if (lives && _guests.TryGetValue(key, out var known) && known.Reserved.IsEmpty && known.Shows(pod!)) return false;
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
        Census.Remove(guest);
        Wishes.Remove(guest);
        foreach (var volume in guest.Reserved) _reserved.Remove(volume);
        var room = Find(guest.Node)!.Without(key);
        if (room is { Node: null, Guests.IsEmpty: true }) _rooms.RemoveAt(Place(room.Name));
        else Put(room);
        return true;
    }

    void Add(Guest guest)
    {
        _guests[guest.Key] = guest;
        foreach (var volume in guest.Reserved) _reserved.Add(volume);
        Put((Find(guest.Node) ?? new() { Name = guest.Node }).With(guest));
        Census.Add(guest);
        Wishes.Add(guest);
    }

    void Put(Room room)
    {
        var place = Place(room.Name);
        if (place >= 0) _rooms[place] = room;
        else _rooms.Insert(~place, room);
    }

    IReadOnlyDictionary<string, string>? LabelsOf(string node) => Find(node)?.Node?.Metadata.Labels;

    /// <summary>Where a room is, or the complement of where it would be.</summary>
    int Place(string name)
    {
        var (low, high) = (0, _rooms.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(_rooms[middle].Name, name);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }
}
