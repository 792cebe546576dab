using Kennel.Simulation.Running;
using Kennel.Store;
using Kennel.Store.Journal;

namespace Kennel.Simulation.Disks;

/// <summary>
/// The server's disk: a journal as the store's engines are, all of a batch or nothing. It may be full or slow, and the machine may lose its power
/// before or after a batch is synced: then nobody hears of a batch that is kept, or of one that is lost.
/// </summary>
sealed class Disk(Loop loop, Action<Change> written, bool syncsLate) : IJournal
{
    readonly SortedDictionary<long, JournalRow> _rows = [];
    readonly List<JournalRow> _unsynced = [];
    long _compacted = 1;

    public bool Full { get; set; }

    /// <summary>How long a commit takes, at most.</summary>
    public TimeSpan Slowness { get; set; } = TimeSpan.FromMilliseconds(3);

    /// <summary>What to do instead of the next commit's end: kills the server.</summary>
    public Action? PowerLoss { get; set; }

    public Recovered Load()
    {
        _unsynced.Clear();
        return new(_compacted, [.. _rows.Values]);
    }

    public void Commit(JournalBatch batch)
    {
        if (Full && batch.Changes.Count > 0) throw new StoreUnavailableException("no space left on the simulated disk");
        var loss = PowerLoss;
        PowerLoss = null;
        if (loss is not null && loop.Chance(0.5))
        {
            loop.Trace.Add(loop.Now, "disk", "loses", $"{batch.Changes.Count} changes that weren't synced");
            loss();
            throw new IOException("the power went before the sync");
        }
        if (syncsLate) Sync();
        foreach (var change in batch.Changes)
        {
            _unsynced.Add(new(change.Entry, change.Kind == ChangeKind.Deleted));
            written(change);
        }
        if (!syncsLate) Sync();
        foreach (var revision in batch.Forgotten) _rows.Remove(revision);
        _compacted = Math.Max(_compacted, batch.Compacted);
        if (loss is null) return;
        loop.Trace.Add(loop.Now, "disk", "keeps", $"{batch.Changes.Count} changes that nobody hears of");
        loss();
        throw new IOException("the power went after the sync");
    }

    void Sync()
    {
        foreach (var row in _unsynced) _rows.Add(row.Entry.Modified, row);
        _unsynced.Clear();
    }

    public bool Tidy() => false;

    public void Dispose() { }
}
