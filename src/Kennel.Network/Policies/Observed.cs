using System.Collections.Immutable;
using Kennel.Objects.Core;
using Kennel.Objects.Networking;

namespace Kennel.Network.Policies;

/// <summary>What policies, pods and namespaces there are.</summary>
/// <param name="Policies">In the order of their keys.</param>
/// <param name="Members">In the order of their keys.</param>
/// <param name="Node">This machine's: only its own pods are guarded here, others are guarded where they run.</param>
public sealed record Observed(ImmutableArray<NetworkPolicy> Policies, ImmutableArray<Member> Members, ImmutableArray<Namespace> Namespaces, string Node);
