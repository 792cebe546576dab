namespace Kennel.Store.Memory;

/// <summary>
/// Everything that a store knows at one revision. It never changes: a write makes the next state, which readers see once it is
/// published. A batch whose commit fails is simply not published.
/// </summary>
internal sealed record State(Tree Keys, long Revision, long Compacted, History History)
{
    /// <summary>As in etcd, an empty store is at revision 1: 0 can mean "none" everywhere.</summary>
    public static readonly State Empty = new(Tree.Empty, 1, 1, History.Empty);

    /// <summary>Checks the expectation and makes the change; the change is null when it was refused.</summary>
    public (State Next, WriteOutcome Outcome, Change? Change) Apply(Write write)
    {
        var previous = Keys.Find(write.Key);
        if ((previous?.Modified ?? 0) != write.Expected || (write.Value is null && previous is null))
            return (this, new WriteOutcome(false, Revision, previous), null);
        var change = Made(write, previous, Revision + 1);
        return (With(change), new WriteOutcome(true, change.Entry.Modified, change.Entry), change);
    }

    /// <summary>The state after a change that is known to be the next one.</summary>
    public State With(Change change) =>
        new(Applied(Keys, change), change.Entry.Modified, Compacted, History.With(change, Keys));

    public static Tree Applied(Tree keys, Change change) =>
        change.Kind == ChangeKind.Deleted ? keys.Without(change.Entry.Key) : keys.With(change.Entry);

    /// <summary>Without the history before a revision.</summary>
    public State Without(long before) =>
        before == Compacted ? this : this with { Compacted = before, History = History.Without(before) };

    public Page Range(RangeQuery query)
    {
        var revision = query.Revision == 0 ? Revision : query.Revision;
        if (revision < Compacted) throw new CompactedException(revision, Compacted);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(revision, Revision);
        var keys = revision == Revision ? Keys : History.At(revision);
        var (from, to) = keys.Span(query.Prefix);
        if (query.After is { } after) from = Math.Max(from, keys.Below(after + '\0'));
        var found = Math.Max(0, to - from);
        var entries = new Entry[query.Limit > 0 ? Math.Min(found, query.Limit) : found];
        keys.Copy(from, entries);
        return new Page(entries, revision, found - entries.Length);
    }

    private static Change Made(Write write, Entry? previous, long revision)
    {
        var key = previous?.Key ?? write.Key; // one string a key, however often it is written
        if (write.Value is { } value)
        {
            var entry = new Entry(key, Stamp.Copy(value.Span, write.StampAt, revision), previous?.Created ?? revision, revision);
            return new Change(previous is null ? ChangeKind.Created : ChangeKind.Updated, entry, previous);
        }

        var last = write.Last is { } given ? Stamp.Copy(given.Span, write.StampAt, revision) : previous!.Value;
        return new Change(ChangeKind.Deleted, new Entry(key, last, previous!.Created, revision), previous);
    }
}
