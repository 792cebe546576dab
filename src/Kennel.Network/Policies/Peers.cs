using System.Collections.Immutable;
using Kennel.Network.Filters;
using Kennel.Objects.Core;
using Kennel.Objects.Networking;
using Kennel.Objects.Selectors;

namespace Kennel.Network.Policies;

/// <summary>Who is meant by a peer of a policy.</summary>
sealed class Peers(ImmutableArray<Member> members, IEnumerable<Namespace> namespaces)
{
    readonly Dictionary<string, IReadOnlyDictionary<string, string>> _labels = namespaces.ToDictionary(n => n.Metadata.Name ?? "", n => n.Metadata.Labels, StringComparer.Ordinal);
    readonly ILookup<string, Member> _bySpace = members.ToLookup(m => m.Pod.Namespace, StringComparer.Ordinal);

    /// <summary>The pods of a namespace that a selector means.</summary>
    public IEnumerable<Member> In(string space, LabelSelector selector) => _bySpace[space].Where(m => selector.Matches(m.Labels));

    /// <summary>The pods that a peer means, for a policy of a namespace: without a namespace selector those of the policy's own.</summary>
    public IEnumerable<Member> Of(NetworkPolicyPeer peer, string space)
    {
        var pods = peer.PodSelector is null ? LabelSelector.Everything : LabelSelector.From(peer.PodSelector);
        if (peer.NamespaceSelector is null) return In(space, pods);
        var spaces = LabelSelector.From(peer.NamespaceSelector);
        return _labels.Where(n => spaces.Matches(n.Value)).Select(n => n.Key).Order(StringComparer.Ordinal).SelectMany(n => In(n, pods));
    }

    /// <summary>All pods.</summary>
    public ImmutableArray<Member> Everybody => members;

    /// <summary>An address block as what packets are compared with; null when it isn't one of IPv4.</summary>
    public static string? Block(IPBlock block, string address)
    {
        if (AddressRange.Of(block.Cidr) is not { } range) return null;
        return $"ip {address} {range}{string.Concat(block.Except.Select(AddressRange.Of).OfType<string>().Select(e => $" ip {address} != {e}"))}";
    }
}
