namespace Kennel.Store.Memory;

/// <summary>
/// A map in ordinal key order that never changes: a write makes a new map, which shares everything but the path to one leaf with the old one.
/// So a snapshot is a reference, readers need no lock, and a list is a copy of array slices.
/// </summary>
internal sealed class Tree
{
    public static readonly Tree Empty = new(Leaf.Empty);

    private readonly Node _root;

    private Tree(Node root) => _root = root;

    public int Count => _root.Count;

    /// <summary>Builds the tree from entries that are in key order already: linear, for recovery.</summary>
    public static Tree Of(ReadOnlySpan<Entry> sorted)
    {
        if (sorted.IsEmpty) return Empty;
        var level = new List<Node>(sorted.Length / Node.Packed + 1);
        for (var at = 0; at < sorted.Length; at += Node.Packed)
            level.Add(new Leaf(sorted.Slice(at, Math.Min(Node.Packed, sorted.Length - at)).ToArray()));
        while (level.Count > 1)
            level = [.. level.Chunk(Node.Packed).Select(children => (Node)new Branch(children))];
        return new Tree(level[0]);
    }

    public Entry? Find(string key) => _root.Find(key);

    /// <summary>With the entry added, or put in the place of the one with its key.</summary>
    public Tree With(Entry entry)
    {
        var (left, right) = _root.With(entry);
        return new Tree(right is null ? left : new Branch([left, right]));
    }

    public Tree Without(string key)
    {
        var root = _root.Without(key);
        if (root is null) return Empty;
        return new Tree(root is Branch { Only: { } child } ? child : root);
    }

    /// <summary>How many keys are below this one: where it stands, or would stand.</summary>
    public int Below(string key) => _root.Below(key);

    /// <summary>Copies the entries that stand at <paramref name="from"/> and after it, as many as there is room for.</summary>
    public void Copy(int from, Span<Entry> into) => _root.Copy(from, into);

    /// <summary>The positions, from and to, of the keys that start with a prefix.</summary>
    public (int From, int To) Span(string prefix) =>
        (prefix.Length == 0 ? 0 : Below(prefix), AfterAll(prefix) is { } end ? Below(end) : Count);

    /// <summary>The lowest string above everything that starts with the prefix; null when there is none.</summary>
    private static string? AfterAll(string prefix)
    {
        var last = prefix.AsSpan().TrimEnd(char.MaxValue).Length - 1;
        return last < 0 ? null : string.Concat(prefix.AsSpan(0, last), [(char)(prefix[last] + 1)]);
    }
}
