using System.Globalization;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.StatefulSets;

/// <summary>The phase that replaces pods of other revisions by deleting them, highest ordinal first.</summary>
static class Rollout
{
    /// <returns>How many pods it deletes in this round.</returns>
    public static int Process(Round round)
    {
        var strategy = round.Set.Spec!.UpdateStrategy;
        if (strategy?.Type is not (null or "RollingUpdate")) return 0;
        var partition = Math.Max(0, strategy?.RollingUpdate?.Partition ?? 0);
        // The server drops maxUnavailable while the feature is off, as upstream does by default: its presence is the switch.
        return strategy?.RollingUpdate?.MaxUnavailable is { } limit ? Several(round, partition, limit) : OneByOne(round, partition);
    }

    static int OneByOne(Round round, int partition)
    {
        for (var i = round.Replicas.Length - 1; i >= partition; i--)
        {
            if (round.Replicas[i] is not { } pod) return 0;
            if (IsOld(round, pod) && !pod.IsTerminating())
            {
                round.Delete(pod);
                round.Wait($"{pod.Name()} to go away: it is updated to {round.History.Update.Metadata.Name}");
                return 1;
            }
            if (!pod.IsTerminating() && round.IsAvailable(pod)) continue;
            round.WaitOn(pod);
            return 0;
        }
        return 0;
    }

    /// <summary>Up to a limit at once. Pods that are down anyway go first and cost nothing, so that a broken revision can be left.</summary>
    static int Several(Round round, int partition, IntOrString limit)
    {
        var budget = Limit(limit, round.Replicas.Length);
        var deleted = 0;
        var down = 0;
        foreach (var pod in round.Replicas)
            if (pod is null || pod.IsTerminating() || !round.IsAvailable(pod)) down++;
        for (var i = round.Replicas.Length - 1; i >= partition; i--)
        {
            if (round.Replicas[i] is not { } pod || pod.IsTerminating() || round.IsAvailable(pod) || !IsOld(round, pod)) continue;
            round.Delete(pod);
            deleted++;
        }
        for (var i = round.Replicas.Length - 1; i >= partition && down < budget; i--)
        {
            if (round.Replicas[i] is not { } pod || pod.IsTerminating() || !round.IsAvailable(pod) || !IsOld(round, pod)) continue;
            round.Delete(pod);
            deleted++;
            down++;
        }
        if (deleted > 0) round.Wait($"{deleted} pods to go away: they are updated to {round.History.Update.Metadata.Name}");
        else if (down > 0 && round.Replicas.FirstOrDefault(p => p is not null && (p.IsTerminating() || !round.IsAvailable(p))) is { } first) round.WaitOn(first);
        return deleted;
    }

    /// <summary>A percentage is of the wanted replicas and rounds down; one pod at least.</summary>
    public static int Limit(IntOrString limit, int replicas)
    {
        if (!limit.IsText) return Math.Max(1, limit.Number);
        return int.TryParse(limit.Text.AsSpan().TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
            ? Math.Max(1, (int)((long)replicas * percent / 100)) : 1;
    }

    static bool IsOld(Round round, Pod pod) => pod.Label(Identity.RevisionLabel) != round.History.Update.Metadata.Name;
}
