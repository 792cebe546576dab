using Kennel.Store.Journal;

namespace Kennel.Store.Tests.Faults;

/// <summary>A journal whose disk fails when it is told to.</summary>
internal sealed class FaultyJournal(IJournal inner) : IJournal
{
    private int _commits;

    /// <summary>Whether the commit with this number (from 1) fails.</summary>
    public Func<int, bool> Fails { get; set; } = _ => false;

    /// <summary>Called after each commit, before anybody hears of it: the moment a crash would be.</summary>
    public Action<JournalBatch> Committed { get; set; } = _ => { };

    public Recovered Load() => inner.Load();

    public void Commit(JournalBatch batch)
    {
        if (Fails(++_commits)) throw new StoreUnavailableException("the disk is bad, as the test wants it");
        inner.Commit(batch);
        Committed(batch);
    }

    public bool Tidy() => inner.Tidy();

    public void Dispose() => inner.Dispose();
}
