using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

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
    readonly List<(string Key, SortedSet<string> Values, bool Anywhere)> _friends = [];
    readonly List<(string Key, SortedSet<string> Values)> _foes = [];
    readonly List<(string Key, SortedSet<string> Values)> _refusals = [];
    readonly List<(TopologySpreadConstraint Rule, SortedDictionary<string, int> Counts, int Least, int Self)> _spreads = [];

    public Neighbours(SchedulingObserved o)
    {
        _o = o;
        var affinity = o.Pod.Spec?.Affinity;
        foreach (var term in affinity?.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? [])
        {
            var values = Domains(term, out var anywhere);
            _friends.Add((term.TopologyKey, values, anywhere));
        }
        foreach (var term in affinity?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? [])
            _foes.Add((term.TopologyKey, Domains(term, out _)));
        if (o.Refusing.Count > 0) CollectRefusals();
        foreach (var rule in o.Pod.Spec?.TopologySpreadConstraints ?? [])
            if (rule.WhenUnsatisfiable == "DoNotSchedule") _spreads.Add(Count(rule));
    }

    public string? Objection(Room room)
    {
        foreach (var (rule, counts, least, self) in _spreads)
        {
            if (!room.Labels.TryGetValue(rule.TopologyKey, out var domain)) return NoDomain;
            if (counts.GetValueOrDefault(domain) + self - least > rule.MaxSkew) return Uneven;
        }
        foreach (var (key, values, anywhere) in _friends)
        {
            if (!room.Labels.TryGetValue(key, out var domain)) return NoFriends;
            // The first of a group that wants to be together may start anywhere.
            if (!values.Contains(domain) && (anywhere || !All(SelfMatches))) return NoFriends;
        }
        foreach (var (key, values) in _foes) if (room.Labels.TryGetValue(key, out var domain) && values.Contains(domain)) return Foes;
        foreach (var (key, values) in _refusals) if (room.Labels.TryGetValue(key, out var domain) && values.Contains(domain)) return Refused;
        return null;
    }

    bool All(Func<PodAffinityTerm, bool> holds) =>
        _friends.TrueForAll(f => f.Values.Count == 0) && _o.Pod.Spec!.Affinity!.PodAffinity!.RequiredDuringSchedulingIgnoredDuringExecution.All(holds);

    bool SelfMatches(PodAffinityTerm term) => Matches(term, _o.Pod, _o.Pod.Metadata.Namespace!, _o.Pod.Metadata.Labels);

    /// <summary>The domains in which a pod that the term selects lives.</summary>
    SortedSet<string> Domains(PodAffinityTerm term, out bool anywhere)
    {
        var values = new SortedSet<string>(StringComparer.Ordinal);
        anywhere = false;
        foreach (var room in _o.Rooms)
        {
            foreach (var guest in room.Guests.Values)
            {
                if (!Matches(term, _o.Pod, guest.Key.Namespace, guest.Labels)) continue;
                anywhere = true;
                if (room.Labels.TryGetValue(term.TopologyKey, out var domain)) values.Add(domain);
                break;
            }
        }
        return values;
    }

    void CollectRefusals()
    {
        var rooms = _o.Rooms.ToDictionary(r => r.Name, StringComparer.Ordinal);
        foreach (var guest in _o.Refusing)
        {
            foreach (var term in guest.Refuses!.RequiredDuringSchedulingIgnoredDuringExecution)
            {
                if (!Selects(term, guest.Labels, guest.Key.Namespace, _o.Pod.Metadata.Namespace!, _o.Pod.Metadata.Labels)) continue;
                if (rooms.TryGetValue(guest.Node, out var room) && room.Labels.TryGetValue(term.TopologyKey, out var domain))
                    _refusals.Add((term.TopologyKey, new(StringComparer.Ordinal) { domain }));
            }
        }
    }

    (TopologySpreadConstraint, SortedDictionary<string, int>, int, int) Count(TopologySpreadConstraint rule)
    {
        var selector = WithKeys(rule.LabelSelector, rule.MatchLabelKeys, [], _o.Pod.Metadata.Labels);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var room in _o.Rooms)
        {
            if (room.Node is null || !room.Labels.TryGetValue(rule.TopologyKey, out var domain)) continue;
            if (rule.NodeAffinityPolicy != "Ignore" && NodeFilters.Affinity(_o.Pod, room) is not null) continue;
            if (rule.NodeTaintsPolicy == "Honor" && NodeFilters.Tainted(_o.Pod, room) is not null) continue;
            var here = room.Guests.Values.Count(g => !g.Terminating && g.Key.Namespace == _o.Pod.Metadata.Namespace && selector.Matches(g.Labels));
            counts[domain] = counts.GetValueOrDefault(domain) + here;
        }
        var least = counts.Count == 0 || counts.Count < (rule.MinDomains ?? 1) ? 0 : counts.Values.Min();
        return (rule, counts, least, selector.Matches(_o.Pod.Metadata.Labels) ? 1 : 0);
    }

    bool Matches(PodAffinityTerm term, Pod owner, string space, IReadOnlyDictionary<string, string> labels) =>
        Selects(term, owner.Metadata.Labels, owner.Metadata.Namespace!, space, labels);

    bool Selects(PodAffinityTerm term, IReadOnlyDictionary<string, string> own, string ownSpace, string space, IReadOnlyDictionary<string, string> labels)
    {
        var here = term.Namespaces.Count == 0 && term.NamespaceSelector is null ? space == ownSpace
            : term.Namespaces.Contains(space) || term.NamespaceSelector.Matches(_o.NamespaceLabels(space));
        return here && WithKeys(term.LabelSelector, term.MatchLabelKeys, term.MismatchLabelKeys, own).Matches(labels);
    }

    /// <summary>matchLabelKeys take their values from the pod that has the rule.</summary>
    static LabelSelector? WithKeys(LabelSelector? selector, IReadOnlyList<string> same, IReadOnlyList<string> other, IReadOnlyDictionary<string, string> own)
    {
        if (selector is null || same.Count + other.Count == 0) return selector;
        IEnumerable<LabelSelectorRequirement> Of(IReadOnlyList<string> keys, string how) =>
            keys.Where(own.ContainsKey).Select(k => new LabelSelectorRequirement { Key = k, Operator = how, Values = [own[k]] });
        return selector with { MatchExpressions = [.. selector.MatchExpressions, .. Of(same, "In"), .. Of(other, "NotIn")] };
    }
}
