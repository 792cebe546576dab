using System.Collections.Immutable;
using Kennel.Objects.Core;

namespace Kennel.Controllers.LoadBalancers;

/// <summary>What is known of one service.</summary>
/// <param name="Others">Other services of type LoadBalancer that have a port number in common with it.</param>
/// <param name="Reserved">Ports of the machine that no service may take: the API's own.</param>
public sealed record Observed(Service Service, ImmutableArray<Service> Others, ImmutableArray<Node> Nodes, ImmutableArray<int> Reserved);
