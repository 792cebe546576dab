namespace Kennel.Store.Memory;

/// <summary>
/// The changes that are kept, by revision. A view: it never changes, but segments are shared between views, and the one writer fills
/// the last segment further. Invariant: a reader looks only at revisions up to the one that was published with its view.
/// </summary>
internal sealed class History
{
    public static readonly History Empty = new([]);

    private readonly Segment[] _segments;

    private History(Segment[] segments)
    {
        _segments = segments;
        foreach (var segment in segments) Weight += segment.Weight;
    }

    /// <summary>Bytes that the closed segments keep alive, about.</summary>
    public long Weight { get; }

    /// <summary>The change, or null when there is none with this revision.</summary>
    public Change? Find(long revision) => _segments.Length == 0 ? null : Of(revision)[revision];

    /// <summary>This history and one more change, whose revision is the next one.</summary>
    /// <param name="before">The keys as they were before the change.</param>
    public History With(Change change, Tree before)
    {
        var revision = change.Entry.Modified;
        var number = Segment.Number(revision);
        var last = _segments.Length == 0 ? null : _segments[^1];
        if (last?.FirstNumber == number)
        {
            last[revision] = change;
            return this;
        }

        var next = new Segment(number, before) { [revision] = change };
        return new History([.. _segments, next]);
    }

    /// <summary>Without the segments that have only changes below a revision.</summary>
    public History Without(long below)
    {
        var gone = 0;
        while (gone < _segments.Length - 1 && _segments[gone + 1].FirstRevision <= below) gone++;
        return gone == 0 ? this : new History(_segments[gone..]);
    }

    /// <summary>The revision from which on the closed segments weigh no more than this.</summary>
    public long Lighter(long weight)
    {
        var excess = Weight - weight;
        foreach (var segment in _segments)
        {
            if (excess <= 0 || segment == _segments[^1]) return segment.FirstRevision;
            excess -= segment.Weight;
        }

        return 0;
    }

    /// <summary>The keys as they were at a revision: from the segment's snapshot, then its changes again.</summary>
    public Tree At(long revision)
    {
        var segment = Of(revision);
        var tree = segment.Before;
        for (var at = segment.FirstRevision; at <= revision; at++)
            if (segment[at] is { } change) tree = State.Applied(tree, change);
        return tree;
    }

    private Segment Of(long revision) => _segments[Segment.Number(revision) - _segments[0].FirstNumber];
}
