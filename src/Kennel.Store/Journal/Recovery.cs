using System.Runtime.InteropServices;
using Kennel.Store.Memory;

namespace Kennel.Store.Journal;

/// <summary>What the journal kept, as a state again.</summary>
internal static class Recovery
{
    public static State State(Recovered recovered)
    {
        var rows = recovered.Rows;
        var kept = Kept(recovered);
        var state = Base(rows, kept, recovered.Compacted);
        for (var at = kept; at < rows.Count; at++) state = state.With(Change(rows[at], state));
        return state;
    }

    /// <summary>Where history begins among the rows.</summary>
    private static int Kept(Recovered recovered)
    {
        int low = 0, high = recovered.Rows.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (recovered.Rows[middle].Entry.Modified < recovered.Compacted) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static State Base(IReadOnlyList<JournalRow> rows, int count, long compacted)
    {
        var living = new List<Entry>(count);
        for (var at = 0; at < count; at++) living.Add(rows[at].Entry);
        living.Sort(static (one, other) => string.CompareOrdinal(one.Key, other.Key));
        var keys = Tree.Of(CollectionsMarshal.AsSpan(living));
        return new State(keys, Math.Max(1, compacted - 1), compacted, History.Empty);
    }

    private static Change Change(JournalRow row, State state)
    {
        var previous = state.Keys.Find(row.Entry.Key);
        var entry = previous is null ? row.Entry : row.Entry with { Key = previous.Key };
        var kind = row.Deleted ? ChangeKind.Deleted : previous is null ? ChangeKind.Created : ChangeKind.Updated;
        return new Change(kind, entry, previous);
    }
}
