namespace Kennel.Store.Memory;

internal sealed class Leaf(Entry[] entries) : Node
{
    public static readonly Leaf Empty = new([]);

    private readonly Entry[] _entries = entries;

    public override int Count => _entries.Length;

    public override int Width => _entries.Length;

    public override string First => _entries[0].Key;

    public override Entry? Find(string key)
    {
        var at = Below(key);
        return At(at, key) ? _entries[at] : null;
    }

    public override (Node Left, Node? Right) With(Entry entry)
    {
        var at = Below(entry.Key);
        if (At(at, entry.Key))
        {
            var replaced = (Entry[])_entries.Clone();
            replaced[at] = entry;
            return (new Leaf(replaced), null);
        }

        Entry[] grown = [.. _entries.AsSpan(0, at), entry, .. _entries.AsSpan(at)];
        return grown.Length <= Max ? (new Leaf(grown), null) : (new Leaf(grown[..(Max / 2)]), new Leaf(grown[(Max / 2)..]));
    }

    public override Node? Without(string key)
    {
        var at = Below(key);
        if (!At(at, key)) return this;
        return _entries.Length == 1 ? null : new Leaf([.. _entries.AsSpan(0, at), .. _entries.AsSpan(at + 1)]);
    }

    public override int Below(string key)
    {
        int low = 0, high = _entries.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(_entries[middle].Key, key) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    public override void Copy(int from, Span<Entry> into) => _entries.AsSpan(from, into.Length).CopyTo(into);

    public override Node Join(Node right) => new Leaf([.. _entries, .. ((Leaf)right)._entries]);

    private bool At(int at, string key) => at < _entries.Length && string.Equals(_entries[at].Key, key, StringComparison.Ordinal);
}
