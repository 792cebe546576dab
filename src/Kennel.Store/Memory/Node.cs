namespace Kennel.Store.Memory;

/// <summary>A node of <see cref="Tree"/>. Invariant: never changed after it was made; all leaves are equally deep.</summary>
internal abstract class Node
{
    /// <summary>Slots a node: 32 keeps the copy on a write small (a few hundred bytes a level) and 100 000 keys four levels deep.</summary>
    public const int Max = 32;

    /// <summary>How full recovery packs nodes, so that the first writes don't split each of them.</summary>
    public const int Packed = 24;

    /// <summary>Below this a node is joined with a neighbour that has room.</summary>
    public const int Min = Max / 4;

    /// <summary>Entries in and under this node.</summary>
    public abstract int Count { get; }

    /// <summary>Slots in use.</summary>
    public abstract int Width { get; }

    /// <summary>The lowest key.</summary>
    public abstract string First { get; }

    public abstract Entry? Find(string key);

    /// <summary>One node, or two when it had to be split.</summary>
    public abstract (Node Left, Node? Right) With(Entry entry);

    /// <summary>Null when nothing is left; itself when the key isn't there.</summary>
    public abstract Node? Without(string key);

    public abstract int Below(string key);

    public abstract void Copy(int from, Span<Entry> into);

    /// <summary>This node and the one right of it as one.</summary>
    public abstract Node Join(Node right);
}
