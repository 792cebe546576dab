using System.Runtime.InteropServices;

namespace Kennel.Store.Memory;

/// <summary>One prefix that is watched, by one or by many. Its members are touched under the gate of <see cref="Watchers"/>, except <see cref="Read"/>.</summary>
internal sealed class Topic(string prefix)
{
    /// <summary>Changes a batch: enough for throughput, and a slow reader's write buffer stays small.</summary>
    private const int MostChanges = 1000;

    private readonly List<Watcher> _waiting = [];
    private Reading? _latest;

    public string Prefix => prefix;

    public int Watchers { get; set; }

    public void Add(Watcher watcher) => _waiting.Add(watcher);

    public void Remove(Watcher watcher) => _waiting.Remove(watcher);

    /// <summary>Ends the waits that a revision is news for.</summary>
    public void End(long revision, WakeReason reason)
    {
        var kept = 0;
        foreach (var watcher in CollectionsMarshal.AsSpan(_waiting))
        {
            if (watcher.Next > revision) _waiting[kept++] = watcher;
            else watcher.End(new Wake(reason, revision));
        }

        _waiting.RemoveRange(kept, _waiting.Count - kept);
    }

    /// <summary>The changes under the prefix from a revision on. Watchers that ask the same get the same batch.</summary>
    public Batch Read(State state, long from)
    {
        if (from < state.Compacted) throw new CompactedException(from - 1, state.Compacted);
        if (Volatile.Read(ref _latest) is { } latest && latest.From == from && latest.To == state.Revision) return latest.Batch;
        List<Change>? found = null;
        var at = from;
        for (; at <= state.Revision && (found?.Count ?? 0) < MostChanges; at++)
        {
            // the very first revision of a store has no change
            if (state.History.Find(at) is { } change && change.Entry.Key.StartsWith(prefix, StringComparison.Ordinal)) (found ??= []).Add(change);
        }

        var batch = new Batch(found is null ? [] : found, at - 1);
        Volatile.Write(ref _latest, new Reading(from, state.Revision, batch));
        return batch;
    }

    private sealed record Reading(long From, long To, Batch Batch);
}
