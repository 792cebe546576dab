namespace Kennel.Controllers.Nodes;

/// <summary>
/// How quickly the nodes of a zone that don't answer are given up, as upstream: one every ten seconds; slower when most of the zone is
/// silent; and none at all when every node of the cluster is, since then it is rather us who can't hear.
/// </summary>
public static class Disruption
{
    /// <summary>From this share of silent nodes on a zone counts as disrupted.</summary>
    const double Most = 0.55;

    /// <summary>Up to so many nodes a disrupted zone loses none.</summary>
    const int Small = 50;

    static readonly TimeSpan s_normal = TimeSpan.FromSeconds(10);
    static readonly TimeSpan s_slow = TimeSpan.FromSeconds(100);

    public static bool IsFull(ZoneCount zone) => zone is { Ready: 0, Silent: > 0 };

    public static bool IsPartial(ZoneCount zone) => !IsFull(zone) && zone.Silent > 2 && (double)zone.Silent / (zone.Silent + zone.Ready) >= Most;

    /// <summary>The time between two evictions of nodes in a zone; null for none at all.</summary>
    public static TimeSpan? Pace(ZoneCount zone) => !IsPartial(zone) ? s_normal : zone.Ready + zone.Silent > Small ? s_slow : null;
}

/// <summary>The nodes of a zone by whether they are Ready.</summary>
public sealed record ZoneCount(int Ready, int Silent)
{
    public static readonly ZoneCount Nobody = new(0, 0);
}

/// <summary>Whether a node may get a taint now that evicts its pods.</summary>
/// <param name="Halted">No node is Ready: such taints are even taken back.</param>
/// <param name="At">When; null as long as the zone is disrupted.</param>
public readonly record struct EvictionTurn(bool Halted, DateTimeOffset? At)
{
    public static readonly EvictionTurn Free = new(false, DateTimeOffset.MinValue);

    public bool Comes(DateTimeOffset now) => !Halted && At <= now;
}
