using System.Collections.Immutable;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>A port of the node that a pod takes.</summary>
public readonly record struct HostPort(string Address, string Protocol, int Port)
{
    /// <summary>Two can't be had on one node: same port and protocol, and one of them on all addresses or both on the same.</summary>
    public bool Clashes(HostPort other) =>
        Port == other.Port && Protocol == other.Protocol && (Address == other.Address || Address == "0.0.0.0" || other.Address == "0.0.0.0");
}

/// <summary>What a pod takes from its node.</summary>
/// <param name="Weight">What it counts for when nodes are compared: containers without requests count a little, so that they spread.</param>
public sealed record Demand(Amounts Requests, Amounts Weight, ImmutableArray<HostPort> Ports)
{
    // Upstream's figures for containers that ask for nothing.
    const long UnaskedCpu = 100;
    const long UnaskedMemory = 200L * 1024 * 1024;

    public static Demand Of(Pod pod)
    {
        var spec = pod.Spec ?? PodSpec.Empty;
        return new(Sum(spec, Amounts.Of), Sum(spec, Weighed), HostPorts(spec));
    }

    /// <summary>The containers together with the sidecars, or more if a step of the initialization needs more; and the overhead.</summary>
    static Amounts Sum(PodSpec spec, Func<IReadOnlyDictionary<string, string>?, Amounts> of)
    {
        var running = Amounts.None;
        foreach (var container in spec.Containers) running = running.Plus(of(container.Resources?.Requests));
        var sidecars = Amounts.None;
        var starting = Amounts.None;
        foreach (var container in spec.InitContainers)
        {
            var own = of(container.Resources?.Requests);
            if (container.RestartPolicy == "Always") starting = starting.Max(sidecars = sidecars.Plus(own));
            else starting = starting.Max(sidecars.Plus(own));
        }
        var asked = running.Plus(sidecars).Max(starting);
        if (spec.Resources is { Requests.Count: > 0 } whole) asked = Replace(asked, Amounts.Of(whole.Requests));
        return spec.Overhead.Count == 0 ? asked : asked.Plus(Amounts.Of(spec.Overhead));
    }

    /// <summary>Requests of the pod as a whole stand above those of its containers.</summary>
    static Amounts Replace(Amounts asked, Amounts whole) => asked with
    {
        Cpu = whole.Cpu > 0 ? whole.Cpu : asked.Cpu,
        Memory = whole.Memory > 0 ? whole.Memory : asked.Memory,
    };

    static Amounts Weighed(IReadOnlyDictionary<string, string>? requests)
    {
        var amounts = Amounts.Of(requests);
        return amounts with
        {
            Cpu = requests?.ContainsKey("cpu") == true ? amounts.Cpu : UnaskedCpu,
            Memory = requests?.ContainsKey("memory") == true ? amounts.Memory : UnaskedMemory,
        };
    }

    static ImmutableArray<HostPort> HostPorts(PodSpec spec)
    {
        var ports = ImmutableArray.CreateBuilder<HostPort>();
        foreach (var container in spec.Containers)
        {
            foreach (var port in container.Ports)
            {
                if (port.HostPort is not (> 0 and var number)) continue;
                ports.Add(new(string.IsNullOrEmpty(port.HostIP) ? "0.0.0.0" : port.HostIP, port.Protocol ?? "TCP", number));
            }
        }
        return ports.ToImmutable();
    }
}
