using System.Collections.Immutable;
using Kennel.Objects;

namespace Kennel.Client.Caching;

/// <summary>One index: the objects that each value finds, in key order. A change makes a new table that shares most of the old one.</summary>
sealed class Table<T>(Func<T, IEnumerable<string>> keys) where T : class, IObject<T>
{
    ImmutableSortedDictionary<string, ImmutableSortedDictionary<ObjectKey, T>> _rows =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<ObjectKey, T>>(StringComparer.Ordinal);

    public Table<T> Change(ObjectKey key, T? old, T? now)
    {
        var rows = _rows;
        if (old is not null) foreach (var value in keys(old)) rows = Without(rows, value, key);
        if (now is not null) foreach (var value in keys(now)) rows = rows.SetItem(value, (rows.GetValueOrDefault(value) ?? Row).SetItem(key, now));
        return ReferenceEquals(rows, _rows) ? this : new(keys) { _rows = rows };
    }

    public Table<T> Fill(IEnumerable<T> all)
    {
        var rows = new SortedDictionary<string, ImmutableSortedDictionary<ObjectKey, T>.Builder>(StringComparer.Ordinal);
        foreach (var item in all)
            foreach (var value in keys(item))
            {
                if (!rows.TryGetValue(value, out var row)) rows[value] = row = Row.ToBuilder();
                row[ObjectKey.Of(item)] = item;
            }
        return new(keys) { _rows = rows.ToImmutableSortedDictionary(r => r.Key, r => r.Value.ToImmutable(), StringComparer.Ordinal) };
    }

    public IEnumerable<T> Find(string value) => _rows.TryGetValue(value, out var row) ? row.Values : [];

    static readonly ImmutableSortedDictionary<ObjectKey, T> Row = ImmutableSortedDictionary<ObjectKey, T>.Empty;

    static ImmutableSortedDictionary<string, ImmutableSortedDictionary<ObjectKey, T>> Without(
        ImmutableSortedDictionary<string, ImmutableSortedDictionary<ObjectKey, T>> rows, string value, ObjectKey key)
    {
        if (!rows.TryGetValue(value, out var row)) return rows;
        row = row.Remove(key);
        return row.IsEmpty ? rows.Remove(value) : rows.SetItem(value, row);
    }
}
