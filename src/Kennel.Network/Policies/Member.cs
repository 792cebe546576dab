using System.Collections.Immutable;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Network.Policies;

/// <summary>A pod as policies see it: whose it is, and where it is reached.</summary>
public sealed record Member(ObjectKey Pod, string Address, IReadOnlyDictionary<string, string> Labels, string? Node, ImmutableArray<NamedPort> Ports)
{
    /// <summary>
    /// Pods with an address of their own, in the order of their keys. Of two that were given the same address the one that stays has it: the other's
    /// containers are gone.
    /// </summary>
    public static ImmutableArray<Member> Of(IEnumerable<Pod> pods)
    {
        var byAddress = new Dictionary<string, Pod>(StringComparer.Ordinal);
        foreach (var pod in pods)
        {
            if (pod.Spec?.HostNetwork == true || pod.Status is not { PodIP: { } address, Phase: not ("Succeeded" or "Failed") } || !Services.Routed.IsAddress(address)) continue;
            if (!byAddress.TryGetValue(address, out var other) || IsLater(pod, other)) byAddress[address] = pod;
        }
        return [.. byAddress.Values.Select(Of).OrderBy(m => m.Pod)];
    }

    static Member Of(Pod pod) => new(ObjectKey.Of(pod), pod.Status!.PodIP!, pod.Metadata.Labels, pod.Spec?.NodeName,
    [
        .. (pod.Spec?.Containers ?? []).Concat(pod.Spec?.InitContainers.Where(c => c.RestartPolicy == "Always") ?? [])
            .SelectMany(c => c.Ports).Where(p => !string.IsNullOrEmpty(p.Name)).Select(p => new NamedPort(p.Name!, (p.Protocol ?? "TCP").ToLowerInvariant(), p.ContainerPortValue)),
    ]);

    static bool IsLater(Pod pod, Pod other) =>
        (pod.Metadata.DeletionTimestamp is null, pod.Metadata.CreationTimestamp ?? default).CompareTo((other.Metadata.DeletionTimestamp is null, other.Metadata.CreationTimestamp ?? default)) > 0;
}

/// <summary>A port that a container gave a name.</summary>
/// <param name="Protocol">tcp, udp or sctp.</param>
public sealed record NamedPort(string Name, string Protocol, int Number);
