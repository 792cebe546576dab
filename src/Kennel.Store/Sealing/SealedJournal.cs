using Kennel.Store.Journal;

namespace Kennel.Store.Sealing;

/// <summary>Seals what goes into a journal and opens what comes out of it; the index in memory holds the values as they are.</summary>
internal sealed class SealedJournal(IJournal journal, Seal seal) : IJournal
{
    public Recovered Load()
    {
        var recovered = journal.Load();
        return recovered with { Rows = [.. recovered.Rows.Select(r => seal.Covers(r.Entry.Key) ? r with { Entry = r.Entry with { Value = seal.Unseal(r.Entry.Key, r.Entry.Value) } } : r)] };
    }

    public void Commit(JournalBatch batch) => journal.Commit(Sealed(batch));

    public bool Tidy() => journal.Tidy();

    public void Dispose()
    {
        journal.Dispose();
        seal.Dispose();
    }

    /// <summary>Most batches have nothing to seal: they stay as they are.</summary>
    JournalBatch Sealed(JournalBatch batch)
    {
        Change[]? changes = null;
        for (var i = 0; i < batch.Changes.Count; i++)
        {
            var change = batch.Changes[i];
            if (!seal.Covers(change.Entry.Key)) continue;
            changes ??= [.. batch.Changes];
            changes[i] = change with { Entry = change.Entry with { Value = seal.Close(change.Entry.Key, change.Entry.Value.Span) } };
        }
        return changes is null ? batch : batch with { Changes = changes };
    }
}
