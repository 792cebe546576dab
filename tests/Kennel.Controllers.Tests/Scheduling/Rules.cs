using Kennel.Controllers.Scheduling;
using Kennel.Objects.Core;
using LabelSelector = Kennel.Objects.Selectors.LabelSelector;

namespace Kennel.Controllers.Tests.Scheduling;

/// <summary>What the documentation says of the rules, as plainly as it can be written, for pods of one namespace.</summary>
static class Rules
{
    public static bool Allow(Pod pod, Node node, IReadOnlyList<Node> nodes, IReadOnlyList<Pod> placed)
    {
        var here = placed.Where(p => p.Spec!.NodeName == node.Metadata.Name).ToList();
        return Tolerates(pod, node) && Selects(pod, node) && HasRoom(pod, node, here) && HasPorts(pod, here)
            && Near(pod, node, nodes, placed) && Apart(pod, node, nodes, placed) && Even(pod, node, nodes, placed);
    }

    static bool Tolerates(Pod pod, Node node) => (node.Spec?.Taints ?? []).All(t => pod.Spec!.Tolerations.Any(x => x.Key == t.Key));

    static bool Selects(Pod pod, Node node) => pod.Spec!.NodeSelector.All(s => Label(node, s.Key) == s.Value);

    static bool HasRoom(Pod pod, Node node, List<Pod> here)
    {
        var most = Amounts.Of(node.Status!.Allocatable).Cpu;
        long Cpu(Pod p) => Amounts.Of(p.Spec!.Containers[0].Resources!.Requests).Cpu;
        return here.Count < int.Parse(node.Status.Allocatable["pods"], System.Globalization.CultureInfo.InvariantCulture) && (Cpu(pod) == 0 || here.Sum(Cpu) + Cpu(pod) <= most);
    }

    static bool HasPorts(Pod pod, List<Pod> here)
    {
        bool Has(Pod p) => p.Spec!.Containers[0].Ports.Count > 0;
        return !Has(pod) || !here.Exists(Has);
    }

    static bool Near(Pod pod, Node node, IReadOnlyList<Node> nodes, IReadOnlyList<Pod> placed)
    {
        foreach (var term in pod.Spec!.Affinity?.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? [])
        {
            if (Label(node, term.TopologyKey) is not { } domain) return false;
            var friends = placed.Where(p => Matches(term, p) && DomainOf(p, term.TopologyKey, nodes) is not null).ToList();
            if (friends.Exists(p => DomainOf(p, term.TopologyKey, nodes) == domain)) continue;
            if (friends.Count > 0 || !Matches(term, pod)) return false;
        }
        return true;
    }

    static bool Apart(Pod pod, Node node, IReadOnlyList<Node> nodes, IReadOnlyList<Pod> placed)
    {
        bool Forbids(Pod who, Pod whom, Pod there) => (who.Spec!.Affinity?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? [])
            .Any(t => Matches(t, whom) && Label(node, t.TopologyKey) is { } domain && DomainOf(there, t.TopologyKey, nodes) == domain);
        return placed.All(p => !Forbids(pod, p, p) && !Forbids(p, pod, p));
    }

    static bool Even(Pod pod, Node node, IReadOnlyList<Node> nodes, IReadOnlyList<Pod> placed)
    {
        foreach (var rule in pod.Spec!.TopologySpreadConstraints)
        {
            if (Label(node, rule.TopologyKey) is not { } domain) return false;
            var selector = LabelSelector.From(rule.LabelSelector);
            var counts = nodes.Where(n => Selects(pod, n) && Label(n, rule.TopologyKey) is not null).Select(n => Label(n, rule.TopologyKey)!).Distinct().ToDictionary(
                d => d, d => placed.Count(p => selector.Matches(p.Metadata.Labels) && nodes.Any(n => n.Metadata.Name == p.Spec!.NodeName && Selects(pod, n) && Label(n, rule.TopologyKey) == d)));
            if (counts[domain] + (selector.Matches(pod.Metadata.Labels) ? 1 : 0) - counts.Values.Min() > rule.MaxSkew) return false;
        }
        return true;
    }

    static bool Matches(PodAffinityTerm term, Pod pod) => LabelSelector.From(term.LabelSelector).Matches(pod.Metadata.Labels);

    static string? DomainOf(Pod pod, string key, IReadOnlyList<Node> nodes) => nodes.FirstOrDefault(n => n.Metadata.Name == pod.Spec!.NodeName) is { } node ? Label(node, key) : null;

    static string? Label(Node node, string key) => node.Metadata.Labels.GetValueOrDefault(key);
}
