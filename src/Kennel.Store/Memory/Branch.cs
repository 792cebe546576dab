namespace Kennel.Store.Memory;

internal sealed class Branch : Node
{
    private readonly Node[] _children;

    /// <summary>Invariant: no key under child i is below <c>_firsts[i]</c>, and all keys under child i − 1 are (child 0 takes what is below all).</summary>
    private readonly string[] _firsts;

    public Branch(Node[] children) : this(children, Array.ConvertAll(children, static child => child.First))
    {
    }

    private Branch(Node[] children, string[] firsts)
    {
        _children = children;
        _firsts = firsts;
        var count = 0;
        foreach (var child in children) count += child.Count;
        Count = count;
    }

    public override int Count { get; }

    public override int Width => _children.Length;

    public override string First => _children[0].First;

    /// <summary>The only child, if it is alone.</summary>
    public Node? Only => _children.Length == 1 ? _children[0] : null;

    public override Entry? Find(string key) => _children[Child(key)].Find(key);

    public override (Node Left, Node? Right) With(Entry entry)
    {
        var at = Child(entry.Key);
        var (left, right) = _children[at].With(entry);
        if (right is null) return (Replaced(at, 1, left), null);
        var grown = Replaced(at, 1, left, right);
        if (grown.Width <= Max) return (grown, null);
        const int half = Max / 2;
        return (new Branch(grown._children[..half], grown._firsts[..half]), new Branch(grown._children[half..], grown._firsts[half..]));
    }

    public override Node? Without(string key)
    {
        var at = Child(key);
        var child = _children[at].Without(key);
        if (ReferenceEquals(child, _children[at])) return this;
        if (child is null) return _children.Length == 1 ? null : Replaced(at, 1);
        if (child.Width >= Min) return Replaced(at, 1, child);
        if (at > 0 && _children[at - 1].Width + child.Width <= Max) return Replaced(at - 1, 2, _children[at - 1].Join(child));
        if (at + 1 < _children.Length && _children[at + 1].Width + child.Width <= Max) return Replaced(at, 2, child.Join(_children[at + 1]));
        return Replaced(at, 1, child);
    }

    public override int Below(string key)
    {
        var at = Child(key);
        var below = _children[at].Below(key);
        for (var left = 0; left < at; left++) below += _children[left].Count;
        return below;
    }

    public override void Copy(int from, Span<Entry> into)
    {
        foreach (var child in _children)
        {
            if (into.IsEmpty) return;
            if (from < child.Count)
            {
                var taken = Math.Min(child.Count - from, into.Length);
                child.Copy(from, into[..taken]);
                into = into[taken..];
            }

            from = Math.Max(0, from - child.Count);
        }
    }

    public override Node Join(Node right) => new Branch([.. _children, .. ((Branch)right)._children]);

    /// <summary>The child under which the key is, or would be.</summary>
    private int Child(string key)
    {
        int low = 1, high = _firsts.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(_firsts[middle], key) <= 0) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    private Branch Replaced(int at, int count, params ReadOnlySpan<Node> with)
    {
        var children = new Node[_children.Length - count + with.Length];
        var firsts = new string[children.Length];
        _children.AsSpan(0, at).CopyTo(children);
        _firsts.AsSpan(0, at).CopyTo(firsts);
        for (var i = 0; i < with.Length; i++) (children[at + i], firsts[at + i]) = (with[i], with[i].First);
        _children.AsSpan(at + count).CopyTo(children.AsSpan(at + with.Length));
        _firsts.AsSpan(at + count).CopyTo(firsts.AsSpan(at + with.Length));
        return new Branch(children, firsts);
    }
}
