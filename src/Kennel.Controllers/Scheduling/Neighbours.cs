using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>Rules about other pods: affinity, anti-affinity, spreading. Only pods that have such rules pay for them.</summary>
public sealed class Neighbours
{
    public const string NoFriends = "node(s) didn't match pod affinity rules";
    public const string Foes = "node(s) didn't match pod anti-affinity rules";
    public const string Refused = "node(s) didn't satisfy existing pods anti-affinity rules";
    public const string Uneven = "node(s) didn't match pod topology spread constraints";
    public const string NoDomain = Uneven + " (missing required label)";

    readonly SchedulingObserved _o;
    readonly string _space;
    readonly List<(string Key, SortedSet<string> Values)> _friends = [];
    readonly List<(string Key, SortedSet<string> Values)> _foes = [];
    readonly SortedSet<(string Key, string Value)> _refusals = [];
    readonly List<Spread> _spreads = [];
    readonly bool _first;

    public Neighbours(SchedulingObserved o)
    {
        _o = o;
        _space = o.Pod.Metadata.Namespace ?? "";
        var affinity = o.Pod.Spec?.Affinity;
        var friends = Terms(affinity?.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution).ToList();
        foreach (var term in friends) _friends.Add((term.Key, Domains(term)));
        // The first of a group that wants to be together may start anywhere.
        _first = _friends.TrueForAll(f => f.Values.Count == 0) && friends.TrueForAll(t => t.Selects(_space, o.Pod.Metadata.Labels));
        foreach (var term in Terms(affinity?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution)) _foes.Add((term.Key, Domains(term)));
        if (o.Refusing.Count > 0) CollectRefusals();
        foreach (var rule in o.Pod.Spec?.TopologySpreadConstraints ?? [])
            if (rule.WhenUnsatisfiable == "DoNotSchedule") _spreads.Add(Count(rule));
    }

    public string? Objection(Room room)
    {
        foreach (var spread in _spreads)
        {
            if (!room.Labels.TryGetValue(spread.Key, out var domain)) return NoDomain;
            if (spread.Counts.GetValueOrDefault(domain) + spread.Self - spread.Least > spread.MaxSkew) return Uneven;
        }
        foreach (var (key, values) in _friends)
            if (!room.Labels.TryGetValue(key, out var domain) || !values.Contains(domain) && !_first) return NoFriends;
        foreach (var (key, values) in _foes) if (room.Labels.TryGetValue(key, out var domain) && values.Contains(domain)) return Foes;
        foreach (var (key, value) in _refusals) if (room.Labels.TryGetValue(key, out var domain) && domain == value) return Refused;
        return null;
    }

    IEnumerable<Term> Terms(IReadOnlyList<PodAffinityTerm>? terms) =>
        (terms ?? []).Select(t => new Term(t, _o.Pod.Metadata.Labels, _space, _o.NamespaceLabels));

    /// <summary>The domains in which a pod that the term selects lives.</summary>
    SortedSet<string> Domains(Term term)
    {
        var values = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var room in _o.Rooms)
        {
            if (!room.Labels.TryGetValue(term.Key, out var domain) || values.Contains(domain)) continue;
            if (room.Guests.Values.Any(g => term.Selects(g.Key.Namespace, g.Labels))) values.Add(domain);
        }
        return values;
    }

    void CollectRefusals()
    {
        var rooms = _o.Rooms.ToDictionary(r => r.Name, StringComparer.Ordinal);
        foreach (var guest in _o.Refusing)
        {
            if (!rooms.TryGetValue(guest.Node, out var room)) continue;
            foreach (var said in guest.Refuses!.RequiredDuringSchedulingIgnoredDuringExecution)
            {
                if (!room.Labels.TryGetValue(said.TopologyKey, out var domain) || _refusals.Contains((said.TopologyKey, domain))) continue;
                var term = new Term(said, guest.Labels, guest.Key.Namespace, _o.NamespaceLabels);
                if (term.Selects(_space, _o.Pod.Metadata.Labels)) _refusals.Add((said.TopologyKey, domain));
            }
        }
    }

    Spread Count(TopologySpreadConstraint rule)
    {
        var selector = Term.WithKeys(rule.LabelSelector, rule.MatchLabelKeys, [], _o.Pod.Metadata.Labels);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var room in _o.Rooms)
        {
            if (room.Node is null || !room.Labels.TryGetValue(rule.TopologyKey, out var domain)) continue;
            if (rule.NodeAffinityPolicy != "Ignore" && NodeFilters.Affinity(_o.Pod, room) is not null) continue;
            if (rule.NodeTaintsPolicy == "Honor" && NodeFilters.Tainted(_o.Pod, room) is not null) continue;
            var here = room.Guests.Values.Count(g => !g.Terminating && g.Key.Namespace == _space && selector.Matches(g.Labels));
            counts[domain] = counts.GetValueOrDefault(domain) + here;
        }
        var least = counts.Count == 0 || counts.Count < (rule.MinDomains ?? 1) ? 0 : counts.Values.Min();
        return new(rule.TopologyKey, rule.MaxSkew, counts, least, selector.Matches(_o.Pod.Metadata.Labels) ? 1 : 0);
    }

    /// <param name="Counts">Pods that count, by domain.</param>
    /// <param name="Least">In the emptiest domain.</param>
    /// <param name="Self">1 when the pod itself counts.</param>
    sealed record Spread(string Key, int MaxSkew, SortedDictionary<string, int> Counts, int Least, int Self);
}
