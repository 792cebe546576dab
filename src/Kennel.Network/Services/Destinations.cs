using System.Collections.Immutable;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Network.Services;

/// <summary>Where this machine is: its node's name, and the zone that the node is in.</summary>
public sealed record Place(string Node, string? Zone = null);

/// <summary>The endpoints of one port of a service that get traffic, in the order of their addresses.</summary>
/// <param name="All">Wherever they run.</param>
/// <param name="Local">Those on this machine.</param>
public readonly record struct Destinations(ImmutableArray<Target> All, ImmutableArray<Target> Local)
{
    /// <summary>
    /// Endpoints that are ready get traffic (SS-1208). When there is none, those that still serve on their way out do, so that the last pod of a
    /// service is not missed before its successor is there.
    /// </summary>
    public static Destinations Of(ServicePort port, IEnumerable<EndpointSlice> slices, Place here)
    {
        var candidates = Candidates(port, slices).ToList();
        return new(Usable(Near(candidates, here)), Usable(candidates.FindAll(c => c.Endpoint.NodeName == here.Node)));
    }

    static IEnumerable<Candidate> Candidates(ServicePort port, IEnumerable<EndpointSlice> slices)
    {
        foreach (var slice in slices)
        {
            foreach (var to in slice.Ports)
            {
                if ((to.Name ?? "") != (port.Name ?? "") || (to.Protocol ?? "TCP") != (port.Protocol ?? "TCP") || to.Port is not { } number) continue;
                foreach (var endpoint in slice.Endpoints)
                    if (endpoint.Addresses is [var address, ..] && Routed.IsAddress(address)) yield return new(new(address, number), endpoint);
            }
        }
    }

    static ImmutableArray<Target> Usable(List<Candidate> candidates)
    {
        var ready = candidates.FindAll(c => c.IsReady);
        return [.. new SortedSet<Target>((ready.Count > 0 ? ready : candidates.FindAll(c => c.IsDraining)).Select(c => c.Target))];
    }

    /// <summary>Hints say for whom an endpoint is. They count only when every ready endpoint has one and somebody is left.</summary>
    static List<Candidate> Near(List<Candidate> candidates, Place here)
    {
        var ready = candidates.FindAll(c => c.IsReady);
        if (ready.Count == 0) return candidates;
        if (ready.TrueForAll(c => c.Endpoint.Hints?.ForNodes.Count > 0) && ready.FindAll(c => c.Endpoint.Hints!.ForNodes.Any(n => n.Name == here.Node)) is { Count: > 0 } onNode) return onNode;
        if (here.Zone is null || !ready.TrueForAll(c => c.Endpoint.Hints?.ForZones.Count > 0)) return candidates;
        return ready.FindAll(c => c.Endpoint.Hints!.ForZones.Any(z => z.Name == here.Zone)) is { Count: > 0 } inZone ? inZone : candidates;
    }

    readonly record struct Candidate(Target Target, Endpoint Endpoint)
    {
        public bool IsReady => Endpoint.Conditions?.Ready != false;

        public bool IsDraining => Endpoint.Conditions is { Serving: not false, Terminating: true };
    }
}
