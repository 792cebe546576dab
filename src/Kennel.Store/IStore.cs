namespace Kennel.Store;

/// <summary>
/// Ordered revisions of bytes: every write gets the next revision, one total order for all keys.
/// The contract is etcd's; the store never looks into a value.
/// </summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>The revision of the newest acknowledged write; 1 for an empty store.</summary>
    long Revision { get; }

    /// <summary>History before this revision is gone.</summary>
    long Compacted { get; }

    /// <summary>One key as it is now, or null.</summary>
    ValueTask<Entry?> Get(string key, CancellationToken cancel = default);

    /// <summary>The keys that start with <see cref="RangeQuery.Prefix"/>, in ordinal order.</summary>
    /// <exception cref="CompactedException">The revision asked for is no longer kept.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The revision asked for isn't there yet.</exception>
    ValueTask<Page> Range(RangeQuery query, CancellationToken cancel = default);

    /// <summary>
    /// Writes one key if it still is as expected. Acknowledged (this returns) only when the write survives a crash.
    /// An unmet expectation is an outcome, not an exception.
    /// </summary>
    /// <param name="cancel">Is looked at while the write waits for its turn. Once it has it, it is done, and told.</param>
    /// <exception cref="StoreUnavailableException">The engine can't write (disk full, connection lost); nothing was changed.</exception>
    ValueTask<WriteOutcome> Write(Write write, CancellationToken cancel = default);

    /// <summary>
    /// Every change under a prefix with a revision above <paramref name="after"/>, in order, without gaps, first from history, then live.
    /// A reader that falls too far behind is cut off with <see cref="CompactedException"/>; one that only waits never is.
    /// An empty batch is a progress mark: the first batch when nothing is new, then at most one a second, when only others were written to.
    /// All watchers get the same <see cref="Change"/> objects, so what is made of one can be kept with it. Ends when the store is disposed.
    /// </summary>
    IAsyncEnumerable<Batch> Watch(string prefix, long after, CancellationToken cancel = default);

    /// <summary>Forgets history before a revision; the current state stays. (An engine also forgets by itself what is old.)</summary>
    ValueTask Compact(long revision, CancellationToken cancel = default);
}

/// <summary>A key with its value and the revisions that made it.</summary>
/// <param name="Created">Revision of the write that created the key.</param>
/// <param name="Modified">Revision of the write that gave it this value.</param>
public sealed record Entry(string Key, ReadOnlyMemory<byte> Value, long Created, long Modified);

/// <param name="Prefix">Keys must start with it.</param>
/// <param name="Revision">Read as of this revision; 0 is now.</param>
/// <param name="After">Only keys above this one (where the page before ended).</param>
/// <param name="Limit">At most so many entries; 0 is no limit.</param>
public readonly record struct RangeQuery(string Prefix, long Revision = 0, string? After = null, int Limit = 0);

/// <param name="Revision">The revision that the page is a snapshot of.</param>
/// <param name="Remaining">How many more keys the query would have found.</param>
public sealed record Page(IReadOnlyList<Entry> Entries, long Revision, long Remaining);

/// <summary>One conditional write.</summary>
/// <param name="Expected">The revision the key must have; 0: the key must not exist.</param>
/// <param name="Value">The new value, which is copied; null deletes the key. (Beware: a null array converts to an empty value, not to null.)</param>
/// <param name="StampAt">
/// Offset in <paramref name="Value"/> where the engine inserts the decimal digits of the new revision, so that the stored bytes carry it;
/// −1 for none. For a delete, <paramref name="Value"/> is null and <paramref name="Last"/> may carry the value that watchers see.
/// </param>
public sealed record Write(string Key, long Expected, ReadOnlyMemory<byte>? Value, int StampAt = -1, ReadOnlyMemory<byte>? Last = null);

/// <param name="Succeeded">Whether the expectation was met.</param>
/// <param name="Revision">The revision of the write, or of the store when it was refused.</param>
/// <param name="Entry">What the key holds now: the new entry, or the one that stood in the way (null: no such key). For a delete, the entry as watchers see it.</param>
public readonly record struct WriteOutcome(bool Succeeded, long Revision, Entry? Entry);

/// <summary>One change as a watcher sees it. For a delete, <c>Entry.Value</c> is the last value, stamped with the revision of the delete.</summary>
/// <param name="Previous">The value before, for watchers that filter by content; null when the key was created.</param>
public sealed record Change(ChangeKind Kind, Entry Entry, Entry? Previous);

public enum ChangeKind { Created, Updated, Deleted }

/// <summary>Changes that belong together, and the revision that the watcher has now seen in full (an empty batch is a progress mark).</summary>
public readonly record struct Batch(IReadOnlyList<Change> Changes, long Revision);

/// <summary>The history that was asked for is compacted: list again.</summary>
public sealed class CompactedException(long asked, long compacted)
    : Exception($"revision {asked} is compacted, the oldest kept is {compacted}")
{
    public long Asked { get; } = asked;

    public long Compacted { get; } = compacted;
}

/// <summary>The engine can't write now. The message says why and what to do.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
