using Kennel.Objects.Quantities;

namespace Kennel.Controllers.Volumes.Matching;

/// <summary>Things by size, then by name.</summary>
sealed class Sizes<T>
{
    readonly SortedSet<(Quantity Size, string Name)> _order = new(Comparer<(Quantity Size, string Name)>.Create((a, b) =>
        a.Size.CompareTo(b.Size) is var size and not 0 ? size : string.CompareOrdinal(a.Name, b.Name)));
    readonly Dictionary<string, T> _things = new(StringComparer.Ordinal);

    public int Count => _order.Count;

    public void Add(Quantity size, string name, T thing)
    {
        _order.Add((size, name));
        _things[name] = thing;
    }

    public void Remove(Quantity size, string name)
    {
        _order.Remove((size, name));
        _things.Remove(name);
    }

    /// <summary>Those of at least this size, smallest first.</summary>
    public IEnumerable<T> From(Quantity least)
    {
        if (_order.Count == 0 || _order.Max.Size < least) yield break;
        foreach (var (_, name) in _order.GetViewBetween((least, ""), _order.Max)) yield return _things[name];
    }

    /// <summary>Those of at most this size, largest first.</summary>
    public IEnumerable<T> UpTo(Quantity most)
    {
        if (_order.Count == 0 || _order.Min.Size > most) yield break;
        foreach (var (_, name) in _order.GetViewBetween(_order.Min, (most, char.MaxValue.ToString())).Reverse()) yield return _things[name];
    }
}
