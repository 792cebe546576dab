using System.Collections.Immutable;
using Kennel.Objects.Networking;

namespace Kennel.Network.Policies;

/// <summary>What comes in to a pod, or what goes out from it: one rule of both kinds in the same shape.</summary>
/// <param name="Name"><c>in</c> or <c>out</c>.</param>
/// <param name="Own">What the pod's own address is called in a packet: <c>daddr</c> or <c>saddr</c>.</param>
/// <param name="Other">What the peer's is called.</param>
sealed record Direction(string Name, string Own, string Other)
{
    public static readonly Direction In = new("in", "daddr", "saddr");
    public static readonly Direction Out = new("out", "saddr", "daddr");

    /// <summary>Whether the policy is about this direction at all: if so, what it doesn't allow is forbidden.</summary>
    public bool IsMeantBy(NetworkPolicy policy) => policy.Spec is { } spec
        && (spec.PolicyTypes.Count == 0 ? this == In || spec.Egress.Count > 0 : spec.PolicyTypes.Contains(this == In ? "Ingress" : "Egress"));

    public IEnumerable<(IReadOnlyList<NetworkPolicyPeer> Peers, IReadOnlyList<NetworkPolicyPort> Ports)> Rules(NetworkPolicy policy) =>
        this == In ? policy.Spec!.Ingress.Select(r => (r.From, r.Ports)) : policy.Spec!.Egress.Select(r => (r.To, r.Ports));
}
