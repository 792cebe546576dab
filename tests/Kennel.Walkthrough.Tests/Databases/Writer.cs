using System.Globalization;
using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests.Databases;

/// <summary>A pod that writes 1, 2, 3, … into a database and prints each number that the database has acknowledged.</summary>
sealed class Writer(Cluster cluster, string pod)
{
    const int Some = 20;

    /// <summary>The database takes writes now.</summary>
    public Task GoesOn() => cluster.Until($"logs --follow --tail=0 {pod}", lines => Numbers(lines).Count >= Some);

    /// <summary>Ends it; what was acknowledged.</summary>
    public async Task<SortedSet<long>> Stop()
    {
        var acknowledged = Numbers((await cluster.Ok($"logs {pod}")).Split('\n'));
        acknowledged.Count.ShouldBeGreaterThan(Some);
        await cluster.Ok($"delete pod {pod}");
        return acknowledged;
    }

    /// <summary>Lines that are numbers; others are the client's complaints.</summary>
    public static SortedSet<long> Numbers(IEnumerable<string> lines) =>
        [.. lines.Select(l => long.TryParse(l, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).Where(n => n > 0)];
}
