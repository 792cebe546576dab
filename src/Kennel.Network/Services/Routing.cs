using System.Collections.Immutable;
using Kennel.Network.Filters;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Network.Services;

/// <summary>
/// What services become, remembered: a service that hasn't changed, and whose slices haven't, costs a comparison. The outcome is that of a pure
/// function of the arguments.
/// </summary>
public sealed class Routing
{
    Dictionary<ObjectKey, Known> _known = [];
    (RulesetOptions Options, Place Here)? _for;

    /// <param name="slicesOf">The slices of a service.</param>
    /// <returns>Services that have an address, in the order of their keys.</returns>
    public ImmutableArray<Known> Of(IEnumerable<Service> services, Func<ObjectKey, IEnumerable<EndpointSlice>> slicesOf, RulesetOptions options, Place here)
    {
        if (_for != (options, here)) _known = [];
        _for = (options, here);
        var next = new Dictionary<ObjectKey, Known>(_known.Count);
        var routed = ImmutableArray.CreateBuilder<Known>(_known.Count);
        foreach (var service in services)
        {
            if (service.Spec is not { ClusterIP: { Length: > 0 } address } || address == "None") continue;
            var key = ObjectKey.Of(service);
            EndpointSlice[] slices = [.. slicesOf(key)];
            if (!_known.TryGetValue(key, out var known) || !known.IsOf(service, slices))
            {
                var ports = Routed.Of(service, slices, here);
                known = new(service, slices, ports, [.. ports.Select(p => Ruleset.PartOf(p, options))]);
            }
            next[key] = known;
            routed.Add(known);
        }
        _known = next;
        return routed.ToImmutable();
    }

    /// <summary>A service, what it was made of, and what it became.</summary>
    public sealed record Known(Service Service, EndpointSlice[] Slices, ImmutableArray<Routed> Ports, ImmutableArray<Part> Parts)
    {
        /// <summary>Objects of a cache are never changed, only replaced.</summary>
        public bool IsOf(Service service, EndpointSlice[] slices) =>
            ReferenceEquals(Service, service) && Slices.Length == slices.Length && Slices.Zip(slices).All(p => ReferenceEquals(p.First, p.Second));
    }
}
