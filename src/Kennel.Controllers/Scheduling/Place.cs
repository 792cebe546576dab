using Kennel.Controllers.Scheduling.Filters;
using Kennel.Controllers.Scheduling.Preemption;
using Kennel.Controllers.Scheduling.Scores;

namespace Kennel.Controllers.Scheduling;

/// <summary>Chooses the node for one pod: the best of those that nothing speaks against; or says why there is none, and who could make room.</summary>
public static class Place
{
    public const string NoNodes = "no nodes available to schedule pods";

    public static Placement Decide(SchedulingObserved o)
    {
        if (o.Ledger.Nodes == 0) return new(null, [], NoNodes, Causes: Cause.Node, Next: o.Start);
        var claims = ClaimCheck.Of(o);
        if (claims.Refusal is { } refusal && IsYoung(o)) return new(null, [], Early: refusal, Next: o.Start);
        var trial = new Trial(o, claims);
        if (claims.Refusal is { } claim) return Everywhere(trial, o, claim, Cause.Volumes);
        var search = new Search(trial);
        var next = o.Start;
        if (Nominated(trial) is not { } promised || !search.Try(promised))
        {
            search = new Search(trial);
            if (NamedNodes.Of(o.Pod) is not { } names) next = search.Around(o.Ledger.Rooms, o.Start, Sampling.Enough(o.Ledger.Nodes));
            else if (names.Count == 0) return Everywhere(trial, o, NamedNodes.Conflict, Cause.Node);
            else ByName(search, o.Ledger, names);
        }
        return search.Fitting.Count > 0 ? Choose(trial, o, search, next) : Refuse(trial, o, search, next);
    }

    static Room? Nominated(Trial trial) => trial.Ledger.Nominations.Of(trial.Key) is { } node ? trial.Ledger.Find(node) : null;

    static void ByName(Search search, Ledger ledger, SortedSet<string> names)
    {
        foreach (var name in names) if (ledger.Find(name) is { } room) search.Try(room);
        search.Reasons.Add(NamedNodes.Others, ledger.Nodes - search.Looks);
    }

    static Placement Choose(Trial trial, SchedulingObserved o, Search search, int next)
    {
        var best = search.Fitting.Count == 1 ? 0 : Ranking.Best(trial, o, search.Fitting);
        return new(search.Fitting[best].Name, search.Plans[best], Next: next, Looks: search.Looks);
    }

    static Placement Refuse(Trial trial, SchedulingObserved o, Search search, int next)
    {
        var hopeless = Nominated(trial) is { } promised && !search.Changeable.Exists(r => r.Name == promised.Name);
        var displacement = Displace.Decide(trial, o, search.Changeable, hopeless);
        return new(null, [], Sentence(search.Reasons.Sentence(o.Ledger.Nodes), displacement), Causes: search.Reasons.Causes | Cause.Node, Next: next, Looks: search.Looks, Displacement: displacement);
    }

    /// <summary>The same is said for all nodes, whatever they have.</summary>
    static Placement Everywhere(Trial trial, SchedulingObserved o, string why, Cause cause)
    {
        var displacement = Displace.Decide(trial, o, [], nominated: true);
        return new(null, [], Sentence(Reasons.Sentence(o.Ledger.Nodes, why), displacement), Causes: cause, Next: o.Start, Displacement: displacement);
    }

    static string Sentence(string why, Displacement displacement) => displacement.Why is { } not ? $"{why} preemption: {not}" : why;

    /// <summary>A claim made together with its pod may still be on its way to us; a second is enough.</summary>
    static bool IsYoung(SchedulingObserved o) =>
        o.Pod.Metadata.CreationTimestamp is { } created && o.Now - created < TimeSpan.FromSeconds(2);
}
