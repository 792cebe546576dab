using System.Globalization;
using Kennel.Objects.Apps;

namespace Kennel.Controllers.StatefulSets;

/// <summary>
/// What of a set fails together. Under Parallel each ordinal goes its own way; under OrderedReady making and updating is one lane, since order
/// is the point of it. All but the status begin anew when the user changes the set.
/// </summary>
static class Lane
{
    public const string Status = "status";

    /// <summary>The status too, where only counts have changed.</summary>
    public const string Tally = "tally";

    /// <summary>Where a pod is made, repaired, updated or taken away.</summary>
    public static string Of(Round round, string pod) =>
        !round.Ordered ? Pod(round.Set, pod) : round.IsTakingAway ? Of(round.Set, "condemned") : Of(round.Set, "pods");

    public static string Pod(StatefulSet set, string pod) => Of(set, pod);

    /// <summary>Failed pods that are made anew: the lane rests after each, so that one that fails at once isn't made anew without end.</summary>
    public static string Anew(StatefulSet set, string pod) => Of(set, "anew " + pod);

    /// <summary>What is only told about a claim.</summary>
    public static string Claim(StatefulSet set, string claim) => Of(set, "claim " + claim);

    static string Of(StatefulSet set, string what) => string.Create(CultureInfo.InvariantCulture, $"{what}@{set.Metadata.Generation ?? 0}");
}
