using Kennel.Controllers.Scheduling.Crowds;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling.Filters;

/// <summary>Required affinity and anti-affinity to other pods, in both directions.</summary>
public sealed class Friends
{
    public static readonly Objection NoFriends = new("node(s) didn't match pod affinity rules", Cause.Friends, Final: true);
    public static readonly Objection Foes = new("node(s) didn't match pod anti-affinity rules", Cause.Foes);
    public static readonly Objection Refused = new("node(s) didn't satisfy existing pods anti-affinity rules", Cause.Foes);

    readonly Ledger _ledger;
    readonly List<Term> _wanted;
    readonly Tally? _friends;
    readonly bool _first;
    readonly List<(Term Term, Tally Tally)> _foes = [];
    readonly List<Wish> _refusing = [];

    Friends(Pod pod, Ledger ledger)
    {
        _ledger = ledger;
        var (labels, space, affinity) = (pod.Metadata.Labels, pod.Metadata.Namespace ?? "", pod.Spec?.Affinity);
        Term Make(PodAffinityTerm term) => new(term, labels, space, ledger.Spaces);
        _wanted = [.. (affinity?.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? []).Select(Make)];
        if (_wanted.Count > 0)
        {
            // A pod counts as a friend when all the terms select it.
            var friends = _friends = ledger.Census.Of(_wanted);
            _first = !_wanted.Exists(t => friends.AnyIn(t.Key)) && _wanted.TrueForAll(t => t.Selects(space, labels));
        }
        foreach (var term in (affinity?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? []).Select(Make)) _foes.Add((term, ledger.Census.Of([term])));
        foreach (var wish in ledger.Wishes.All) if (wish.Feeling == Feeling.Refuses && wish.Term.Selects(space, labels)) _refusing.Add(wish);
    }

    /// <summary>Null when there are no such rules for this pod.</summary>
    public static Friends? Of(Pod pod, Ledger ledger)
    {
        if (pod.Spec?.Affinity is null or { PodAffinity: null, PodAntiAffinity: null } && ledger.Wishes.IsEmpty) return null;
        var friends = new Friends(pod, ledger);
        return friends._wanted.Count + friends._foes.Count + friends._refusing.Count == 0 ? null : friends;
    }

    /// <param name="without">Guests of this room that count as gone.</param>
    public Objection? Against(Room room, IReadOnlyList<Guest> without)
    {
        if (!AreNear(room, without)) return NoFriends;
        foreach (var (term, tally) in _foes)
            if (room.Labels.TryGetValue(term.Key, out var domain) && tally.In(term.Key, domain) > Count(without, term)) return Foes;
        foreach (var wish in _refusing)
            if (room.Labels.TryGetValue(wish.Term.Key, out var domain) && wish.Tally.In(wish.Term.Key, domain) > Count(without, wish)) return Refused;
        return null;
    }

    static int Count(IReadOnlyList<Guest> guests, Term term)
    {
        var count = 0;
        for (var i = 0; i < guests.Count; i++) if (term.Selects(guests[i])) count++;
        return count;
    }

    int Count(IReadOnlyList<Guest> guests, Wish wish)
    {
        var count = 0;
        for (var i = 0; i < guests.Count; i++) if (_ledger.Wishes.Has(guests[i], wish)) count++;
        return count;
    }

    bool AreNear(Room room, IReadOnlyList<Guest> without)
    {
        var gone = without.Count == 0 || _wanted.Count == 0 ? 0 : without.Count(g => _wanted.TrueForAll(t => t.Selects(g)));
        var near = true;
        foreach (var term in _wanted)
        {
            if (!room.Labels.TryGetValue(term.Key, out var domain)) return false;
            near &= _friends!.In(term.Key, domain) > gone;
        }
        return near || _first; // the first of a group that wants to be together may start anywhere
    }
}
