using Kennel.Controllers.Scheduling.Crowds;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling.Filters;

/// <summary>Constraints on spreading that must be kept (DoNotSchedule).</summary>
public sealed class Spreading
{
    public static readonly Objection Uneven = new("node(s) didn't match pod topology spread constraints", Cause.Spread);
    public static readonly Objection NoDomain = new(Uneven.Why + " (missing required label)", Cause.Spread, Final: true);

    readonly List<Rule> _rules = [];

    Spreading(Pod pod, Ledger ledger, List<TopologySpreadConstraint> said)
    {
        foreach (var constraint in said) _rules.Add(Rule.Of(pod, constraint, ledger));
        // A node counts when it has the labels of all the constraints.
        foreach (var room in ledger.Rooms)
        {
            if (room.Node is null || !said.TrueForAll(c => room.Labels.ContainsKey(c.TopologyKey))) continue;
            foreach (var rule in _rules) rule.Count(pod, room);
        }
    }

    /// <summary>Null when the pod has no such constraint.</summary>
    public static Spreading? Of(Pod pod, Ledger ledger)
    {
        var said = pod.Spec?.TopologySpreadConstraints ?? [];
        return said.Count == 0 || said.All(c => c.WhenUnsatisfiable != "DoNotSchedule") ? null
            : new(pod, ledger, [.. said.Where(c => c.WhenUnsatisfiable == "DoNotSchedule")]);
    }

    /// <param name="without">Guests of this room that count as gone.</param>
    public Objection? Against(Room room, IReadOnlyList<Guest> without)
    {
        foreach (var rule in _rules)
        {
            if (!room.Labels.TryGetValue(rule.Term.Key, out var domain)) return NoDomain;
            var gone = without.Count == 0 ? 0 : without.Count(g => !g.Terminating && rule.Term.Selects(g));
            var (there, least) = rule.At(domain, gone);
            if (there + rule.Self - least > rule.Constraint.MaxSkew) return Uneven;
        }
        return null;
    }

    sealed class Rule(TopologySpreadConstraint constraint, Term term, Tally tally, int self)
    {
        readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
        int? _least;

        public TopologySpreadConstraint Constraint => constraint;

        public Term Term => term;

        /// <summary>1 when the pod itself counts.</summary>
        public int Self => self;

        public static Rule Of(Pod pod, TopologySpreadConstraint c, Ledger ledger)
        {
            var space = pod.Metadata.Namespace ?? "";
            var term = new Term(c.TopologyKey, Term.WithKeys(c.LabelSelector, c.MatchLabelKeys, [], pod.Metadata.Labels), space);
            return new(c, term, ledger.Census.Of([term], living: true), term.Selects(space, pod.Metadata.Labels) ? 1 : 0);
        }

        public void Count(Pod pod, Room room)
        {
            if (Policies.Admit(pod, constraint, room)) _counts[room.Labels[term.Key]] = _counts.GetValueOrDefault(room.Labels[term.Key]) + tally.On(room.Name);
        }

        /// <summary>How many count in a domain and in the emptiest one, when some of the domain's are gone.</summary>
        public (int There, int Least) At(string domain, int gone)
        {
            var least = _least ??= _counts.Count == 0 || _counts.Count < (constraint.MinDomains ?? 1) ? 0 : _counts.Values.Min();
            if (!_counts.TryGetValue(domain, out var there)) return (0, least);
            return (there - gone, Math.Min(least, there - gone));
        }
    }
}
