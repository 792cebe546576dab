using Kennel.Objects.Core;

namespace Kennel.Controllers.Nodes;

/// <summary>Reading and setting conditions of nodes and pods.</summary>
public static class Conditions
{
    public const string Ready = "Ready";
    public const string DisruptionTarget = "DisruptionTarget";

    public static NodeCondition? Find(this Node node, string type) => node.Status?.Conditions.FirstOrDefault(c => c.Type == type);

    public static PodCondition? Find(this Pod pod, string type) => pod.Status?.Conditions.FirstOrDefault(c => c.Type == type);

    /// <summary>The pod with a condition in place of the one of its type; the time of the change is kept when the status stays.</summary>
    public static Pod With(this Pod pod, PodCondition condition, DateTimeOffset now)
    {
        var status = pod.Status ?? PodStatus.Empty;
        var known = pod.Find(condition.Type);
        var dated = condition with { LastTransitionTime = known?.Status == condition.Status ? known.LastTransitionTime : now };
        return pod with { Status = status with { Conditions = [.. status.Conditions.Where(c => c.Type != condition.Type), dated] } };
    }
}
