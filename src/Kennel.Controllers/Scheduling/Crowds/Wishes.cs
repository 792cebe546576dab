using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling.Crowds;

/// <summary>All that guests say of pods near them. Pods of one template say the same: there are about as many wishes as templates.</summary>
/// <param name="spaces">Labels of a namespace.</param>
public sealed class Wishes(Func<string, IReadOnlyDictionary<string, string>?> labelsOf, Func<string, IReadOnlyDictionary<string, string>> spaces)
{
    /// <summary>What a required affinity of a guest weighs for those that it wants near, as upstream.</summary>
    const int HardAffinityWeight = 1;

    readonly SortedDictionary<string, (Wish Wish, int Guests)> _all = new(StringComparer.Ordinal);
    readonly Dictionary<ObjectKey, List<Wish>> _of = [];

    public bool IsEmpty => _all.Count == 0;

    public IEnumerable<Wish> All => _all.Values.Select(w => w.Wish);

    public bool Has(Guest guest, Wish wish) => _of.TryGetValue(guest.Key, out var own) && own.Contains(wish);

    internal void Add(Guest guest)
    {
        if (guest.Affinity is not { } affinity) return;
        var own = new List<Wish>();
        void Say(Feeling feeling, PodAffinityTerm term, int weight) => own.Add(Join(guest, feeling, term, weight));
        foreach (var t in affinity.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? []) Say(Feeling.Refuses, t, 0);
        foreach (var t in affinity.PodAntiAffinity?.PreferredDuringSchedulingIgnoredDuringExecution ?? []) Say(Feeling.Weighs, t.PodAffinityTerm ?? PodAffinityTerm.Empty, -t.Weight);
        foreach (var t in affinity.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? []) Say(Feeling.Weighs, t, HardAffinityWeight);
        foreach (var t in affinity.PodAffinity?.PreferredDuringSchedulingIgnoredDuringExecution ?? []) Say(Feeling.Weighs, t.PodAffinityTerm ?? PodAffinityTerm.Empty, t.Weight);
        _of[guest.Key] = own;
    }

    internal void Remove(Guest guest)
    {
        if (!_of.Remove(guest.Key, out var own)) return;
        foreach (var wish in own)
        {
            var left = _all[wish.Id].Guests - 1;
            wish.Tally.Add(guest.Node, -1);
            if (left == 0) _all.Remove(wish.Id);
            else _all[wish.Id] = (wish, left);
        }
    }

    internal void Redraw()
    {
        foreach (var (wish, _) in _all.Values) wish.Tally.Redraw();
    }

    Wish Join(Guest guest, Feeling feeling, PodAffinityTerm said, int weight)
    {
        var term = new Term(said, guest.Labels, guest.Key.Namespace, spaces);
        var id = $"{feeling}/{weight}/{term.Key}/{term.Id}";
        var (wish, guests) = _all.TryGetValue(id, out var known) ? known : (new Wish(id, feeling, term, weight, new Tally(labelsOf)), 0);
        wish.Tally.Add(guest.Node, 1);
        _all[id] = (wish, guests + 1);
        return wish;
    }
}
