using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>Tells a heartbeat from a change that scheduling cares for.</summary>
public static class NodeChanged
{
    public static bool Matters(Node before, Node after) =>
        !Equals(before.Spec, after.Spec)
        || !Wire.Same(before.Metadata.Labels, after.Metadata.Labels)
        || !Wire.Same(before.Status?.Allocatable ?? Wire.NoMap<string>(), after.Status?.Allocatable ?? Wire.NoMap<string>())
        || Ready(before) != Ready(after);

    static bool Ready(Node node)
    {
        foreach (var condition in node.Status?.Conditions ?? []) if (condition.Type == "Ready") return condition.Status == "True";
        return false;
    }
}
