using System.Collections.Immutable;
using Kennel.Controllers.Scheduling.Filters;
using Kennel.Objects.Policy;

namespace Kennel.Controllers.Scheduling.Preemption;

/// <summary>The fewest and least important pods of one node that have to go for a pod to fit.</summary>
static class Victims
{
    const string Nobody = "No preemption victims found for incoming pod";

    public static Candidate? On(Room room, Trial trial, IReadOnlyList<PodDisruptionBudget> budgets, Reasons reasons)
    {
        var lower = room.Guests.Values.Where(g => g.Priority < trial.Priority).Order(Importance.Order).ToList();
        var why = new List<Objection>();
        if (lower.Count == 0) why.Add(new(Nobody, Cause.Room));
        else trial.Against(Without(room, lower), why, lower);
        if (why.Count > 0)
        {
            reasons.Add(why);
            return null;
        }
        var kept = new Kept(room, trial, lower);
        var (breaking, others) = Budgets.Split(lower, budgets);
        var violations = breaking.Count(g => !kept.Keep(g));
        foreach (var guest in others) kept.Keep(guest);
        return kept.Gone.Count == 0 ? null : new(room.Name, [.. kept.Gone.Order(Importance.Order)], violations);
    }

    static Room Without(Room room, IEnumerable<Guest> gone)
    {
        foreach (var guest in gone) room = room.Without(guest.Key);
        return room;
    }

    /// <summary>Takes pods back one by one as long as the new one still fits.</summary>
    sealed class Kept(Room room, Trial trial, List<Guest> lower)
    {
        readonly List<Objection> _why = [];
        Room _room = Without(room, lower);

        public List<Guest> Gone { get; private set; } = [.. lower];

        public bool Keep(Guest guest)
        {
            var back = _room.With(guest);
            List<Guest> gone = [.. Gone.Where(g => g != guest)];
            _why.Clear();
            trial.Against(back, _why, gone);
            if (_why.Count > 0) return false;
            (_room, Gone) = (back, gone);
            return true;
        }
    }
}

/// <summary>The order in which pods are worth keeping: higher priority, then started earlier.</summary>
static class Importance
{
    public static readonly IComparer<Guest> Order = Comparer<Guest>.Create(static (a, b) =>
        a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority)
        : StartOf(a) != StartOf(b) ? StartOf(a).CompareTo(StartOf(b))
        : a.Key.CompareTo(b.Key));

    /// <summary>One that hasn't started counts as starting now.</summary>
    public static DateTimeOffset StartOf(Guest guest) => guest.Started ?? DateTimeOffset.MaxValue;
}
