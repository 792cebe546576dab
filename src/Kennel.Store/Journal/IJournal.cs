namespace Kennel.Store.Journal;

/// <summary>
/// Where acknowledged changes are when the power fails. One thread uses it at a time. (SQLite is one; tests have one whose disk is bad.)
/// </summary>
internal interface IJournal : IDisposable
{
    /// <summary>Everything that was committed, once, at the start.</summary>
    Recovered Load();

    /// <summary>Makes a batch durable, all of it or nothing.</summary>
    /// <exception cref="StoreUnavailableException">It can't now, and nothing of the batch is kept. A later commit may succeed.</exception>
    void Commit(JournalBatch batch);

    /// <summary>Does a small part of what can wait for a quiet moment, such as giving space back.</summary>
    /// <returns>Whether there is more of it.</returns>
    bool Tidy();
}

/// <param name="Changes">In revision order, directly after those of the batch before.</param>
/// <param name="Forgotten">Revisions whose values nobody needs any more.</param>
/// <param name="Compacted">The oldest revision of which history is kept.</param>
internal readonly record struct JournalBatch(IReadOnlyList<Change> Changes, IReadOnlyList<long> Forgotten, long Compacted);

/// <param name="Compacted">The oldest revision of which history was kept.</param>
/// <param name="Rows">
/// In revision order: below <paramref name="Compacted"/> the keys that lived then, from there on every change.
/// </param>
internal sealed record Recovered(long Compacted, IReadOnlyList<JournalRow> Rows)
{
    /// <summary>The first revision that should be there and isn't: history has no gaps. Null when all is well.</summary>
    public long? Missing()
    {
        var expected = Rows.Count > 0 && Rows[0].Entry.Modified > 1 && Compacted == 1 ? 2 : Compacted; // revision 1 is the empty store
        foreach (var row in Rows)
        {
            if (row.Entry.Modified < expected) continue;
            if (row.Entry.Modified != expected++) return expected - 1;
        }

        return expected == Compacted ? expected : null;
    }
}

internal readonly record struct JournalRow(Entry Entry, bool Deleted);
