namespace Kennel.Store.Memory;

/// <summary>A run of neighbouring changes, and the keys as they were before the first of them.</summary>
internal sealed class Segment(long number, Tree before)
{
    /// <summary>
    /// Changes a segment. A snapshot of an old revision replays at most so many changes (some 100 µs), and compaction frees memory in
    /// portions of it.
    /// </summary>
    private const int Size = 64;

    /// <summary>What a change keeps alive besides its value: two records, an array slot, a share of tree nodes.</summary>
    private const int Overhead = 512;

    private readonly Change?[] _changes = new Change?[Size];

    public long FirstNumber => number;

    public long FirstRevision => number * Size;

    public Tree Before => before;

    /// <summary>Only the writer adds to it; views take it when the segment is closed.</summary>
    public long Weight { get; private set; }

    public Change? this[long revision]
    {
        get => _changes[revision % Size];
        set
        {
            _changes[revision % Size] = value;
            Weight += Overhead + (value?.Entry.Value.Length ?? 0);
        }
    }

    public static long Number(long revision) => revision / Size;
}
