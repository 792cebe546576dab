using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>Taints and tolerations.</summary>
public static class Taints
{
    public const string NotReady = "node.kubernetes.io/not-ready";
    public const string Unreachable = "node.kubernetes.io/unreachable";
    public const string Unschedulable = "node.kubernetes.io/unschedulable";

    public const string NoSchedule = "NoSchedule";
    public const string NoExecute = "NoExecute";
    public const string PreferNoSchedule = "PreferNoSchedule";

    public static bool Tolerates(this Toleration toleration, Taint taint)
    {
        if (!string.IsNullOrEmpty(toleration.Effect) && toleration.Effect != taint.Effect) return false;
        if (!string.IsNullOrEmpty(toleration.Key) && toleration.Key != taint.Key) return false;
        return (toleration.Operator ?? "Equal") switch
        {
            "Exists" => true,
            "Equal" or "" => !string.IsNullOrEmpty(toleration.Key) && (toleration.Value ?? "") == (taint.Value ?? ""),
            _ => false,
        };
    }

    public static bool Tolerated(this Taint taint, IReadOnlyList<Toleration> by)
    {
        foreach (var toleration in by) if (toleration.Tolerates(taint)) return true;
        return false;
    }
}
