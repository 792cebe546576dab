using System.Collections.Immutable;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;
using EndpointPort = Kennel.Objects.Discovery.EndpointPort;

namespace Kennel.Controllers.Endpoints;

/// <summary>A pod behind a service: how it is reached, and by which ports.</summary>
public sealed record Backend(Endpoint Endpoint, ImmutableArray<EndpointPort> Ports)
{
    public string PodName => Endpoint.TargetRef!.Name!;

    /// <summary>Two backends may share a slice when their ports are the same (SS-1207).</summary>
    public string PortsKey => Key(Ports);

    public static string Key(IReadOnlyList<EndpointPort> ports) =>
        string.Join(';', ports.Select(p => $"{p.Name}/{p.Protocol}/{p.Port}/{p.AppProtocol}").Order(StringComparer.Ordinal));

    /// <summary>The pods that a service leads to, in the order of their names (SS-1204).</summary>
    public static ImmutableArray<Backend> Of(Service service, IEnumerable<Pod> pods, Func<string, string?> zoneOf)
    {
        var backends = ImmutableArray.CreateBuilder<Backend>();
        foreach (var pod in pods)
        {
            if (!service.Spec!.Selector.AllIn(pod.Metadata.Labels) || string.IsNullOrEmpty(pod.Status?.PodIP)) continue;
            if (pod.IsFinished()) continue;
            backends.Add(new(EndpointOf(service, pod, zoneOf), PortsOf(service, pod)));
        }
        backends.Sort((a, b) => string.CompareOrdinal(a.PodName, b.PodName));
        return backends.ToImmutable();
    }

    static Endpoint EndpointOf(Service service, Pod pod, Func<string, string?> zoneOf)
    {
        var serving = pod.IsReady();
        var terminating = pod.Metadata.DeletionTimestamp is not null;
        var zone = pod.Spec?.NodeName is { } node ? zoneOf(node) : null;
        var ready = service.Spec!.PublishNotReadyAddresses == true || serving && !terminating;
        return new()
        {
            Addresses = [pod.Status!.PodIP!],
            Conditions = new()
            {
                Ready = ready,
                Serving = serving,
                Terminating = terminating,
            },
            Hostname = pod.Spec is { Hostname.Length: > 0 } spec && spec.Subdomain == service.Metadata.Name ? spec.Hostname : null,
            NodeName = pod.Spec?.NodeName,
            Zone = zone,
            Hints = ready ? HintsFor(service.Spec.TrafficDistribution, zone, pod.Spec?.NodeName) : null,
            TargetRef = new() { Kind = "Pod", Namespace = pod.Metadata.Namespace, Name = pod.Metadata.Name, Uid = pod.Metadata.Uid },
        };
    }

    /// <summary>For whom an endpoint is, when a service's traffic is to stay near.</summary>
    static EndpointHints? HintsFor(string? distribution, string? zone, string? node)
    {
        IReadOnlyList<ForZone> zones = zone is null ? [] : [new() { Name = zone }];
        return distribution switch
        {
            "PreferClose" or "PreferSameZone" => zone is null ? null : new() { ForZones = zones },
            "PreferSameNode" => node is null ? null : new() { ForNodes = [new() { Name = node }], ForZones = zones },
            _ => null,
        };
    }

    /// <summary>The service's ports as this pod has them; a named target that it lacks is left out.</summary>
    static ImmutableArray<EndpointPort> PortsOf(Service service, Pod pod)
    {
        var ports = ImmutableArray.CreateBuilder<EndpointPort>();
        foreach (var port in service.Spec!.Ports)
        {
            var protocol = port.Protocol ?? "TCP";
            var target = port.TargetPort ?? port.Port;
            var number = target.IsText ? Named(pod, target.Text!, protocol) : target.Number == 0 ? port.Port : target.Number;
            if (number is null) continue;
            ports.Add(new() { Name = port.Name ?? "", Protocol = protocol, Port = number, AppProtocol = port.AppProtocol });
        }
        return ports.ToImmutable();
    }

    static int? Named(Pod pod, string name, string protocol)
    {
        var sidecars = pod.Spec!.InitContainers.Where(c => c.RestartPolicy == "Always");
        foreach (var container in pod.Spec.Containers.Concat(sidecars))
            foreach (var port in container.Ports)
                if (port.Name == name && (port.Protocol ?? "TCP") == protocol) return port.ContainerPortValue;
        return null;
    }
}
