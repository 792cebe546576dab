using System.Collections.Immutable;
using System.Globalization;
using Kennel.Client;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Policy;

namespace Kennel.Controllers.DisruptionBudgets;

/// <summary>How many pods there should be, and how many of them healthy: a share is one of what the pods' owners want.</summary>
/// <param name="Unmanaged">Pods without an owner that a share can't count.</param>
/// <param name="Problem">Why the numbers can't be told, or null.</param>
readonly record struct Expected(int Pods, int Healthy, ImmutableArray<Pod> Unmanaged, string? Problem = null)
{
    public static Expected Of(Observed o)
    {
        var spec = o.Budget.Spec ?? PodDisruptionBudgetSpec.Empty;
        if (spec.MaxUnavailable is { } most) return Scaled(o, wanted => Math.Max(0, wanted - Count(most, wanted)));
        if (spec.MinAvailable is not { } least) return new(0, 0, []);
        return least.IsText ? Scaled(o, wanted => Count(least, wanted)) : new(o.Pods.Length, least.Number, []);
    }

    static Expected Scaled(Observed o, Func<int, int> healthy)
    {
        var scales = new Dictionary<string, int>(StringComparer.Ordinal);
        var looked = new HashSet<string>(StringComparer.Ordinal);
        var unmanaged = ImmutableArray.CreateBuilder<Pod>();
        var sum = 0;
        foreach (var pod in o.Pods)
        {
            if (pod.Metadata.Controller() is not { } owner)
            {
                unmanaged.Add(pod);
                continue;
            }
            if (!looked.Add(owner.Uid)) continue;
            var scale = o.ScaleOf(owner);
            if (scale.Problem is not null) return new(0, 0, [], scale.Problem);
            if (scale.Uid is not { } uid) return new(0, 0, [], $"found no controllers for pod \"{pod.Name()}\"");
            if (scales.TryAdd(uid, scale.Replicas)) sum += scale.Replicas;
        }
        return new(sum, healthy(sum), unmanaged.ToImmutable());
    }

    /// <summary>Shares are rounded up.</summary>
    static int Count(IntOrString value, int of) => !value.IsText ? value.Number
        : int.TryParse(value.Text.AsSpan().TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) ? (int)(((long)of * percent + 99) / 100) : 0;
}
