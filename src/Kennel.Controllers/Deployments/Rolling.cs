using Kennel.Objects.Apps;

namespace Kennel.Controllers.Deployments;

/// <summary>Rolling update: grow the newest within the surge, then shrink the old ones as far as availability allows.</summary>
static class Rolling
{
    public static void Process(Fleet fleet)
    {
        if (fleet.Newest is { } newest)
        {
            fleet[newest] = fleet[newest] > fleet.Bounds.Replicas ? fleet.Bounds.Replicas : fleet.RoomForNewest(fleet[newest]);
            if (fleet.Changed) return;
        }
        Shrink(fleet);
    }

    static void Shrink(Fleet fleet)
    {
        var missing = fleet.Newest is { } newest ? fleet[newest] - fleet.Staying(newest) : 0;
        var budget = fleet.Total - fleet.Bounds.Least - missing;
        if (budget <= 0) return;
        // Old pods that don't work go first: they serve nobody.
        foreach (var set in fleet.Old)
        {
            var broken = Math.Min(budget, fleet[set] - fleet.Staying(set));
            if (broken <= 0) continue;
            fleet[set] -= broken;
            budget -= broken;
        }
        var spare = fleet.All.Sum(fleet.Staying) - fleet.Bounds.Least;
        foreach (var set in fleet.Old)
        {
            var less = Math.Min(fleet[set], spare);
            if (less <= 0) continue;
            fleet[set] -= less;
            spare -= less;
        }
    }
}

/// <summary>Recreate: everything old goes, and only when no old pod runs any more the new ones come.</summary>
static class Recreate
{
    /// <returns>Whether the newest may come (or grow) now.</returns>
    public static bool Process(Fleet fleet)
    {
        foreach (var set in fleet.Old) fleet[set] = 0;
        if (fleet.Changed || fleet.Old.Any(s => (s.Status?.Replicas ?? 0) > 0) || fleet.OldPods.Any()) return false;
        if (fleet.Newest is { } newest) fleet[newest] = fleet.Bounds.Replicas;
        return true;
    }
}
