namespace Kennel.Controllers.Scheduling.Preemption;

/// <summary>Where displacing hurts least.</summary>
static class Choice
{
    public static Candidate Best(IReadOnlyList<Candidate> candidates)
    {
        var best = candidates[0];
        for (var i = 1; i < candidates.Count; i++) if (Hurt(candidates[i]).CompareTo(Hurt(best)) < 0) best = candidates[i];
        return best;
    }

    static (int Violations, int Highest, long Sum, int Count, long Started) Hurt(Candidate c) => (
        c.Violations,
        c.Victims[0].Priority,
        // Moved up so that many pods below zero don't seem to be less than few.
        c.Victims.Sum(v => (long)v.Priority + int.MaxValue + 1),
        c.Victims.Length,
        // The latest of the earliest starts among the most important victims.
        -c.Victims.Where(v => v.Priority == c.Victims[0].Priority).Min(v => Importance.StartOf(v).UtcTicks));
}
