using Kennel.Controllers.Scheduling.Crowds;
using Kennel.Controllers.Scheduling.Filters;
using Kennel.Objects.Core;
using LabelSelector = Kennel.Objects.Selectors.LabelSelector;

namespace Kennel.Controllers.Scheduling.Scores;

/// <summary>
/// Spreading that is only wished (ScheduleAnyway). Pods that say nothing are spread with their siblings over nodes and zones, as upstream's
/// default constraints do.
/// </summary>
sealed class SoftSpread
{
    const string Hostname = "kubernetes.io/hostname";
    const string Zone = "topology.kubernetes.io/zone";

    static readonly TopologySpreadConstraint[] s_defaults = [new() { TopologyKey = Hostname, MaxSkew = 3 }, new() { TopologyKey = Zone, MaxSkew = 5 }];

    readonly bool _needsAll;
    readonly List<(TopologySpreadConstraint Said, Tally Tally)> _rules;

    SoftSpread(Pod pod, Ledger ledger, IEnumerable<(TopologySpreadConstraint Said, LabelSelector Selector)> said, bool needsAll)
    {
        _needsAll = needsAll;
        _rules = [.. said.Select(s => (s.Said, ledger.Census.Of([new Term(s.Said.TopologyKey, s.Selector, pod.Metadata.Namespace ?? "")], living: true)))];
    }

    /// <summary>0 to 100 for each room; null when the pod has no such wish.</summary>
    /// <param name="siblings">Selects the pods of the same owner and services; null when there are neither.</param>
    public static long[]? Of(Pod pod, Ledger ledger, LabelSelector? siblings, IReadOnlyList<Room> rooms)
    {
        var said = pod.Spec?.TopologySpreadConstraints ?? [];
        if (said.Count == 0) return siblings is null ? null : new SoftSpread(pod, ledger, s_defaults.Select(d => (d, siblings)), needsAll: false).Scores(pod, ledger, rooms);
        var soft = said.Where(c => c.WhenUnsatisfiable == "ScheduleAnyway").Select(c => (c, Term.WithKeys(c.LabelSelector, c.MatchLabelKeys, [], pod.Metadata.Labels))).ToList();
        return soft.Count == 0 ? null : new SoftSpread(pod, ledger, soft, needsAll: true).Scores(pod, ledger, rooms);
    }

    long[] Scores(Pod pod, Ledger ledger, IReadOnlyList<Room> rooms)
    {
        var raw = new double[rooms.Count];
        var ignored = rooms.Select(r => !Counts(r)).ToArray();
        foreach (var (said, tally) in _rules) Add(raw, said, tally, pod, ledger, rooms, ignored);
        return Scale(raw, ignored);
    }

    void Add(double[] raw, TopologySpreadConstraint said, Tally tally, Pod pod, Ledger ledger, IReadOnlyList<Room> rooms, bool[] ignored)
    {
        var key = said.TopologyKey;
        var sizes = key == Hostname ? ignored.Count(i => !i) : rooms.Where((_, i) => !ignored[i]).Select(r => r.Labels.GetValueOrDefault(key, "")).Distinct(StringComparer.Ordinal).Count();
        var weight = Math.Log(sizes + 2);
        var walked = key == Hostname || Policies.AdmitAll(pod, said) && (!_needsAll || _rules.Count == 1) ? null : Walk(said, tally, pod, ledger);
        for (var i = 0; i < raw.Length; i++)
        {
            if (ignored[i] || !rooms[i].Labels.TryGetValue(key, out var domain)) continue;
            var count = key == Hostname ? tally.On(rooms[i].Name) : walked is null ? tally.In(key, domain) : walked.GetValueOrDefault(domain);
            raw[i] += count * weight + (said.MaxSkew - 1);
        }
    }

    /// <summary>Some nodes don't count: all have to be looked at.</summary>
    Dictionary<string, int> Walk(TopologySpreadConstraint said, Tally tally, Pod pod, Ledger ledger)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var room in ledger.Rooms)
            if (room.Labels.TryGetValue(said.TopologyKey, out var domain) && Counts(room) && Policies.Admit(pod, said, room))
                counts[domain] = counts.GetValueOrDefault(domain) + tally.On(room.Name);
        return counts;
    }

    bool Counts(Room room) => !_needsAll || _rules.TrueForAll(r => room.Labels.ContainsKey(r.Said.TopologyKey));

    static long[] Scale(double[] raw, bool[] ignored)
    {
        var scores = raw.Select(r => (long)Math.Round(r, MidpointRounding.AwayFromZero)).ToArray();
        var counted = scores.Where((_, i) => !ignored[i]).ToArray();
        var (least, most) = counted.Length == 0 ? (0, 0) : (counted.Min(), counted.Max());
        for (var i = 0; i < scores.Length; i++) scores[i] = ignored[i] ? 0 : most == 0 ? 100 : 100 * (most + least - scores[i]) / most;
        return scores;
    }
}
