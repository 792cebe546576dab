namespace Kennel.Controllers.Scheduling.Scores;

/// <summary>Which of the nodes that fit is best: the weights and scales of upstream's default profile.</summary>
public static class Ranking
{
    const long Highest = 100;

    /// <summary>The index of the best; among equals the one with the fewest pods, then the first.</summary>
    public static int Best(Trial trial, SchedulingObserved o, IReadOnlyList<Room> rooms)
    {
        var total = new long[rooms.Count];
        Add(total, 3, Reversed(Each(rooms, r => Preferences.Untolerated(trial.Pod, r))));
        Add(total, 2, Preferences.HasAffinity(trial.Pod) ? Scaled(Each(rooms, r => Preferences.Affinity(trial.Pod, r))) : null);
        Add(total, 2, SoftSpread.Of(trial.Pod, trial.Ledger, o.Siblings, rooms));
        Add(total, 2, Company.Of(trial.Pod, trial.Ledger, rooms));
        Add(total, 1, Each(rooms, r => Usage.Free(trial.Demand, r)));
        Add(total, 1, trial.Demand.Requests is { Cpu: 0, Memory: 0 } ? null : Each(rooms, r => Usage.Balance(trial.Demand, r)));
        var best = 0;
        for (var i = 1; i < total.Length; i++)
            if ((total[i], -rooms[i].Guests.Count).CompareTo((total[best], -rooms[best].Guests.Count)) > 0) best = i;
        return best;
    }

    static long[] Each(IReadOnlyList<Room> rooms, Func<Room, long> score)
    {
        var scores = new long[rooms.Count];
        for (var i = 0; i < scores.Length; i++) scores[i] = score(rooms[i]);
        return scores;
    }

    static void Add(long[] total, long weight, long[]? scores)
    {
        for (var i = 0; scores is not null && i < total.Length; i++) total[i] += weight * scores[i];
    }

    /// <summary>The most becomes 100.</summary>
    static long[] Scaled(long[] scores)
    {
        var most = scores.Max();
        for (var i = 0; most > 0 && i < scores.Length; i++) scores[i] = scores[i] * Highest / most;
        return scores;
    }

    /// <summary>The most becomes 0, and 0 becomes 100.</summary>
    static long[] Reversed(long[] scores)
    {
        var most = scores.Max();
        for (var i = 0; i < scores.Length; i++) scores[i] = most == 0 ? Highest : Highest - scores[i] * Highest / most;
        return scores;
    }
}
