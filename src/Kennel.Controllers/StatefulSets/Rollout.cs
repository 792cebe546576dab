using System.Globalization;
using Kennel.Objects;
using Kennel.Objects.Apps;

namespace Kennel.Controllers.StatefulSets;

/// <summary>
/// The phase that replaces pods of other revisions by deleting them, highest ordinal first. The API drops <c>maxUnavailable</c> while its gate
/// is off: whether it is there is the switch between upstream's two ways.
/// </summary>
public static class Rollout
{
    public static bool IsRolling(StatefulSet set) => set.Spec!.UpdateStrategy?.Type is null or "" or "RollingUpdate";

    /// <returns>How many pods it deletes in this round.</returns>
    internal static int Process(Round round)
    {
        if (!IsRolling(round.Set)) return 0;
        var rolling = round.Set.Spec!.UpdateStrategy?.RollingUpdate;
        var from = Math.Max(0, rolling?.Partition ?? 0);
        var deleted = rolling?.MaxUnavailable is { } limit ? Several(round, from, limit) : OneByOne(round, from);
        if (deleted > 0) round.Wait(Going(round, from));
        return deleted;
    }

    /// <summary>The first that is old, unless one above it is down.</summary>
    static int OneByOne(Round round, int from)
    {
        for (var i = round.Replicas.Length - 1; i >= from; i--)
        {
            if (round.Replicas[i] is { IsTerminating: false } pod && round.IsOld(pod))
            {
                round.Delete(pod);
                return 1;
            }
            if (round.IsDown(round.Replicas[i])) return 0;
        }
        return 0;
    }

    /// <summary>As many as may be down. Under Parallel, those that are down anyway go too and cost nothing: a broken revision can be left behind.</summary>
    static int Several(Round round, int from, IntOrString limit)
    {
        var may = Limit(limit, round.Replicas.Length);
        foreach (var pod in round.Replicas) if (round.IsDown(pod)) may--;
        return (round.Ordered ? 0 : Delete(round, from, int.MaxValue, down: true)) + Delete(round, from, may, down: false);
    }

    static int Delete(Round round, int from, int budget, bool down)
    {
        var deleted = 0;
        for (var i = round.Replicas.Length - 1; i >= from && deleted < budget; i--)
        {
            if (round.Replicas[i] is not { IsTerminating: false } pod || !round.IsOld(pod) || round.IsAvailable(pod) == down) continue;
            round.Delete(pod);
            deleted++;
        }
        return deleted;
    }

    static string Going(Round round, int from)
    {
        for (var i = round.Replicas.Length - 1; i >= from; i--)
            if (round.Replicas[i] is { } pod && round.IsDeleted(pod)) return $"{pod.Name} to go away: it is updated to {round.UpdateRevision}";
        return "";
    }

    /// <summary>A percentage is of the wanted replicas and rounds down; one pod at least.</summary>
    public static int Limit(IntOrString limit, int replicas)
    {
        if (!limit.IsText) return Math.Max(1, limit.Number);
        return int.TryParse(limit.Text.AsSpan().TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
            ? Math.Max(1, (int)((long)replicas * percent / 100)) : 1;
    }
}
