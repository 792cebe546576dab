using Kennel.Controllers.Scheduling.Crowds;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling.Scores;

/// <summary>Preferred affinity and anti-affinity to other pods, and theirs to this one.</summary>
static class Company
{
    /// <summary>0 to 100 for each room; null when nobody wishes anything.</summary>
    public static long[]? Of(Pod pod, Ledger ledger, IReadOnlyList<Room> rooms)
    {
        var wishes = Wishes(pod, ledger);
        if (wishes.Count == 0) return null;
        var scores = new long[rooms.Count];
        for (var i = 0; i < scores.Length; i++)
            foreach (var (key, tally, weight) in wishes)
                if (rooms[i].Labels.TryGetValue(key, out var domain)) scores[i] += (long)tally.In(key, domain) * weight;
        var (least, most) = (scores.Min(), scores.Max());
        for (var i = 0; i < scores.Length; i++) scores[i] = most == least ? 0 : (long)(100 * ((double)(scores[i] - least) / (most - least)));
        return scores;
    }

    static List<(string Key, Tally Tally, int Weight)> Wishes(Pod pod, Ledger ledger)
    {
        var all = new List<(string, Tally, int)>();
        var (space, labels, affinity) = (pod.Metadata.Namespace ?? "", pod.Metadata.Labels, pod.Spec?.Affinity);
        void Own(WeightedPodAffinityTerm said, int sign)
        {
            var term = new Term(said.PodAffinityTerm ?? PodAffinityTerm.Empty, labels, space, ledger.Spaces);
            all.Add((term.Key, ledger.Census.Of([term]), sign * said.Weight));
        }
        foreach (var said in affinity?.PodAffinity?.PreferredDuringSchedulingIgnoredDuringExecution ?? []) Own(said, 1);
        foreach (var said in affinity?.PodAntiAffinity?.PreferredDuringSchedulingIgnoredDuringExecution ?? []) Own(said, -1);
        if (ledger.Wishes.IsEmpty) return all;
        foreach (var wish in ledger.Wishes.All) if (wish.Feeling == Feeling.Weighs && wish.Term.Selects(space, labels)) all.Add((wish.Term.Key, wish.Tally, wish.Weight));
        return all;
    }
}
