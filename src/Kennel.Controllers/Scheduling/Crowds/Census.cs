using Kennel.Objects;

namespace Kennel.Controllers.Scheduling.Crowds;

/// <summary>
/// Counts of guests that rules ask for: made when first asked for, from there on kept up change by change, and forgotten when others were
/// asked for since. So a rule costs a pod a lookup a node, and not a walk over all pods.
/// </summary>
public sealed class Census(Func<string, IReadOnlyDictionary<string, string>?> labelsOf)
{
    /// <summary>Crowds remembered: more than the kinds of pods that are usually scheduled at one time.</summary>
    const int Most = 256;

    // Every pod of a set has its own: an index over it would only cost.
    const string PodName = "statefulset.kubernetes.io/pod-name";

    readonly Dictionary<ObjectKey, Guest> _guests = [];
    readonly Dictionary<Label, HashSet<ObjectKey>> _byLabel = [];
    readonly Dictionary<string, Crowd> _crowds = new(StringComparer.Ordinal);
    readonly Queue<string> _age = new();
    readonly Dictionary<Label, List<Crowd>> _anchored = [];
    readonly List<Crowd> _loose = [];

    public Tally Of(IReadOnlyList<Term> terms, bool living = false)
    {
        var id = Crowd.IdOf(terms, living);
        if (_crowds.TryGetValue(id, out var known)) return known.Tally;
        if (_crowds.Count == Most) Drop(_age.Dequeue());
        var crowd = new Crowd(id, terms, living, new Tally(labelsOf));
        foreach (var guest in Candidates(crowd)) if (crowd.Has(guest)) crowd.Tally.Add(guest.Node, 1);
        _crowds.Add(id, crowd);
        _age.Enqueue(id);
        Room(crowd).Add(crowd);
        return crowd.Tally;
    }

    internal void Add(Guest guest)
    {
        _guests.Add(guest.Key, guest);
        foreach (var (key, value) in guest.Labels)
        {
            if (key == PodName) continue;
            var label = new Label(guest.Key.Namespace, key, value);
            if (!_byLabel.TryGetValue(label, out var keys)) _byLabel[label] = keys = [];
            keys.Add(guest.Key);
        }
        Count(guest, 1);
    }

    internal void Remove(Guest guest)
    {
        _guests.Remove(guest.Key);
        foreach (var (key, value) in guest.Labels)
        {
            var label = new Label(guest.Key.Namespace, key, value);
            if (_byLabel.TryGetValue(label, out var keys) && keys.Remove(guest.Key) && keys.Count == 0) _byLabel.Remove(label);
        }
        Count(guest, -1);
    }

    internal void Redraw()
    {
        foreach (var crowd in _crowds.Values) crowd.Tally.Redraw();
    }

    /// <summary>Labels of namespaces have changed: crowds may be others.</summary>
    internal void Forget()
    {
        _crowds.Clear();
        _age.Clear();
        _anchored.Clear();
        _loose.Clear();
    }

    void Count(Guest guest, int count)
    {
        foreach (var crowd in _loose) if (crowd.Has(guest)) crowd.Tally.Add(guest.Node, count);
        if (_anchored.Count == 0) return;
        foreach (var (key, value) in guest.Labels)
        {
            if (!_anchored.TryGetValue(new(guest.Key.Namespace, key, value), out var crowds)) continue;
            foreach (var crowd in crowds) if (crowd.Has(guest)) crowd.Tally.Add(guest.Node, count);
        }
    }

    IEnumerable<Guest> Candidates(Crowd crowd) =>
        crowd.Anchor is not { } anchor || anchor.Key == PodName ? _guests.Values
        : _byLabel.TryGetValue(anchor, out var keys) ? keys.Select(k => _guests[k]) : [];

    List<Crowd> Room(Crowd crowd)
    {
        if (crowd.Anchor is not { } anchor) return _loose;
        if (!_anchored.TryGetValue(anchor, out var crowds)) _anchored[anchor] = crowds = [];
        return crowds;
    }

    void Drop(string id)
    {
        if (!_crowds.Remove(id, out var crowd)) return;
        var crowds = Room(crowd);
        crowds.Remove(crowd);
        if (crowd.Anchor is { } anchor && crowds.Count == 0) _anchored.Remove(anchor);
    }
}
