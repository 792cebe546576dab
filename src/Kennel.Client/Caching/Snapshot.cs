using System.Collections.Immutable;
using Kennel.Objects;

namespace Kennel.Client.Caching;

/// <summary>Everything that a cache holds at one revision. Readers take the reference once and see one moment.</summary>
/// <param name="Spaces">Namespace → name → object, both in ordinal order: walking it is walking in key order.</param>
/// <param name="Tables">The indexes by name.</param>
sealed record Snapshot<T>(
    ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, T>> Spaces,
    ImmutableSortedDictionary<string, Table<T>> Tables,
    long Revision,
    bool Synced) where T : class, IObject<T>
{
    public const string Controllers = "controller uid";
    public const string Orphans = "orphans";

    public static readonly Snapshot<T> Empty = new(
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, T>>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, Table<T>>(StringComparer.Ordinal)
            .Add(Controllers, new(o => [o.Metadata.ControllerUid() ?? ""]))
            .Add(Orphans, new(o => o.Metadata.ControllerUid() is null ? [o.Metadata.Namespace ?? ""] : [])),
        0, false);

    public T? Get(ObjectKey key) => Spaces.TryGetValue(key.Namespace, out var space) ? space.GetValueOrDefault(key.Name) : null;

    public IEnumerable<T> All() => Spaces.Values.SelectMany(s => s.Values);

    public Snapshot<T> Change(ObjectKey key, T? old, T? now, long revision)
    {
        var space = Spaces.GetValueOrDefault(key.Namespace) ?? NoNames;
        space = now is null ? space.Remove(key.Name) : space.SetItem(key.Name, now);
        var tables = Tables;
        foreach (var (name, table) in Tables) tables = tables.SetItem(name, table.Change(key, old, now));
        return this with { Spaces = space.IsEmpty ? Spaces.Remove(key.Namespace) : Spaces.SetItem(key.Namespace, space), Tables = tables, Revision = revision };
    }

    public Snapshot<T> Fill(IReadOnlyList<T> all, long revision) => new(
        all.GroupBy(o => o.Metadata.Namespace ?? "", StringComparer.Ordinal).ToImmutableSortedDictionary(
            g => g.Key,
            g => g.ToImmutableSortedDictionary(o => o.Metadata.Name ?? "", o => o, StringComparer.Ordinal),
            StringComparer.Ordinal),
        Tables.ToImmutableSortedDictionary(t => t.Key, t => t.Value.Fill(all), StringComparer.Ordinal),
        revision, true);

    public Snapshot<T> With(string index, Func<T, IEnumerable<string>> keys) =>
        Tables.ContainsKey(index) ? this : this with { Tables = Tables.Add(index, new Table<T>(keys).Fill(All())) };

    static readonly ImmutableSortedDictionary<string, T> NoNames = ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);
}
