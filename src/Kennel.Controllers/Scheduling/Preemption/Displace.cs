using Kennel.Controllers.Scheduling.Filters;

namespace Kennel.Controllers.Scheduling.Preemption;

/// <summary>
/// Whether less important pods should make room for one that fits nowhere, and which: the node with the fewest broken budgets, then the
/// least important victims, the smallest sum of priorities, the fewest, the latest started, as upstream.
/// </summary>
public static class Displace
{
    /// <summary>The reason in the victims' condition DisruptionTarget.</summary>
    public const string Reason = "PreemptionByScheduler";

    const string NotHelpful = "Preemption is not helpful for scheduling";

    /// <param name="refused">Where displacing could help: all that was said against those nodes can change.</param>
    /// <param name="nominated">The node that it waits for already objects for good.</param>
    public static Displacement Decide(Trial trial, SchedulingObserved o, IReadOnlyList<Room> refused, bool nominated)
    {
        if (Ineligible(trial, nominated) is { } why) return new(Why: why);
        var reasons = new Reasons();
        var candidates = refused.Count == 0 ? [] : Candidates(trial, o, refused, reasons);
        if (candidates.Count > 0) return new(Choice.Best(candidates));
        reasons.Add(NotHelpful, trial.Ledger.Nodes - reasons.Rooms);
        return new(Why: reasons.Sentence(trial.Ledger.Nodes), Clears: true);
    }

    static string? Ineligible(Trial trial, bool nominated)
    {
        if (trial.Pod.Spec?.PreemptionPolicy == "Never") return "not eligible due to preemptionPolicy=Never.";
        if (nominated || trial.Ledger.Nominations.Of(trial.Key) is not { } node || trial.Ledger.Find(node) is not { } room) return null;
        foreach (var guest in room.Guests.Values)
            if (guest.Displaced && guest.Priority < trial.Priority) return "not eligible due to a terminating pod on the nominated node.";
        return null;
    }

    /// <summary>Looks at a share of the nodes, from a random one on: those that break no budget first.</summary>
    static List<Candidate> Candidates(Trial trial, SchedulingObserved o, IReadOnlyList<Room> refused, Reasons reasons)
    {
        var (kind, harsh) = (new List<Candidate>(), new List<Candidate>());
        var enough = Math.Min(refused.Count, Math.Max(refused.Count / 10, 100));
        for (var i = 0; i < refused.Count && !(kind.Count > 0 && kind.Count + harsh.Count >= enough); i++)
        {
            var room = refused[(int)((o.Chance + i) % refused.Count)];
            if (Victims.On(room, trial, o.Budgets, reasons) is { } candidate) (candidate.Violations == 0 ? kind : harsh).Add(candidate);
        }
        return [.. kind, .. harsh];
    }
}

/// <summary>What comes of looking for pods to displace.</summary>
/// <param name="Candidate">Who goes from where; null when nobody does.</param>
/// <param name="Why">Why nobody goes, in upstream's words.</param>
/// <param name="Clears">A node that the pod was nominated for is of no use any more.</param>
public sealed record Displacement(Candidate? Candidate = null, string? Why = null, bool Clears = false);
