using System.Collections.Immutable;
using System.Globalization;
using Kennel.Network.Filters;
using Kennel.Objects;
using Kennel.Objects.Networking;

namespace Kennel.Network.Policies;

/// <summary>One direction of one policy: a chain that accepts what it allows and has no opinion of the rest.</summary>
sealed class PolicyRules
{
    readonly Direction _direction;
    readonly Peers _peers;
    readonly ImmutableArray<Member> _own;
    readonly string _space;
    readonly string _id;
    readonly ImmutableArray<Container>.Builder _containers = ImmutableArray.CreateBuilder<Container>();
    readonly ImmutableArray<Element>.Builder _elements = ImmutableArray.CreateBuilder<Element>();
    readonly List<string> _rules = [];

    PolicyRules(NetworkPolicy policy, Direction direction, Peers peers, ImmutableArray<Member> own)
    {
        (_direction, _peers, _own, _space, _id) = (direction, peers, own, policy.Metadata.Namespace ?? "", Id(policy, direction));
        var number = 0;
        foreach (var (who, ports) in direction.Rules(policy)) Rule(number++, who, ports);
    }

    /// <param name="own">The pods that it is for.</param>
    public static Part Of(NetworkPolicy policy, Direction direction, Peers peers, ImmutableArray<Member> own)
    {
        var made = new PolicyRules(policy, direction, peers, own);
        return new(made._containers.ToImmutable(), [new(made._id, string.Join('\n', made._rules.Distinct(StringComparer.Ordinal)))], made._elements.ToImmutable());
    }

    public static string Id(NetworkPolicy policy, Direction direction) => FilterNames.Of($"{direction.Name}.{ObjectKey.Of(policy)}");

    void Rule(int number, IReadOnlyList<NetworkPolicyPeer> who, IReadOnlyList<NetworkPolicyPort> ports)
    {
        if (who.Count == 0) Allow(number, "", null, ports);
        for (var i = 0; i < who.Count; i++)
        {
            if (who[i].IpBlock is { } block)
            {
                if (Peers.Block(block, _direction.Other) is { } range) Allow(number, range, [], ports);
                continue;
            }
            ImmutableArray<Member> pods = [.. _peers.Of(who[i], _space)];
            var set = Set(string.Create(CultureInfo.InvariantCulture, $"peers.{number}.{i}"), "ipv4_addr", pods.Select(p => p.Address));
            Allow(number, $"ip {_direction.Other} @{set}", pods, ports);
        }
    }

    /// <param name="pods">The peers, when they are pods: ports that go out by name are theirs. Null for everybody.</param>
    void Allow(int number, string peer, ImmutableArray<Member>? pods, IReadOnlyList<NetworkPolicyPort> ports)
    {
        if (ports.Count == 0) _rules.Add(Words(peer, "accept"));
        for (var i = 0; i < ports.Count; i++)
        {
            var protocol = (ports[i].Protocol ?? "TCP").ToLowerInvariant();
            if (ports[i].Port is not { } port) _rules.Add(Words(peer, $"meta l4proto {protocol}", "accept"));
            else if (!port.IsText) _rules.Add(Words(peer, Numbered(protocol, port.Number, ports[i].EndPort), "accept"));
            else Named(number, i, peer, protocol, port.Text!, _direction == Direction.In ? _own : pods ?? _peers.Everybody);
        }
    }

    static string Numbered(string protocol, int first, int? last) =>
        last is { } end && end > first ? string.Create(CultureInfo.InvariantCulture, $"{protocol} dport {first}-{end}") : string.Create(CultureInfo.InvariantCulture, $"{protocol} dport {first}");

    /// <summary>A port by name is another number in each pod that is called.</summary>
    void Named(int rule, int number, string peer, string protocol, string name, ImmutableArray<Member> called)
    {
        var ends = called.SelectMany(m => m.Ports.Where(p => p.Name == name && p.Protocol == protocol).Select(p => string.Create(CultureInfo.InvariantCulture, $"{m.Address} . {p.Number}")));
        var set = Set(string.Create(CultureInfo.InvariantCulture, $"ports.{rule}.{number}"), "ipv4_addr . inet_service", ends);
        _rules.Add(Words(peer, $"meta l4proto {protocol} ip daddr . th dport @{set}", "accept"));
    }

    string Set(string name, string type, IEnumerable<string> members)
    {
        var set = FilterNames.Of($"{_id}.{name}");
        _containers.Add(new("set", set, $"type {type};"));
        _elements.AddRange(members.Distinct(StringComparer.Ordinal).Select(m => new Element(set, m)));
        return set;
    }

    static string Words(params ReadOnlySpan<string> words)
    {
        var said = new List<string>(words.Length);
        foreach (var word in words) if (word.Length > 0) said.Add(word);
        return string.Join(' ', said);
    }
}
