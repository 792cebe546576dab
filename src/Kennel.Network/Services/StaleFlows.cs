using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Network.Hosts;

namespace Kennel.Network.Services;

/// <summary>
/// Datagrams have no connections that end: what the kernel once decided for a sender and a port lasts as long as it goes on sending. So flows that lead
/// to an endpoint that is none any more are forgotten, and the next datagram is decided anew.
/// </summary>
public static class StaleFlows
{
    public static IEnumerable<Flow> Of(IEnumerable<Flow> flows, IEnumerable<Routed> services)
    {
        var fronts = new Dictionary<(string, int), ImmutableArray<Target>>();
        var ports = new Dictionary<int, ImmutableArray<Target>>();
        foreach (var service in services.Where(s => s.Protocol == "udp"))
        {
            var targets = service.To.All.AddRange(service.To.Local);
            foreach (var address in service.Addresses.Prepend(service.ClusterAddress)) fronts.TryAdd((address, service.Port), targets);
            if (service.NodePort > 0) ports.TryAdd(service.NodePort, targets);
        }
        return flows.Where(f => fronts.TryGetValue((f.Destination, f.DestinationPort), out var of)
            ? !Leads(f, of)
            // A port of any machine's may have this number: only what was sent on is the service's.
            : ports.TryGetValue(f.DestinationPort, out var behind) && f.IsSentOn && !Leads(f, behind));
    }

    static bool Leads(Flow flow, ImmutableArray<Target> targets) => targets.Contains(new(flow.Answerer, flow.AnswererPort));
}

/// <summary>Forgets flows that lead nowhere.</summary>
public sealed record ForgetStale(IHost Host, ImmutableArray<Routed> Services) : Step.Own
{
    public override ValueTask<string?> Apply(IApi api, CancellationToken cancel)
    {
        foreach (var flow in StaleFlows.Of(Host.Flows(), Services).ToList()) Host.Forget(flow);
        return ValueTask.FromResult<string?>(null);
    }
}
