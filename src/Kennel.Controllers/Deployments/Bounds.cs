using System.Globalization;
using Kennel.Objects;
using Kennel.Objects.Apps;

namespace Kennel.Controllers.Deployments;

/// <summary>How many pods more or fewer than wanted a rolling update may have.</summary>
sealed record Bounds(int Replicas, int Surge, int Unavailable)
{
    public int Most => Replicas + Surge;

    public int Least => Replicas - Unavailable;

    public static Bounds Of(Deployment deployment)
    {
        var replicas = deployment.Spec!.Replicas ?? 1;
        if (IsRecreate(deployment)) return new(replicas, 0, 0);
        var rolling = deployment.Spec.Strategy?.RollingUpdate;
        var surge = Resolve(rolling?.MaxSurge ?? "25%", replicas, up: true);
        var unavailable = Resolve(rolling?.MaxUnavailable ?? "25%", replicas, up: false);
        // Both 0 could never move.
        if (surge == 0 && unavailable == 0) unavailable = 1;
        return new(replicas, surge, Math.Min(unavailable, replicas));
    }

    public static bool IsRecreate(Deployment deployment) => deployment.Spec?.Strategy?.Type == "Recreate";

    static int Resolve(IntOrString value, int of, bool up)
    {
        if (!value.IsText) return value.Number;
        if (!int.TryParse(value.Text.AsSpan().TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent)) return 0;
        return (int)(((long)of * percent + (up ? 99 : 0)) / 100);
    }
}
