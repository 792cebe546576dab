using Kennel.Objects.Apps;

namespace Kennel.Controllers.Deployments;

/// <summary>Another number of replicas in the middle of things: spread over the sets in proportion to their sizes.</summary>
static class Scaling
{
    /// <summary>Some set still knows another wanted number than the Deployment now has.</summary>
    public static bool IsDue(Fleet fleet) =>
        fleet.All.Any(s => fleet[s] > 0 && Marks.Count(s, Marks.Desired) is { } known && known != fleet.Bounds.Replicas);

    public static void Process(Fleet fleet)
    {
        var active = fleet.All.Where(s => fleet[s] > 0).ToList();
        if (active.Count <= 1)
        {
            if ((active.FirstOrDefault() ?? fleet.Newest ?? fleet.All.LastOrDefault()) is { } only) fleet[only] = fleet.Bounds.Replicas;
            return;
        }
        if (fleet.Newest is { } newest && IsSaturated(fleet, newest))
        {
            foreach (var set in fleet.Old) fleet[set] = 0;
            return;
        }
        if (!Bounds.IsRecreate(fleet.Deployment)) Spread(fleet, active);
    }

    static void Spread(Fleet fleet, List<ReplicaSet> active)
    {
        var allowed = fleet.Bounds.Replicas > 0 ? fleet.Bounds.Most : 0;
        var change = allowed - active.Sum(s => fleet[s]);
        if (change == 0) return;
        // Growing, the newer of two equal sets comes first; shrinking, the older.
        var age = active.Select((s, i) => (s, i)).ToDictionary(p => p.s.Metadata.Name!, p => change > 0 ? -p.i : p.i);
        var bySize = active.OrderByDescending(s => fleet[s]).ThenBy(s => age[s.Metadata.Name!]).ToList();
        var spread = 0;
        var sizes = bySize.Select(s =>
        {
            var share = Share(fleet, s, change - spread);
            spread += share;
            return fleet[s] + share;
        }).ToList();
        sizes[0] += change - spread;
        for (var i = 0; i < bySize.Count; i++) fleet[bySize[i]] = sizes[i];
    }

    static int Share(Fleet fleet, ReplicaSet set, int left)
    {
        if (left == 0 || fleet[set] == 0) return 0;
        var share = fleet.Bounds.Replicas == 0 ? -fleet[set] : Grown(fleet, set) - fleet[set];
        return left > 0 ? Math.Min(share, left) : Math.Max(share, left);
    }

    static int Grown(Fleet fleet, ReplicaSet set)
    {
        var before = Marks.Count(set, Marks.Max) is > 0 and var most ? most : fleet.Deployment.Status?.Replicas ?? 0;
        return before == 0 ? fleet[set] : (int)Math.Round((double)fleet[set] * fleet.Bounds.Most / before, MidpointRounding.AwayFromZero);
    }

    static bool IsSaturated(Fleet fleet, ReplicaSet newest) =>
        fleet[newest] == fleet.Bounds.Replicas && Marks.Count(newest, Marks.Desired) == fleet.Bounds.Replicas && Fleet.Available(newest) == fleet.Bounds.Replicas;
}
