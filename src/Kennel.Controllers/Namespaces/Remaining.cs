using Kennel.Objects;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Namespaces;

/// <summary>What a look into a namespace has found: what is left in it, what holds it, and what could not be done.</summary>
public sealed class Remaining
{
    readonly SortedDictionary<string, long> _content = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, long> _held = new(StringComparer.Ordinal);
    readonly SortedSet<string> _failures = new(StringComparer.Ordinal);

    public bool IsEmpty => _content.Count == 0 && _failures.Count == 0;

    /// <summary>Upstream's words, <c>pods. has 2 resource instances</c>; null when nothing is left.</summary>
    public string? Content => Sentence(_content, " has ");

    /// <summary>Upstream's words, <c>example.com/hold in 1 resource instances</c>; null when no finalizer holds anything.</summary>
    public string? Held => Sentence(_held, " in ");

    public IReadOnlyCollection<string> Failures => _failures;

    /// <param name="found">The objects that were looked at, of <paramref name="count"/> in all.</param>
    public void Add(ResourceId kind, long count, IEnumerable<ObjectMeta> found)
    {
        _content[$"{kind.Plural}.{kind.Group}"] = count;
        foreach (var meta in found)
            foreach (var finalizer in meta.Finalizers) _held[finalizer] = _held.GetValueOrDefault(finalizer) + 1;
    }

    public void Fail(string why) => _failures.Add(why);

    static string? Sentence(SortedDictionary<string, long> counts, string between) =>
        counts.Count == 0 ? null : string.Join(", ", counts.Select(c => $"{c.Key}{between}{c.Value} resource instances"));
}
