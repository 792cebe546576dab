using Kennel.Store.Memory;

namespace Kennel.Store.Journal;

/// <summary>
/// Turns a batch of writes into one commit: checks each against the state that the ones before it make, makes the changes durable,
/// publishes them, and only then acknowledges. A failed commit leaves no trace, not even the refusals that were judged against it.
/// </summary>
internal sealed class Committer(IJournal journal, Watchers watchers, Retention retention)
{
    /// <summary>Revisions forgotten with a batch, besides two for each of its writes: compaction keeps pace with writes and holds none up.</summary>
    private const int ForgottenAtLeast = 64;

    private readonly List<Change> _changes = [];
    private readonly List<long> _forgotten = [];
    private long _asked;

    /// <summary>Whether there is history left to forget: then commit an empty batch when there are no writes.</summary>
    public bool Behind { get; private set; }

    public void Commit(List<PendingWrite> batch)
    {
        _changes.Clear();
        var next = Forget(Applied(watchers.Published, batch));
        try
        {
            if (_changes.Count > 0 || next.Compacted > watchers.Published.Compacted)
                journal.Commit(new JournalBatch(_changes, _forgotten, next.Compacted));
        }
        catch (Exception e)
        {
            Behind = false; // try again with the next write, not in a circle
            var reason = e as StoreUnavailableException ?? new StoreUnavailableException($"the store can't write: {e.Message}", e);
            foreach (var pending in batch) pending.Fail(reason);
            return;
        }

        watchers.Publish(next, _changes);
        foreach (var pending in batch) pending.Acknowledge();
    }

    private State Applied(State state, List<PendingWrite> batch)
    {
        foreach (var pending in batch)
        {
            _asked = Math.Max(_asked, pending.Forget);
            if (pending.Write is null) continue;
            (state, pending.Outcome, var change) = state.Apply(pending.Write);
            if (change is not null) _changes.Add(change);
        }

        return state;
    }

    private State Forget(State state)
    {
        _forgotten.Clear();
        var floor = Math.Max(retention.Floor(state), Math.Min(_asked, state.Revision));
        var most = (2 * _changes.Count) + ForgottenAtLeast;
        var at = state.Compacted;
        for (; at < floor && _forgotten.Count < most; at++)
        {
            if (state.History.Find(at) is not { } change) continue; // an empty store begins without a change
            if (change.Previous is { } previous) _forgotten.Add(previous.Modified);
            if (change.Kind == ChangeKind.Deleted) _forgotten.Add(at);
        }

        Behind = at < floor;
        return state.Without(at);
    }
}
