using System.Collections.Immutable;
using Kennel.Network.Filters;
using Kennel.Objects;
using Kennel.Objects.Networking;
using Kennel.Objects.Selectors;

namespace Kennel.Network.Policies;

/// <summary>
/// Network policies as a table of the packet filter: a chain a policy and direction, and a chain for each pod of this machine that a policy is for, which
/// asks its policies in turn and drops what none allows. Only what is forwarded is asked: what the machine itself sends to a pod (probes) always gets there, and
/// so does what pods send to the machine. Connections that exist go on.
/// </summary>
public static class PolicyTable
{
    /// <summary>The chain that is looked for to see whether the table is there.</summary>
    public const string Entry = "policies-in";

    public static Table Of(Observed o, string name)
    {
        var peers = new Peers(o.Members, o.Namespaces);
        var parts = new List<Part> { Shared };
        var guards = new SortedDictionary<ObjectKey, Guarded>();
        foreach (var policy in o.Policies)
        {
            ImmutableArray<Member> own = [.. peers.In(policy.Metadata.Namespace ?? "", LabelSelector.From(policy.Spec?.PodSelector))];
            foreach (var direction in (Direction[])[Direction.In, Direction.Out])
            {
                if (!direction.IsMeantBy(policy)) continue;
                parts.Add(PolicyRules.Of(policy, direction, peers, own));
                foreach (var member in own.Where(m => m.Node == o.Node)) Guard(guards, member).By(direction, PolicyRules.Id(policy, direction));
            }
        }
        parts.AddRange(guards.Values.Select(g => g.ToPart()));
        parts.Add(Hooks);
        return new(name, parts);
    }

    static Guarded Guard(SortedDictionary<ObjectKey, Guarded> guards, Member member) =>
        guards.TryGetValue(member.Pod, out var known) ? known : guards[member.Pod] = new(member);

    static readonly Part Shared = Part.Empty with
    {
        Containers =
        [
            new("map", "guarded-in", "type ipv4_addr : verdict;"),
            new("map", "guarded-out", "type ipv4_addr : verdict;"),
            // Nobody can keep a pod from itself.
            new("set", "self", "type ipv4_addr . ipv4_addr;"),
        ],
    };

    // What goes out is asked before what comes in: "accept" ends a chain with a hook, not the packet's way.
    static readonly Part Hooks = Part.Empty with
    {
        Chains =
        [
            new("policies-out", "ct state established,related accept\nip saddr . ip daddr @self accept\nip saddr vmap @guarded-out", "type filter hook forward priority -10;"),
            new(Entry, "ct state established,related accept\nip saddr . ip daddr @self accept\nip daddr vmap @guarded-in", "type filter hook forward priority -5;"),
        ],
    };

    /// <summary>A pod that policies are for, and which in which direction.</summary>
    sealed class Guarded(Member member)
    {
        readonly List<string> _in = [], _out = [];

        public void By(Direction direction, string policy) => (direction == Direction.In ? _in : _out).Add(policy);

        public Part ToPart()
        {
            var chains = ImmutableArray.CreateBuilder<Chain>();
            var elements = ImmutableArray.CreateBuilder<Element>();
            foreach (var (direction, policies) in ((Direction, List<string>)[])[(Direction.In, _in), (Direction.Out, _out)])
            {
                if (policies.Count == 0) continue;
                var chain = FilterNames.Of($"pod-{direction.Name}.{member.Pod}");
                chains.Add(new(chain, $"{string.Join('\n', policies.Select(p => $"jump {p}"))}\ndrop"));
                elements.Add(new($"guarded-{direction.Name}", member.Address, $"goto {chain}"));
            }
            elements.Add(new("self", $"{member.Address} . {member.Address}"));
            return new([], chains.ToImmutable(), elements.ToImmutable());
        }
    }
}
